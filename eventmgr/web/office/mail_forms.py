"""Writing a mail, seeing it with a real person, trying it on oneself, sending: the same page for every kind of mail."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField

from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.mailing import MailKind
from eventmgr.services import mail_channel, mailings
from eventmgr.services.mailboxes import Box
from eventmgr.services.mailings import Words
from eventmgr.web.downloads import file_response
from eventmgr.web.forms import number_or_none, put_problem, text_field


class MailForm(FlaskForm):
    subject = text_field("Tiêu đề", 200)
    words = text_field("Lời nhắn thêm của Văn phòng", 2000, area=True)
    address = text_field("Địa chỉ nhận thư thử", 254)
    key = HiddenField()


@dataclass(frozen=True)
class Writing:
    """One page of writing: what kind, which mailboxes now, how to send, and what the template shows besides."""

    kind: MailKind
    endpoint: str
    boxes: list[Box]
    send: Callable[[Words, str], Any]
    kept: list[tuple[str, Any]] = field(default_factory=list)
    shown: dict[str, Any] = field(default_factory=dict)


def mail_page(slug: str, writing: Writing) -> ResponseReturnValue:
    """Answer the page of writing: GET shows it, POST shows it anew, tries it, hands out a file, or sends."""
    form, status = MailForm(), 200
    # A button that turns the pages comes after the hidden place.
    at = number_or_none((request.values.getlist("at") or [""])[-1]) or 0
    at = min(at, max(0, len(writing.boxes) - 1))
    words = Words(form.subject.data, form.words.data)
    if request.method == "POST":
        if not form.validate():
            status, words = 422, Words()
        else:
            try:
                if done := _do(slug, writing, form, at, words):
                    return done
            except Invalid as problem:
                put_problem(form, problem)
                status = 422
            except Conflict as problem:
                form.form_errors.append(problem.sentence)
                status = 409
    seen = mailings.show(g.conference, writing.kind, writing.boxes[at], words if status == 200 else Words()) if writing.boxes else None
    form.key.raw_data, form.key.data = None, secrets.token_hex(8)
    return render_template(
        "office/mail.html", form=form, writing=writing, seen=seen, at=at, channel=mail_channel.state_of_channel(),
        people=sum(len(box.letters) for box in writing.boxes), **writing.shown,
    ), status  # fmt: skip


def _do(slug: str, writing: Writing, form: MailForm, at: int, words: Words) -> ResponseReturnValue | None:
    asked, key = request.form.get("do", "show"), str(form.key.data or "")
    if asked == "send":
        mailing = writing.send(words, key)
        flash("Đã đưa thư vào danh sách gửi đi. Tiến trình nền gửi từng thư; trang này cho biết đến đâu.", "ok")
        return redirect(url_for("outbox.index", slug=slug, mailing=mailing.id))
    if not writing.boxes:
        raise Invalid("Không còn thư nào để gửi.")
    if asked == "test":
        mailings.send_test(
            g.conference.id, writing.kind, writing.boxes[at], words, form.address.data or "", f"t{key}", g.who.account_id
        )
        flash(f"Đã gửi thư thử tới {form.address.data}. Nội dung đúng như thư cho {writing.boxes[at].name}.", "ok")
    if asked == "file":
        content = mailings.eml(g.conference, writing.kind, writing.boxes[at], words)
        return file_response(content, "thu-mau.eml", "message/rfc822", download=True)
    return None
