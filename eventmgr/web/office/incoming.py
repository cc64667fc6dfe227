"""What bodies sent from their pages: look, accept, return with a sentence."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import incoming, nominating
from eventmgr.web.access import needs
from eventmgr.web.forms import chosen_row, number_or_none
from eventmgr.web.office.invitee_parts import pager_of

blueprint = Blueprint("incoming", __name__, url_prefix="/office/<slug>/incoming")

STATES = [("waiting", "Chờ xem"), ("accepted", "Đã nhận"), ("returned", "Đã trả lại"), ("withdrawn", "Đơn vị rút"), ("", "Tất cả")]


@blueprint.get("")
@needs(Right.EDIT_DELEGATES)
def index(slug: str) -> ResponseReturnValue:
    return _page()


@blueprint.post("/<int:nomination_id>/acceptance")
@needs(Right.EDIT_DELEGATES)
def accept(slug: str, nomination_id: int) -> ResponseReturnValue:
    return _judge(slug, nomination_id, accepted=True)


@blueprint.post("/<int:nomination_id>/return")
@needs(Right.EDIT_DELEGATES)
def give_back(slug: str, nomination_id: int) -> ResponseReturnValue:
    return _judge(slug, nomination_id, accepted=False)


def _judge(slug: str, nomination_id: int, *, accepted: bool) -> ResponseReturnValue:
    """One form, two buttons; what was typed stays when the sentence is missing or too long."""
    words, version = request.form.get("words", ""), number_or_none(request.form.get("version")) or 0
    act = incoming.accept if accepted else incoming.give_back
    try:
        one = act(g.conference.id, nomination_id, g.who.account_id, version, words)
    except Invalid as problem:
        told = problem.sentence if words.strip() else "Ghi một câu để đơn vị biết vì sao trả lại."
        return _page((nomination_id, words, told)), 422
    except Conflict as problem:
        return _page((nomination_id, words, problem.sentence)), 409
    who = one.full_name or nominating.KINDS[one.kind].lower()
    flash(f"Đã nhận: {who}." if accepted else f"Đã trả lại: {who}.", "ok")
    return redirect(url_for("incoming.index", slug=slug, body=chosen_row(request.form, "body")))


def _page(typed: tuple[int, str, str] | None = None) -> str:
    """`typed` is a nomination with the words for it and what is wrong about them."""
    slug, asked = g.conference.slug, request.args
    state, kind, query = asked.get("state", "waiting"), asked.get("kind", ""), asked.get("q", "")[:200]
    body_id = chosen_row(request.values, "body")
    page = incoming.came_page(g.conference.id, state, kind, query, body_id, number_or_none(asked.get("page")) or 1)

    def address(**changed: Any) -> str:
        wanted: dict[str, Any] = {"state": state, "kind": kind or None, "q": query or None, "body": body_id, **changed}
        return url_for("incoming.index", slug=slug, **{name: value for name, value in wanted.items() if value is not None})

    chips = [(word, address(state=value), value == state, (page.counts or {})[value]) for value, word in STATES]
    return render_template(
        "office/incoming.html", page=page, q=query, state=state, kind=kind, body_id=body_id, chips_of_states=chips, typed=typed,
        kinds=nominating.KINDS, states=nominating.STATES, pager_of_page=pager_of(page, lambda number: address(page=number)),
    )
