"""Staff accounts, and the open sessions of one's own account."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Invalid
from eventmgr.services import accounts, people
from eventmgr.web.access import needs, signed_in
from eventmgr.web.forms import put_problem, text_field

blueprint = Blueprint("accounts", __name__, url_prefix="/office")


class AccountForm(FlaskForm):
    username = text_field("Tên đăng nhập", 60, needed=True)
    display_name = text_field("Họ tên hiển thị", 120, needed=True)
    is_administrator = BooleanField("Tài khoản quản trị (thấy mọi hội nghị)")


@blueprint.route("/accounts", methods=["GET", "POST"])
@needs(Right.ADMINISTER)
def index() -> ResponseReturnValue:
    form = AccountForm()
    if form.validate_on_submit():
        try:
            _, password = accounts.add_account(
                form.username.data, form.display_name.data, is_administrator=form.is_administrator.data, by=g.who.account_id
            )
        except Invalid as problem:
            put_problem(form, problem)
        else:
            return _show_password(form.username.data.lower(), password)
    status = 422 if request.method == "POST" else 200
    return render_template("office/accounts.html", form=form, accounts=people.all_accounts(), own=g.who.account_id), status


@blueprint.post("/accounts/<int:account_id>/password")
@needs(Right.ADMINISTER)
def new_password(account_id: int) -> ResponseReturnValue:
    password = accounts.reset_password(account_id, g.who.account_id)
    return _show_password(next(a.username for a in people.all_accounts() if a.id == account_id), password)


@blueprint.post("/accounts/<int:account_id>/state")
@needs(Right.ADMINISTER)
def state(account_id: int) -> ResponseReturnValue:
    people.set_disabled(account_id, request.form.get("disabled") == "1", g.who.account_id)
    flash("Đã đổi trạng thái tài khoản.", "ok")
    return redirect(url_for("accounts.index"))


@blueprint.get("/sessions")
@signed_in
def sessions() -> ResponseReturnValue:
    return render_template("office/sessions.html", sign_ins=accounts.open_sign_ins(g.who.account_id), who=g.who)


@blueprint.post("/sessions/<int:sign_in_id>/end")
@signed_in
def end(sign_in_id: int) -> ResponseReturnValue:
    accounts.end_sign_in(g.who.account_id, sign_in_id)
    flash("Đã kết thúc phiên.", "ok")
    return redirect(url_for("accounts.sessions"))


def _show_password(username: str, password: str) -> ResponseReturnValue:
    return render_template("office/account_password.html", username=username, password=password)
