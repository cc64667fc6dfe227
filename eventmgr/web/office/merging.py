"""One person twice on the list: pairs, side by side, one of two."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import merging
from eventmgr.web.access import needs
from eventmgr.web.forms import number_or_none

blueprint = Blueprint("merging", __name__, url_prefix="/office/<slug>/duplicates")


@blueprint.get("")
@needs(Right.EDIT_DELEGATES)
def index(slug: str) -> ResponseReturnValue:
    return render_template("office/duplicates.html", pairs=merging.likely_pairs(g.conference.id))


@blueprint.get("/<int:first>/<int:second>")
@needs(Right.EDIT_DELEGATES)
def page(slug: str, first: int, second: int) -> ResponseReturnValue:
    return _page(first, second)


@blueprint.post("/<int:first>/<int:second>")
@needs(Right.EDIT_DELEGATES)
def merge(slug: str, first: int, second: int) -> ResponseReturnValue:
    taken = [name for name in merging.FIELDS if request.form.get(f"take-{name}") == "second"]
    versions = number_or_none(request.form.get("version-1")) or 0, number_or_none(request.form.get("version-2")) or 0
    try:
        stays = merging.merge(g.conference.id, first, second, taken, g.who.account_id, versions)
    except (Conflict, Invalid) as problem:
        return _page(first, second, problem.sentence, taken), 409 if isinstance(problem, Conflict) else 422
    flash("Đã gộp thành một đại biểu. Lịch sử của cả hai vẫn còn.", "ok")
    return redirect(url_for("delegates.page", slug=slug, delegate_id=stays))


def _page(first: int, second: int, problem: str | None = None, taken: list[str] | None = None) -> str:
    pair = merging.pair_of(g.conference.id, first, second)
    taken = taken or [name for name in merging.FIELDS if not pair.first.text(name) and pair.second.text(name) and not pair.is_locked(name)]
    return render_template("office/merge.html", pair=pair, fields=merging.FIELDS, problem=problem or pair.obstacle, taken=taken)
