"""Delegates: search, order, edit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import companions as company
from eventmgr.services import delegate_lists, delegates
from eventmgr.services.delegates import Known
from eventmgr.services.paging import PAGE
from eventmgr.web.access import may, needs
from eventmgr.web.forms import number_or_none, put_problem
from eventmgr.web.office.delegate_forms import FIELDS, CompanionForm, DelegateForm
from eventmgr.web.office.invitee_parts import group_choices, pager_of, tabs

blueprint = Blueprint("delegates", __name__, url_prefix="/office/<slug>/delegates")

ORDERS = [("precedence", "Thứ tự giới thiệu"), ("given", "Tên (A–Z)"), ("plan", "Thứ tự trong Kế hoạch")]
REPLIES = [
    ("", "Tất cả"),
    ("comes", "Sẽ dự"),
    ("substitute", "Cử người thay"),
    ("absent", "Báo vắng"),
    ("silent", "Chưa trả lời"),
    ("unnamed", "Chưa có tên"),
]

LETTERS = {
    "invited": "Người được mời, không kể người đi cùng", "issued": "Đã phát hành giấy mời", "delivered": "Giấy mời đã gửi", "opened": "Đã mở xem giấy mời",
}  # fmt: skip


@blueprint.get("")
@needs(Right.SEE_DELEGATES)
def index(slug: str) -> ResponseReturnValue:
    arranging = request.args.get("arrange") == "1" and may(Right.EDIT_DELEGATES)
    asked = {name: request.args.get(name, "") for name in ("q", "group", "body", "reply", "order", "letter")}
    if arranging:
        asked = dict.fromkeys(asked, "")
    page = delegate_lists.delegate_page(
        g.conference.id,
        asked["q"][:200],
        number_or_none(asked["group"]),
        number_or_none(asked["body"]),
        asked["reply"],
        asked["order"],
        number_or_none(request.args.get("page")) or 1,
        asked["letter"],
    )

    def address(**changed: Any) -> str:
        wanted = {**asked, "arrange": "1" if arranging else None, **changed}
        return url_for("delegates.index", slug=slug, **{name: value or None for name, value in wanted.items()})

    chips = [
        (word, address(reply=value), asked["reply"] == value, (page.counts or {})[value or "all"])
        for value, word in REPLIES
    ]
    return render_template(
        "office/delegates.html",
        page=page,
        asked=asked,
        arranging=arranging,
        orders=ORDERS,
        chips_of_replies=chips,
        tabs_of_invitees=tabs("delegates.index"),
        groups=group_choices("Tất cả các nhóm"),
        is_narrowed=any(asked[name] for name in ("q", "group", "body", "reply", "letter")),
        letter_filter=LETTERS.get(asked["letter"]), without_letter=address(letter=""),
        pager_of_page=pager_of(page, lambda number: address(page=number)),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.EDIT_DELEGATES)
def new(slug: str) -> ResponseReturnValue:
    form = DelegateForm(
        group_id=number_or_none(request.args.get("group")), body_id=number_or_none(request.args.get("body"))
    )
    form.fill_choices()
    if form.validate_on_submit():
        try:
            saved = delegates.add_delegate(g.conference.id, form.facts(is_new=True), g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash(f"Đã thêm {saved.delegate.shown_name}.", "ok")
            _flash_doubts(saved.doubts)
            if request.form.get("again"):
                return redirect(url_for("delegates.new", slug=slug, group=form.group_id.data, body=form.body_id.data))
            return redirect(url_for("delegates.page", slug=slug, delegate_id=saved.delegate.id))
    return render_template("office/delegate_new.html", form=form), 422 if request.method == "POST" else 200


@blueprint.get("/<int:delegate_id>")
@needs(Right.SEE_DELEGATES)
def page(slug: str, delegate_id: int) -> ResponseReturnValue:
    known = delegates.known_of(g.conference.id, delegate_id)
    form = None
    if may(Right.EDIT_DELEGATES) and known.delegate.removed_at is None:
        form = DelegateForm(obj=known.delegate)
        form.fill_choices(known)
    return _page(known, form)


@blueprint.post("/<int:delegate_id>")
@needs(Right.EDIT_DELEGATES)
def edit(slug: str, delegate_id: int) -> ResponseReturnValue:
    known = delegates.known_of(g.conference.id, delegate_id)
    form = DelegateForm()
    form.fill_choices(known)
    status = 422
    if form.validate():
        try:
            saved = delegates.edit_delegate(
                g.conference.id, delegate_id, form.facts(), g.who.account_id, form.seen_version()
            )
        except Invalid as problem:
            put_problem(form, problem)
        except Conflict as problem:
            return _conflict(delegate_id, form, problem)
        else:
            flash(f"Đã lưu {saved.delegate.shown_name}.", "ok")
            _flash_doubts(saved.doubts)
            return redirect(url_for("delegates.page", slug=slug, delegate_id=delegate_id))
    return _page(known, form), status


@blueprint.route("/<int:delegate_id>/companions", methods=["GET", "POST"])
@needs(Right.EDIT_DELEGATES)
def companions(slug: str, delegate_id: int) -> ResponseReturnValue:
    delegate = delegates.get_delegate(g.conference.id, delegate_id)
    form = CompanionForm()
    status = 200
    if request.method == "GET":
        form.posts.data, form.address_form.data = ["Lái xe"], delegate.group.address_form
    elif form.validate():
        try:
            made = company.add_companion(g.conference.id, delegate_id, form.facts(), g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
            status = 422
        else:
            flash(f"Đã thêm {made.full_name} đi cùng {delegate.shown_name}.", "ok")
            return redirect(url_for("delegates.page", slug=slug, delegate_id=delegate_id, _anchor="company"))
    else:
        status = 422
    return render_template("office/companion.html", form=form, delegate=delegate), status


@blueprint.post("/<int:delegate_id>/removal")
@needs(Right.EDIT_DELEGATES)
def remove(slug: str, delegate_id: int) -> ResponseReturnValue:
    try:
        delegates.remove_delegate(g.conference.id, delegate_id, g.who.account_id)
    except Conflict as problem:
        flash(problem.sentence, "stop")
        return redirect(url_for("delegates.page", slug=slug, delegate_id=delegate_id))
    flash("Đã bỏ khỏi danh sách. Vẫn có thể đưa trở lại ở trang này.", "ok")
    return redirect(url_for("delegates.page", slug=slug, delegate_id=delegate_id))


@blueprint.post("/<int:delegate_id>/restoration")
@needs(Right.EDIT_DELEGATES)
def restore(slug: str, delegate_id: int) -> ResponseReturnValue:
    delegates.restore_delegate(g.conference.id, delegate_id, g.who.account_id)
    flash("Đã đưa trở lại danh sách.", "ok")
    return redirect(url_for("delegates.page", slug=slug, delegate_id=delegate_id))


@blueprint.post("/<int:delegate_id>/place")
@needs(Right.EDIT_DELEGATES)
def place(slug: str, delegate_id: int) -> ResponseReturnValue:
    step, to = request.form.get("step", ""), number_or_none(request.form.get("to"))
    if request.form.get("by_rank"):
        delegate_lists.by_rank(g.conference.id, delegate_id, g.who.account_id)
        flash("Đã xếp lại theo thứ bậc.", "ok")
        return redirect(url_for("delegates.page", slug=slug, delegate_id=delegate_id))
    if to is None and step not in {"-1", "1"}:
        raise Invalid("Nhập thứ tự là một số từ 1.")
    at = delegate_lists.move(g.conference.id, delegate_id, g.who.account_id, to=to, step=int(step) if to is None else 0)
    flash(f"Đã xếp ở thứ {at}.", "ok")
    number = (at - 1) // PAGE + 1
    return redirect(
        url_for(
            "delegates.index",
            slug=slug,
            arrange=1,
            page=number if number > 1 else None,
            _anchor=f"delegate-{delegate_id}",
        )
    )


def _conflict(delegate_id: int, form: DelegateForm, problem: Conflict) -> ResponseReturnValue:
    """The form as typed beside what somebody else saved; saving once more is then done with open eyes."""
    known = delegates.known_of(g.conference.id, delegate_id)
    form.form_errors.append(problem.sentence)
    stored = DelegateForm(formdata=None, obj=known.delegate)
    stored.fill_choices(known)
    differ = [(form[name].label.text, _shown(stored[name])) for name in FIELDS if form[name].data != stored[name].data]
    form.version.data = str(known.delegate.version)
    return _page(known, form, differ), 409


def _shown(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        chosen = [label for _, label, selected, _ in field.iter_choices() if selected]
        return chosen[0] if chosen else "–"
    if isinstance(field.data, bool):
        return "có" if field.data else "không"
    return "; ".join(field.data) if isinstance(field.data, list) else field.data or "–"


def _page(known: Known, form: DelegateForm | None, differ: list[tuple[str, str]] | None = None) -> str:
    letters = "invitations.page" in current_app.view_functions and may(Right.SEE_INVITATIONS)
    row = delegate_lists.DelegateRow(known.delegate, known.invitation, known.reply, known.admission)
    return render_template(
        "office/delegate.html", known=known, row=row, form=form, differ=differ, with_letters=letters, company=company.company_of(known.delegate),
    )


def _flash_doubts(doubts: list[str]) -> None:
    for sentence in doubts:
        flash(sentence, "warn")
