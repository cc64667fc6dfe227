"""The order of precedence as a table: list, add, edit, remove."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms.validators import NumberRange

from eventmgr.domain.access import Right
from eventmgr.domain.delegates import Bloc
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import ranks
from eventmgr.web.access import needs
from eventmgr.web.forms import NEEDED, options, put_problem, text_field
from eventmgr.web.office.invitee_parts import WholeField, WordField, tabs

blueprint = Blueprint("ranks", __name__, url_prefix="/ranks")


class RankForm(FlaskForm):
    value = WholeField("Bậc", [NEEDED, NumberRange(1, ranks.HIGHEST, "Bậc là số từ 1 đến 9.999; số nhỏ đứng trước.")])
    title = text_field("Chức vụ ở bậc này", 300, needed=True, area=True)
    bloc = WordField("Khối", choices=options(("", "Không ghi"), *((bloc.value, bloc.label) for bloc in Bloc)))

    def facts(self) -> ranks.RankFacts:
        return ranks.RankFacts(self.value.data or 0, self.title.data, self.bloc.data or None)


@blueprint.get("")
@needs(Right.SEE_DELEGATES)
def index(slug: str) -> ResponseReturnValue:
    rows, labels = ranks.rank_rows(g.conference.id), {bloc.value: bloc.label for bloc in Bloc}
    return render_template("office/ranks.html", rows=rows, labels=labels, tabs_of_invitees=tabs("groups.ranks.index"))


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.EDIT_DELEGATES)
def new(slug: str) -> ResponseReturnValue:
    form = RankForm()
    if form.validate_on_submit():
        try:
            ranks.add_rank(g.conference.id, form.facts(), g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã thêm bậc.", "ok")
            return redirect(url_for("groups.ranks.index", slug=slug))
    return render_template("office/rank.html", form=form, rank=None), 422 if request.method == "POST" else 200


@blueprint.route("/<int:rank_id>", methods=["GET", "POST"])
@needs(Right.EDIT_DELEGATES)
def page(slug: str, rank_id: int) -> ResponseReturnValue:
    rank = ranks.get_rank(g.conference.id, rank_id)
    form = RankForm(obj=rank)
    if form.validate_on_submit():
        try:
            ranks.edit_rank(g.conference.id, rank_id, form.facts(), g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã lưu bậc; danh sách đã xếp lại.", "ok")
            return redirect(url_for("groups.ranks.index", slug=slug))
    return render_template("office/rank.html", form=form, rank=rank), 422 if request.method == "POST" else 200


@blueprint.post("/<int:rank_id>/removal")
@needs(Right.EDIT_DELEGATES)
def remove(slug: str, rank_id: int) -> ResponseReturnValue:
    try:
        ranks.remove_rank(g.conference.id, rank_id, g.who.account_id)
    except Conflict as problem:
        flash(problem.sentence, "stop")
        return redirect(url_for("groups.ranks.page", slug=slug, rank_id=rank_id))
    flash("Đã bỏ bậc.", "ok")
    return redirect(url_for("groups.ranks.index", slug=slug))
