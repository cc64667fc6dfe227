"""Papers of the conference: the list, and one paper with its file, its readers and the moment of its release."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import FileField, SelectField
from wtforms.validators import Optional

from eventmgr.domain.access import Right
from eventmgr.domain.dates import COUNTRY, to_local
from eventmgr.domain.releases import AUDIENCE_LABELS, Release
from eventmgr.services import agenda, papers
from eventmgr.services.papers import ACCEPT, SAID, KeptPaper, PaperFacts, Upload
from eventmgr.web.access import needs
from eventmgr.web.forms import MomentField, attempt, number_or_none, options, text_field

blueprint = Blueprint("papers", __name__, url_prefix="/office/<slug>/papers")

NO_ITEM = 0
FORM_AROUND = 64 * 1024
"""What a form needs beside its file, within the limit of one request."""


class PaperForm(FlaskForm):
    title = text_field("Tên tài liệu", 300, needed=True, area=True)
    owner = text_field("Đơn vị chuẩn bị", 200, needed=True)
    item_id = SelectField("Thuộc mục của chương trình", coerce=int)
    file = FileField("Tệp")
    audience = SelectField("Ai được xem", choices=options(*((one.value, label) for one, label in AUDIENCE_LABELS.items())))
    release = SelectField("Phát hành", choices=options(*((one.value, one.label) for one in Release)))
    release_at = MomentField("Giờ hẹn", [Optional()])


@blueprint.get("")
@needs(Right.SEE_AGENDA)
def index(slug: str) -> ResponseReturnValue:
    kept = papers.kept_papers(g.conference.id)
    return render_template("office/papers.html", kept=kept, items=_items(), audiences=AUDIENCE_LABELS)


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def new(slug: str) -> ResponseReturnValue:
    start = {"owner": g.conference.organiser, "audience": "delegates", "release": "held", "item_id": number_or_none(request.args.get("item")) or NO_ITEM}
    return _edit(None, PaperForm(data=start))


@blueprint.route("/<int:paper_id>", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def page(slug: str, paper_id: int) -> ResponseReturnValue:
    kept = papers.kept_paper(g.conference.id, paper_id)
    file = kept.file
    shown = {
        "title": kept.paper.title, "owner": kept.paper.owner, "audience": kept.paper.audience, "item_id": kept.item_id or NO_ITEM,
        "release": file.release if file else "held",
        "release_at": to_local(file.release_at).replace(tzinfo=None) if file and file.release_at else None,
    }  # fmt: skip
    return _edit(kept, PaperForm(data=shown))


@blueprint.post("/<int:paper_id>/file/removal")
@needs(Right.EDIT_AGENDA)
def remove_file(slug: str, paper_id: int) -> ResponseReturnValue:
    papers.remove_file(g.conference.id, paper_id, g.who.account_id, g.who.display_name)
    flash("Đã bỏ tệp. Không ai tải được nữa.", "ok")
    return redirect(url_for("papers.page", slug=slug, paper_id=paper_id))


@blueprint.post("/<int:paper_id>/removal")
@needs(Right.EDIT_AGENDA)
def remove(slug: str, paper_id: int) -> ResponseReturnValue:
    papers.remove_paper(g.conference.id, paper_id, g.who.account_id, g.who.display_name)
    flash("Đã xóa tài liệu khỏi danh sách.", "ok")
    return redirect(url_for("papers.index", slug=slug))


def _edit(kept: KeptPaper | None, form: PaperForm) -> ResponseReturnValue:
    items = _items()
    form.item_id.choices = options((NO_ITEM, "Không thuộc mục nào"), *((one, f"{number} {title}"[:120]) for one, (number, title) in items.items()))
    code = 200
    if request.method == "POST":
        code, number = attempt(form, lambda: papers.save_paper(
            g.conference.id, kept.paper.id if kept else None, _facts(form), g.who.account_id, upload=_sent_file(), actor=g.who.display_name,
        ))  # fmt: skip
        if code == 302:
            flash("Đã lưu tài liệu.", "ok")
            return redirect(url_for("papers.index", slug=g.conference.slug, _anchor=f"paper-{number}"))
    most = current_app.extensions["eventmgr"].settings.max_upload_bytes // 1024 // 1024
    return render_template("office/paper.html", form=form, kept=kept, accept=ACCEPT, said=SAID, most=most, items=items), code


def _facts(form: PaperForm) -> PaperFacts:
    at: datetime | None = form.release_at.data
    return PaperFacts(
        form.title.data or "", form.owner.data or "", form.audience.data, form.item_id.data or None, form.release.data,
        at.replace(tzinfo=COUNTRY).astimezone(UTC) if at else None,
    )  # fmt: skip


def _sent_file() -> Upload | None:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    return papers.accepted(sent.filename, sent.read(), current_app.extensions["eventmgr"].settings.max_upload_bytes - FORM_AROUND)


def _items() -> dict[int, tuple[str, str]]:
    """Item -> its number and title, in the order of the programme."""
    shown: dict[int, Any] = {}
    for top in agenda.programme(g.conference.id).items:
        for row in (top, *top.subs):
            shown[row.id] = (row.number, row.title)
    return shown
