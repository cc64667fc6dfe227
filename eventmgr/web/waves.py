"""The rows of honourees for the wall, chosen by the MC."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.services import award_waves
from eventmgr.web.access import needs
from eventmgr.web.forms import number_or_none

blueprint = Blueprint("waves", __name__, url_prefix="/stage/<slug>/waves")


@blueprint.get("")
@needs(Right.RUN_STAGE)
def page(slug: str) -> ResponseReturnValue:
    shown = award_waves.shown_wave(g.conference.id)
    return render_template("stage/waves.html", waves=award_waves.all_waves(g.conference.id), shown=shown)


@blueprint.post("")
@needs(Right.RUN_STAGE)
def show(slug: str) -> ResponseReturnValue:
    form_id, number = (number_or_none(request.form.get(name)) for name in ("form_id", "number"))
    award_waves.show_wave(g.conference.id, form_id, number, g.who.account_id, g.who.display_name)
    return redirect(url_for("waves.page", slug=slug))
