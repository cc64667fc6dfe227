"""Signing in and out, and the own password."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from eventmgr.domain.errors import Invalid
from eventmgr.services import accounts
from eventmgr.web.access import open_to_all, signed_in

blueprint = Blueprint("sign_in", __name__)

NEEDED = InputRequired("Cần điền mục này.")


class SignInForm(FlaskForm):
    username = StringField("Tên đăng nhập", [NEEDED])
    password = PasswordField("Mật khẩu", [NEEDED])
    next = HiddenField()


class PasswordForm(FlaskForm):
    old = PasswordField("Mật khẩu hiện tại", [NEEDED])
    new = PasswordField("Mật khẩu mới", [NEEDED])
    again = PasswordField("Nhập lại mật khẩu mới", [NEEDED])


@blueprint.get("/sign-in")
@open_to_all
def page() -> ResponseReturnValue:
    if g.who is not None:
        return redirect(url_for("office.index"))
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("public/sign_in.html", form=form)


@blueprint.post("/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return render_template("public/sign_in.html", form=form), 422
    answer = accounts.sign_in(
        form.username.data, form.password.data, request.remote_addr or "", request.user_agent.string or ""
    )
    if isinstance(answer, accounts.SignInRefused):
        form.password.errors = [answer.sentence]
        status = 422 if answer.wait_seconds is None else 429
        headers = {} if answer.wait_seconds is None else {"Retry-After": str(answer.wait_seconds)}
        return render_template("public/sign_in.html", form=form), status, headers
    session.clear()
    session.permanent = True
    session["sign_in"] = answer
    return redirect(_own_page(form.next.data))


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    accounts.end_sign_in(g.who.account_id, g.who.sign_in_id)
    session.clear()
    flash("Đã đăng xuất.", "ok")
    return redirect(url_for("sign_in.page"))


@blueprint.route("/office/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if request.method == "GET":
        return render_template("office/password.html", form=form)
    if not form.validate() or form.new.data != form.again.data:
        if form.new.data != form.again.data and not form.again.errors:
            form.again.errors = ["Hai lần nhập mật khẩu mới chưa giống nhau."]
        return render_template("office/password.html", form=form), 422
    try:
        accounts.change_password(g.who.account_id, g.who.sign_in_id, form.old.data, form.new.data)
    except Invalid as problem:
        form[problem.field or "old"].errors = [problem.sentence]
        return render_template("office/password.html", form=form), 422
    flash("Đã đổi mật khẩu. Các phiên khác của tài khoản đã kết thúc.", "ok")
    return redirect(url_for("office.index"))


def _own_page(wanted: str | None) -> str:
    """Return where to go after signing in: a path of this site, never another host."""
    wanted = wanted or ""
    is_path = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    # Browsers drop tabs and line ends, so "/<tab>/host" would lead to another host.
    return wanted if is_path and wanted.isprintable() else url_for("office.index")
