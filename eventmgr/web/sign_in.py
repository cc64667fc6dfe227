"""Signing in and out, and the own password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from eventmgr import clock
from eventmgr.domain.errors import Invalid
from eventmgr.services import accounts
from eventmgr.web import known_browsers
from eventmgr.web.access import open_to_all, signed_in

blueprint = Blueprint("sign_in", __name__)

HALF_WAY = 300.0  # seconds between the password and the code
NEEDED = InputRequired("Cần điền mục này.")


class SignInForm(FlaskForm):
    username = StringField("Tên đăng nhập", [NEEDED])
    password = PasswordField("Mật khẩu", [NEEDED])
    next = HiddenField()


class CodeForm(FlaskForm):
    code = StringField("Mã xác nhận", [NEEDED])


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
        form.username.data, form.password.data, request.remote_addr or "", request.user_agent.string or "",
        known_browsers.of_request(),
    )
    if isinstance(answer, accounts.SignInRefused):
        form.password.errors = [answer.sentence]
        return render_template("public/sign_in.html", form=form), *_how_refused(answer)
    if isinstance(answer, accounts.NeedsCode):
        session.clear()
        session["half_way"] = {"account": answer.account_id, "until": clock.now().timestamp() + HALF_WAY, "next": form.next.data or ""}
        return redirect(url_for("sign_in.code"))
    return _signed_in(answer, form.next.data)


@blueprint.get("/sign-in/code")
@open_to_all
def code() -> ResponseReturnValue:
    if _half_way() is None:
        return redirect(url_for("sign_in.page"))
    return render_template("public/sign_in_code.html", form=CodeForm())


@blueprint.post("/sign-in/code")
@open_to_all
def send_code() -> ResponseReturnValue:
    half = _half_way()
    if half is None:
        flash("Đã quá năm phút. Nhập lại mật khẩu.", "info")
        return redirect(url_for("sign_in.page"))
    form = CodeForm()
    if not form.validate():
        return render_template("public/sign_in_code.html", form=form), 422
    answer = accounts.sign_in_with_code(
        half["account"], (form.code.data or "")[:60], request.remote_addr or "", request.user_agent.string or "",
        known_browsers.of_request(),
    )
    if isinstance(answer, accounts.SignInRefused):
        form.code.errors = [answer.sentence]
        return render_template("public/sign_in_code.html", form=form), *_how_refused(answer)
    return _signed_in(answer, half["next"])


def _half_way() -> dict[str, Any] | None:
    """Return what is known of a person whose password was right a short while ago."""
    half: dict[str, Any] | None = session.get("half_way")
    return half if half is not None and half["until"] > clock.now().timestamp() else None


def _how_refused(answer: accounts.SignInRefused) -> tuple[int, dict[str, str]]:
    return (422, {}) if answer.wait_seconds is None else (429, {"Retry-After": str(answer.wait_seconds)})


def _signed_in(token: str, wanted: str | None) -> ResponseReturnValue:
    session.clear()
    session.permanent = True
    session["sign_in"] = token
    who = accounts.find_signed_in(token)
    answer = redirect(_own_page(wanted))
    return known_browsers.remember(answer, who.username) if who else answer


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
