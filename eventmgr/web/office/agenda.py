"""The programme editor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import NumberRange, Optional

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.script import ScriptField
from eventmgr.domain.text import clean_lines
from eventmgr.services import agenda, agenda_edit, agenda_order, programme_versions, script_papers
from eventmgr.services.script_words import stage_words_of
from eventmgr.web.access import needs
from eventmgr.web.addresses import BIGGEST_ID
from eventmgr.web.downloads import DOCX, file_response, pdf_response
from eventmgr.web.forms import HourField, at_most, number_or_none, options, put_problem, sent_json, text_field

blueprint = Blueprint("agenda", __name__, url_prefix="/office/<slug>/agenda")

NO_BODY = 0


def lines_filter(value: Any) -> Any:
    return clean_lines(value) if isinstance(value, str) else value


class AddForm(FlaskForm):
    title = text_field("Nội dung", 700, needed=True)
    parent_id = HiddenField()


class ItemForm(FlaskForm):
    title = text_field("Nội dung", 700, needed=True, area=True)
    kind = SelectField("Loại", choices=options(*((kind.value, kind.label) for kind in ItemKind)))
    minutes = IntegerField("Số phút dự kiến", [Optional(), NumberRange(1, 600, "Số phút từ 1 đến 600; bỏ trống khi chưa chốt.")])
    fixed_at = HourField("Cố định lúc", [Optional()])
    presenter_kind = SelectField("Ai thực hiện", choices=options(*((kind.value, kind.label) for kind in PresenterKind)))
    body_id = SelectField("Cơ quan, đơn vị", coerce=int)
    presenter = text_field("Ghi trong chương trình", 300)
    script = TextAreaField("Lời dẫn", [Optional(), at_most(20_000)], filters=[lines_filter])
    seen = HiddenField()


@blueprint.get("")
@needs(Right.SEE_AGENDA)
def index(slug: str) -> ResponseReturnValue:
    return _index(None)


@blueprint.post("")
@needs(Right.EDIT_AGENDA)
def add(slug: str) -> ResponseReturnValue:
    form = AddForm()
    parent_id = number_or_none(form.parent_id.data)
    if form.parent_id.data and parent_id is None:
        raise NotFound("Không có mục này trong chương trình.")
    if form.validate():
        try:
            added = agenda_edit.add_item(g.conference.id, parent_id, form.title.data, g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã thêm vào chương trình. Mở mục để điền người thực hiện và số phút.", "ok")
            return redirect(url_for("agenda.index", slug=slug, _anchor=f"item-{added}"))
    return _index(form, parent_id), 422


@blueprint.post("/order")
@needs(Right.EDIT_AGENDA)
def order(slug: str) -> ResponseReturnValue:
    ids, parent_id, seen = _sent_order(sent_json())
    agenda_order.reorder(g.conference.id, parent_id, ids, seen, g.who.account_id)
    shown = agenda.programme(g.conference.id)
    rows = {item.id: item for top in shown.items for item in (top, *top.subs)}
    version = rows[parent_id].order_version if parent_id is not None else shown.order_version
    return {
        "version": version,
        "rows": {str(row.id): {"mark": row.mark, "starts": f"{row.starts:%H:%M}" if row.starts else ""} for row in rows.values()},
    }


@blueprint.post("/<int:item_id>/position")
@needs(Right.EDIT_AGENDA)
def position(slug: str, item_id: int) -> ResponseReturnValue:
    direction = request.form.get("direction", "")
    if not agenda_order.move(g.conference.id, item_id, direction, g.who.account_id):
        flash("Mục đã ở đầu danh sách." if direction == "up" else "Mục đã ở cuối danh sách.", "info")
    return redirect(url_for("agenda.index", slug=slug, _anchor=f"item-{item_id}"))


@blueprint.route("/<int:item_id>", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def item(slug: str, item_id: int) -> ResponseReturnValue:
    held = agenda_edit.item_form(g.conference.id, item_id)
    form = ItemForm(obj=held.facts, data={"seen": held.seen})
    form.body_id.choices = options((NO_BODY, "Không chọn"), *agenda_edit.bodies(g.conference.id))
    if request.method == "GET":
        form.body_id.data = held.facts.body_id or NO_BODY
        if request.args.get("model") and not held.facts.script and (words := stage_words_of(g.conference.id, item_id)):
            form.script.data = words.model
    if form.validate_on_submit():
        try:
            agenda_edit.edit_item(g.conference.id, item_id, _facts(form, held), g.who.account_id, form.seen.data)
        except Invalid as problem:
            put_problem(form, problem)
        except Conflict as problem:
            form.form_errors.append(problem.sentence)
            return _item_page(item_id, held, form), 409
        else:
            flash("Đã lưu mục.", "ok")
            return redirect(url_for("agenda.index", slug=slug, _anchor=f"item-{item_id}"))
    return _item_page(item_id, held, form), 422 if request.method == "POST" else 200


@blueprint.post("/<int:item_id>/presenter")
@needs(Right.EDIT_AGENDA)
def presenter(slug: str, item_id: int) -> ResponseReturnValue:
    agenda_edit.name_presenter(g.conference.id, item_id, number_or_none(request.form.get("delegate_id")), g.who.account_id)
    flash("Đã ghi người trình bày." if request.form.get("delegate_id") else "Đã bỏ chọn người trình bày.", "ok")
    return redirect(url_for("agenda.item", slug=slug, item_id=item_id, _anchor="person"))


@blueprint.post("/<int:item_id>/marks")
@needs(Right.EDIT_AGENDA)
def marks(slug: str, item_id: int) -> ResponseReturnValue:
    agenda_order.set_marks(g.conference.id, item_id, request.form.get("numbered") == "1", g.who.account_id)
    flash("Đã đổi cách ghi tiểu mục.", "ok")
    return redirect(url_for("agenda.item", slug=slug, item_id=item_id))


@blueprint.post("/<int:item_id>/script/removal")
@needs(Right.EDIT_AGENDA)
def drop_script(slug: str, item_id: int) -> ResponseReturnValue:
    agenda_edit.drop_script(g.conference.id, item_id, g.who.account_id)
    flash("Đã dùng lại lời dẫn mẫu.", "ok")
    return redirect(url_for("agenda.item", slug=slug, item_id=item_id, _anchor="script-panel"))


@blueprint.get("/script.pdf")
@needs(Right.SEE_STAGE)
def script_pdf(slug: str) -> ResponseReturnValue:
    return pdf_response(script_papers.script_pdf(g.conference.id), f"kich-ban-{slug}.pdf")


@blueprint.get("/script.docx")
@needs(Right.SEE_STAGE)
def script_docx(slug: str) -> ResponseReturnValue:
    return file_response(script_papers.script_docx(g.conference.id), f"kich-ban-{slug}.docx", DOCX, download=True)


@blueprint.post("/<int:item_id>/removal")
@needs(Right.EDIT_AGENDA)
def remove(slug: str, item_id: int) -> ResponseReturnValue:
    parent_id = agenda_edit.remove_item(g.conference.id, item_id, g.who.account_id)
    flash("Đã bỏ mục khỏi chương trình.", "ok")
    return redirect(url_for("agenda.index", slug=slug, _anchor=f"item-{parent_id}" if parent_id else None))


@blueprint.get("/versions")
@needs(Right.SEE_AGENDA)
def versions(slug: str) -> ResponseReturnValue:
    return render_template(
        "office/agenda_versions.html", versions=programme_versions.versions(g.conference.id),
        publishing=programme_versions.publishing(g.conference.id),
    )


@blueprint.post("/versions")
@needs(Right.EDIT_AGENDA)
def publish(slug: str) -> ResponseReturnValue:
    made = programme_versions.publish(
        g.conference.id, request.form.get("seen", ""), g.who.account_id, g.who.display_name
    )
    flash(f"Đã công bố chương trình, bản {made.number}." if made else "Chương trình này đã được công bố.", "ok")
    return redirect(url_for("agenda.versions", slug=slug))


def _index(form: AddForm | None, parent_id: int | None = None) -> str:
    forms = {parent_id: form} if form is not None else {}
    return render_template(
        "office/agenda.html", programme=agenda.programme(g.conference.id), forms=forms, kinds=PresenterKind,
        publishing=programme_versions.publishing(g.conference.id),
    )


def _item_page(item_id: int, held: agenda_edit.ItemForm, form: ItemForm) -> str:
    shown = agenda.programme(g.conference.id)
    above, here = next((top, row) for top in shown.items for row in (top, *top.subs) if row.id == item_id)
    query = request.args.get("q", "")
    return render_template(
        "office/agenda_item.html", form=form, held=held, item=here, above=above if above is not here else None, q=query,
        candidates=agenda_edit.candidates(g.conference.id, item_id, query) if _may_be_named(held) else [],
        may_be_named=_may_be_named(held), words=stage_words_of(g.conference.id, item_id), script_fields=list(ScriptField),
    )


def _may_be_named(held: agenda_edit.ItemForm) -> bool:
    return held.facts.presenter_kind not in {PresenterKind.EVERYONE, PresenterKind.NOBODY}


def _facts(form: ItemForm, held: agenda_edit.ItemForm) -> agenda_edit.ItemFacts:
    values: dict[str, Any] = {name: form[name].data for name in agenda_edit.ItemFacts.__dataclass_fields__}
    values["body_id"] = values["body_id"] or None
    if held.has_subs:
        # Its page does not ask for them: the minutes are those of the sub-items.
        values["minutes"], values["fixed_at"] = held.facts.minutes, held.facts.fixed_at
    return agenda_edit.ItemFacts(**values)


def _sent_order(sent: Any) -> tuple[list[int], int | None, str]:
    ids = sent.get("order") if isinstance(sent, dict) else None
    parent_id = sent.get("parent") if isinstance(sent, dict) else None
    if (
        not isinstance(ids, list)
        or not all(_is_id(one) for one in ids)
        or not (parent_id is None or _is_id(parent_id))
    ):
        raise Invalid("Thứ tự gửi lên không đọc được.")
    return ids, parent_id, str(sent.get("seen", ""))


def _is_id(one: object) -> bool:
    return type(one) is int and 0 < one <= BIGGEST_ID
