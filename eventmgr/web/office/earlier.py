"""People of an earlier conference: choose the conference, look, pick, take over."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right, rights_of
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.services import conferences, earlier
from eventmgr.web.access import needs
from eventmgr.web.forms import chosen_row, number_or_none, options, row_number
from eventmgr.web.office.invitee_parts import group_choices, pager_of

blueprint = Blueprint("earlier", __name__, url_prefix="/office/<slug>/delegates/earlier")


@blueprint.get("")
@needs(Right.EDIT_DELEGATES)
def index(slug: str) -> ResponseReturnValue:
    known = conferences.all_conferences() if g.who.is_administrator else conferences.of_ids(list(g.who.roles))
    found = [one for one in known if one.id != g.conference.id and _may(Right.SEE_DELEGATES, one.id)]
    counts = earlier.named_counts([one.id for one in found])
    return render_template("office/earlier.html", rows=[(one, counts.get(one.id, 0)) for one in found])


@blueprint.get("/<source>")
@needs(Right.EDIT_DELEGATES)
def people(slug: str, source: str) -> ResponseReturnValue:
    return _page(source)


@blueprint.post("/<source>")
@needs(Right.EDIT_DELEGATES)
def take(slug: str, source: str) -> ResponseReturnValue:
    found = _source(source)
    ids = None if request.form.get("all") == "1" else request.form.getlist("delegate", type=row_number)
    groups = {
        int(name.removeprefix("group-")): number_or_none(value)
        for name, value in request.form.items() if name.startswith("group-") and name[6:].isdecimal() and len(name) < 16
    }  # fmt: skip
    try:
        taken = earlier.take_over(
            g.conference.id, found.id, ids, groups, g.who.account_id, with_contacts=_may(Right.EDIT_DELEGATES, found.id),
            query=request.form.get("q", "")[:200], group_id=chosen_row(request.form, "of"),
        )
    except Invalid as problem:
        return _page(source, problem.sentence), 422
    words = [f"thêm {taken.added} đại biểu"] if taken.added else []
    words += [f"điền tên cho {taken.named} vị trí đã mời"] if taken.named else []
    flash(f"Đã {' và '.join(words)}." if words else "Không thêm ai.", "ok" if words else "warn")
    if taken.known:
        more = "" if len(taken.known) <= 8 else f" và {len(taken.known) - 8} người nữa"
        flash(f"Bỏ qua {len(taken.known)} người đã có trong danh sách: {', '.join(taken.known[:8])}{more}.", "info")
    return redirect(url_for("delegates.index", slug=slug))


def _source(source: str) -> Any:
    """The conference to take from; one that this person may not see is not there."""
    missing = NotFound("Không có hội nghị này trong các hội nghị của tài khoản.")
    try:
        found = conferences.by_slug(source)
    except NotFound:
        raise missing from None
    if found.id == g.conference.id or not _may(Right.SEE_DELEGATES, found.id):
        raise missing
    return found


def _may(right: Right, conference_id: int) -> bool:
    return right in rights_of(g.who.roles_in(conference_id))


def _page(source: str, problem: str | None = None) -> str:
    found, asked = _source(source), request.values
    query, group_id = asked.get("q", "")[:200], chosen_row(asked, "of")
    page = earlier.earlier_page(g.conference.id, found.id, query, group_id, number_or_none(asked.get("page")) or 1)

    def address(number: int) -> str:
        return url_for("earlier.people", slug=g.conference.slug, source=source, q=query or None, of=group_id, page=number)

    shown = {row.delegate.group_id for row in page.rows}
    return render_template(
        "office/earlier_people.html", source=found, page=page, q=query, of=str(group_id or ""), problem=problem,
        of_groups=options(("", "Tất cả các nhóm"), *((one.id, one.short_label or one.label) for one in page.groups)),
        mapped=[(one, page.guesses[one.id]) for one in page.groups if one.id in shown], targets=group_choices("Chọn nhóm"),
        ticked=set(request.form.getlist("delegate")), with_contacts=_may(Right.EDIT_DELEGATES, found.id),
        pager_of_page=pager_of(page, address),
    )
