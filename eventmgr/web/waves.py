"""The MC while awards are handed over: whom to call, in which order, and the presses that start a wave, go on to the next name and end it."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.ceremony import Verb
from eventmgr.domain.errors import Conflict
from eventmgr.web import screens
from eventmgr.web.access import needs
from eventmgr.web.ceremony_presses import answer, new_key, press, press_of_form

blueprint = Blueprint("waves", __name__, url_prefix="/stage/<slug>/waves")

OF_THE_MC = frozenset({Verb.START, Verb.END, Verb.CALL})


@blueprint.get("")
@needs(Right.RUN_STAGE)
def page(slug: str) -> ResponseReturnValue:
    return _page(None)


@blueprint.post("")
@needs(Right.RUN_STAGE)
def mark(slug: str) -> ResponseReturnValue:
    try:
        done = press(press_of_form(), OF_THE_MC)
    except Conflict as problem:
        if request.accept_mimetypes.best == "application/json":
            raise
        return _page(problem.sentence), 409
    return answer(done, url_for("waves.page", slug=slug))


def _page(problem: str | None) -> str:
    return render_template("stage/waves.html", problem=problem, press_key=new_key(), **screens.values(g.conference.id, "waves"))
