"""Letterhead, number symbol, place, signer lines and recipients of the letters."""

from __future__ import annotations

from datetime import UTC

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import Optional

from eventmgr.domain.access import Right
from eventmgr.domain.dates import COUNTRY, to_local
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import conferences
from eventmgr.web.access import needs
from eventmgr.web.forms import CLOSING, LinesField, MomentField, options, put_problem, text_field, version_of

blueprint = Blueprint("letterhead", __name__, url_prefix="/office/<slug>/letterhead")


class LetterForm(FlaskForm):
    letterhead = RadioField(
        "Cơ quan mời",
        choices=options(("office", "Văn phòng UBND tỉnh (thừa lệnh Chủ tịch)"), ("committee", "Ủy ban nhân dân tỉnh")),
    )
    letter_form = RadioField(
        "Thể thức",
        choices=options(
            ("nd30", "Nghị định 30/2020/NĐ-CP, mẫu 1.7"),
            ("tt01", "Thông tư 01/2011/TT-BNV, mẫu 1.10 (thể thức năm 2015)"),
        ),
    )
    province = text_field("Tên tỉnh", 80, needed=True)
    number_symbol = text_field("Ký hiệu sau số", 40, needed=True)
    place = text_field("Địa danh", 80, needed=True)
    reply_by = MomentField("Trả lời trước", [Optional()], hour=CLOSING)
    contact = text_field("Đầu mối liên hệ", 300)
    letter_recipients = LinesField("Nơi nhận")
    signer_lines = LinesField("Quyền hạn, chức vụ người ký")
    signer_name = text_field("Họ tên người ký", 120)
    with_kinh_gui = BooleanField("In thêm dòng “Kính gửi:” (ngoài mẫu)")
    version = HiddenField()


FACTS = list(conferences.LetterFacts.__dataclass_fields__)


@blueprint.route("", methods=["GET", "POST"])
@needs(Right.EDIT_CONFERENCE)
def page(slug: str) -> ResponseReturnValue:
    conference = g.conference
    form = LetterForm(obj=conference)
    if request.method == "GET" and conference.reply_by:
        form.reply_by.data = to_local(conference.reply_by)
    if form.validate_on_submit():
        values = {name: form[name].data for name in FACTS}
        if values["reply_by"] is not None:
            values["reply_by"] = values["reply_by"].replace(tzinfo=COUNTRY).astimezone(UTC)
        try:
            conferences.edit_letters(conference.id, conferences.LetterFacts(**values), g.who.account_id, version_of(form))
        except Invalid as problem:
            put_problem(form, problem)
        except Conflict as problem:
            form.form_errors.append(problem.sentence)
            return render_template("office/letterhead.html", form=form), 409
        else:
            flash("Đã lưu mẫu giấy mời.", "ok")
            return redirect(url_for("letterhead.page", slug=slug))
    return render_template("office/letterhead.html", form=form), 422 if request.method == "POST" else 200
