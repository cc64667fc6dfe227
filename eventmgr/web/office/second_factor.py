"""The second factor of one's own account: scan, confirm, keep the codes on paper; or turn it off."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import second_factor
from eventmgr.web.access import signed_in
from eventmgr.web.forms import NEEDED, put_problem

blueprint = Blueprint("second_factor", __name__, url_prefix="/office/second-factor")


class CodeForm(FlaskForm):
    code = StringField("Mã sáu chữ số đang hiện", [NEEDED])


class OffForm(FlaskForm):
    password = PasswordField("Mật khẩu của tôi", [NEEDED])


@blueprint.get("")
@signed_in
def page() -> ResponseReturnValue:
    return _page()


@blueprint.get("/qr.svg")
@signed_in
def qr() -> ResponseReturnValue:
    return second_factor.setup_of(g.who.account_id, _secret()).qr, 200, {"Content-Type": "image/svg+xml"}


@blueprint.post("")
@signed_in
def confirm() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate():
        return _page(form), 422
    try:
        codes = second_factor.confirm(g.who.account_id, _secret(), form.code.data or "")
    except Invalid as problem:
        put_problem(form, problem)
        return _page(form), 422
    except Conflict as problem:
        flash(problem.sentence, "info")
        return redirect(url_for("second_factor.page"))
    session.pop("new_factor", None)
    return render_template("office/second_factor_codes.html", codes=codes)


@blueprint.post("/off")
@signed_in
def turn_off() -> ResponseReturnValue:
    form = OffForm()
    if not form.validate():
        return _page(off=form), 422
    try:
        second_factor.turn_off(g.who.account_id, form.password.data or "")
    except Invalid as problem:
        put_problem(form, problem)
        return _page(off=form), 422
    flash("Đã tắt mã xác nhận.", "ok")
    return redirect(url_for("second_factor.page"))


def _page(form: CodeForm | None = None, off: OffForm | None = None) -> str:
    is_on = second_factor.is_on(g.who.account_id)
    setup = None if is_on else second_factor.setup_of(g.who.account_id, _secret())
    return render_template("office/second_factor.html", is_on=is_on, setup=setup, form=form or CodeForm(), off=off or OffForm())


def _secret() -> str:
    """Return the secret on offer: it lives in the person's own cookie until it is confirmed."""
    if "new_factor" not in session:
        session["new_factor"] = second_factor.new_secret()
    return str(session["new_factor"])
