"""Who speaks to each step, and who stands in."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField

from eventmgr.domain.access import Right
from eventmgr.domain.delegates import AddressForm
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.services import presenters, stage
from eventmgr.web.access import may, needs
from eventmgr.web.forms import number_or_none, options, put_problem, text_field

blueprint = Blueprint("presenters", __name__, url_prefix="/stage/<slug>/presenters")


class InsteadForm(FlaskForm):
    form = SelectField("Cách xưng hô", choices=options(*((form.value, form.label) for form in AddressForm)))
    name = text_field("Họ tên", 120)
    post = text_field("Chức vụ, đơn vị", 300)
    delegate_id = HiddenField()


@blueprint.get("")
@needs(Right.SEE_STAGE)
def page(slug: str) -> ResponseReturnValue:
    return render_template(
        "stage/presenters.html", stage=stage.stage_state(g.conference.id), known=presenters.presenters(g.conference.id),
        runs=may(Right.RUN_STAGE),
    )


@blueprint.get("/<int:item_id>")
@needs(Right.RUN_STAGE)
def step(slug: str, item_id: int) -> ResponseReturnValue:
    return _step(item_id, InsteadForm(formdata=None))


@blueprint.post("/<int:item_id>")
@needs(Right.RUN_STAGE)
def instead(slug: str, item_id: int) -> ResponseReturnValue:
    form = InsteadForm()
    if form.validate():
        chosen = presenters.Instead(
            number_or_none(form.delegate_id.data), form.form.data, form.name.data or "", form.post.data or ""
        )
        try:
            presenters.set_stand_in(g.conference.id, item_id, chosen, g.who.account_id, g.who.display_name)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã đặt người trình bày thay.", "ok")
            return redirect(url_for("presenters.page", slug=slug, _anchor=f"step-{item_id}"))
    return _step(item_id, form), 422


@blueprint.post("/<int:item_id>/removal")
@needs(Right.RUN_STAGE)
def remove(slug: str, item_id: int) -> ResponseReturnValue:
    presenters.remove_stand_in(g.conference.id, item_id, g.who.account_id, g.who.display_name)
    flash("Đã trở lại người trình bày theo chương trình.", "ok")
    return redirect(url_for("presenters.page", slug=slug, _anchor=f"step-{item_id}"))


def _step(item_id: int, form: InsteadForm) -> str:
    known = presenters.presenters(g.conference.id)
    row = next((row for row in stage.stage_state(g.conference.id).rows if row.id == item_id), None)
    if item_id not in known or row is None:
        raise NotFound("Không có mục này trong chương trình.")
    query = request.args.get("q", "")
    return render_template(
        "stage/presenter.html", row=row, known=known[item_id], form=form, q=query,
        found=presenters.candidates(g.conference.id, query),
    )
