"""Those on an award list, one at a time or pasted as lines; registered beside the lists."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import awards, honourees
from eventmgr.web.access import needs
from eventmgr.web.forms import attempt, put_problem
from eventmgr.web.office.award_forms import HonoureeForm, LinesForm

blueprint = Blueprint("honourees", __name__, url_prefix="/<int:form_id>/honourees")


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def new(slug: str, form_id: int) -> ResponseReturnValue:
    award = awards.award_list(g.conference.id, form_id).form
    form, status = HonoureeForm(kind=_kind()), 200
    if request.method == "POST":
        status, _ = attempt(form, lambda: honourees.add(g.conference.id, form_id, form.facts(), g.who.account_id))
        if status == 302:
            flash(f"Đã thêm {form.printed_name.data}.", "ok")
            if "again" in request.form:
                return redirect(url_for("awards.honourees.new", slug=slug, form_id=form_id, kind=form.kind.data))
            return redirect(url_for("awards.page", slug=slug, form_id=form_id))
    return render_template("office/awards_honouree.html", form=form, award=award, honouree=None, called=awards.called), status


@blueprint.route("/lines", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def lines(slug: str, form_id: int) -> ResponseReturnValue:
    award = awards.award_list(g.conference.id, form_id).form
    form, status = LinesForm(kind=_kind(RecipientKind.INDIVIDUAL)), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                added = honourees.add_lines(g.conference.id, form_id, form.kind.data, form.lines.data, g.who.account_id)
            except honourees.WrongLines as problem:
                form.form_errors += problem.sentences
                form.lines.errors = [problem.sentence]
            except Invalid as problem:
                put_problem(form, problem)
            except Conflict as problem:
                form.form_errors.append(problem.sentence)
                status = 409
            else:
                flash(f"Đã thêm {added} tên.", "ok")
                return redirect(url_for("awards.page", slug=slug, form_id=form_id))
    return render_template("office/awards_lines.html", form=form, award=award, called=awards.called), status


@blueprint.route("/<int:honouree_id>", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def page(slug: str, form_id: int, honouree_id: int) -> ResponseReturnValue:
    honouree = honourees.get(g.conference.id, form_id, honouree_id)
    award = awards.award_list(g.conference.id, form_id).form
    form, status = HonoureeForm(obj=honouree), 200
    if request.method == "POST":
        status, _ = attempt(form, lambda: honourees.edit(g.conference.id, form_id, honouree_id, form.facts(), g.who.account_id))
        if status == 302:
            flash("Đã lưu.", "ok")
            return redirect(url_for("awards.page", slug=slug, form_id=form_id, _anchor=f"honouree-{honouree_id}"))
    return render_template("office/awards_honouree.html", form=form, award=award, honouree=honouree, called=awards.called), status


@blueprint.post("/<int:honouree_id>/removal")
@needs(Right.EDIT_AWARDS)
def remove(slug: str, form_id: int, honouree_id: int) -> ResponseReturnValue:
    honourees.remove(g.conference.id, form_id, honouree_id, g.who.account_id)
    flash("Đã bỏ khỏi danh sách.", "ok")
    return redirect(url_for("awards.page", slug=slug, form_id=form_id))


@blueprint.post("/<int:honouree_id>/cancellation")
@needs(Right.EDIT_AWARDS)
def cancel(slug: str, form_id: int, honouree_id: int) -> ResponseReturnValue:
    honourees.get(g.conference.id, form_id, honouree_id)
    try:
        honourees.cancel(g.conference.id, form_id, honouree_id, request.form.get("reason"), g.who.account_id)
    except Invalid as problem:
        flash(f"Ghi lý do hủy khen thưởng. {problem.sentence}", "stop")
    except Conflict as problem:
        flash(problem.sentence, "stop")
    else:
        flash("Đã hủy khen thưởng; tên này không được gọi, không công bố.", "ok")
    return redirect(url_for("awards.page", slug=slug, form_id=form_id))


@blueprint.post("/<int:honouree_id>/standing")
@needs(Right.EDIT_AWARDS)
def stand_again(slug: str, form_id: int, honouree_id: int) -> ResponseReturnValue:
    honourees.stand_again(g.conference.id, form_id, honouree_id, g.who.account_id)
    flash("Đã gỡ việc hủy.", "ok")
    return redirect(url_for("awards.page", slug=slug, form_id=form_id))


@blueprint.post("/<int:honouree_id>/place")
@needs(Right.EDIT_AWARDS)
def place(slug: str, form_id: int, honouree_id: int) -> ResponseReturnValue:
    step = request.form.get("step", "")
    if step not in {"-1", "1"}:
        raise Invalid("Chọn chuyển lên hoặc chuyển xuống.")
    honourees.move(g.conference.id, form_id, honouree_id, int(step), g.who.account_id)
    return redirect(url_for("awards.page", slug=slug, form_id=form_id, _anchor=f"honouree-{honouree_id}"))


def _kind(default: RecipientKind = RecipientKind.COLLECTIVE) -> str:
    asked = request.args.get("kind", "")
    return asked if asked in set(RecipientKind) else default.value
