"""The journal in words: of one conference for its office, of the whole copy for the administrator."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from eventmgr.domain.access import Right
from eventmgr.services import journal_pages
from eventmgr.services.journal_pages import SYSTEM, Asked
from eventmgr.web.access import needs
from eventmgr.web.forms import DayField, number_or_none, options, text_filter
from eventmgr.web.office.invitee_parts import pager_of

blueprint = Blueprint("journal", __name__, url_prefix="/office")


class FilterForm(FlaskForm):
    class Meta:
        csrf = False  # only reads

    q = StringField("Có chữ", filters=[text_filter])
    kind = SelectField("Loại việc", validate_choice=False)
    who = SelectField("Người làm", validate_choice=False)
    since = DayField("Từ ngày")
    until = DayField("Đến ngày")


@blueprint.get("/<slug>/journal")
@needs(Right.SEE_JOURNAL)
def page(slug: str) -> ResponseReturnValue:
    return _page(g.conference.id, "journal.page", slug=slug)


@blueprint.get("/journal")
@needs(Right.ADMINISTER)
def whole() -> ResponseReturnValue:
    return _page(None, "journal.whole")


def _page(conference_id: int | None, endpoint: str, **where: Any) -> ResponseReturnValue:
    form = FilterForm(request.args)
    form.kind.choices = options(("", "Mọi loại việc"), *((word, word) for word in journal_pages.families()))
    known = ((number, name) for number, name in journal_pages.writers(conference_id))
    form.who.choices = options(("", "Mọi người"), (SYSTEM, "Hệ thống, đại biểu, máy quét"), *known)
    good = form.validate()
    subject, subject_id = request.args.get("subject", "")[:40], number_or_none(request.args.get("subject_id"))
    asked = Asked(
        (form.q.data or "")[:200], form.kind.data or "", form.who.data or "", form.since.data if good else None,
        form.until.data if good else None, subject, subject_id,
    )  # fmt: skip
    found = journal_pages.journal_page(conference_id, asked, number_or_none(request.args.get("page")) or 1)

    def address(number: int) -> str:
        kept: dict[str, Any] = {name: value for name, value in request.args.items() if value and name != "page"}
        return url_for(endpoint, **where, **{name: kept[name] for name in ("q", "kind", "who", "since", "until", "subject", "subject_id") if name in kept}, page=number)

    return render_template(
        "office/journal.html", form=form, lines=found.rows, pager_of_page=pager_of(found, address), here=url_for(endpoint, **where),
        is_whole=conference_id is None, is_narrowed=asked != Asked(),
    )  # fmt: skip
