"""Forms around a letter."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from eventmgr.services.absences import CHANNELS
from eventmgr.services.issuing import IssueFacts
from eventmgr.services.replies import Answer, How
from eventmgr.web.forms import NEEDED, DayField, LinesField, options, text_field


class WordsForm(FlaskForm):
    addressee = text_field("Kính mời", 700, area=True)
    extra_note = text_field("Lưu ý riêng cho đại biểu này", 500, area=True)


class RevokeForm(FlaskForm):
    reason = text_field("Lý do thu hồi", 300, needed=True)


class IssueForm(FlaskForm):
    first_number = IntegerField(
        "Số đầu tiên", [InputRequired("Văn thư nhập số; phần mềm không tự đặt số."), NumberRange(1, 99_999, "Số từ 1 đến 99.999.")]
    )
    dated_on = DayField("Ngày ban hành", [NEEDED])
    signer_lines = LinesField("Quyền hạn, chức vụ người ký", [InputRequired("Điền quyền hạn, chức vụ của người ký.")])
    signer_name = text_field("Họ tên người ký", 120, needed=True)

    def day(self) -> date:
        """Return the day that was entered."""
        assert isinstance(self.dated_on.data, date)
        return self.dated_on.data

    def facts(self) -> IssueFacts:
        """Return what was entered."""
        return IssueFacts(int(self.first_number.data or 0), self.day(), tuple(self.signer_lines.data), self.signer_name.data)


class ReplyForm(FlaskForm):
    answer = RadioField(
        "Trả lời", choices=options(("comes", "Sẽ dự"), ("absent", "Báo vắng"), ("substitute", "Cử người dự thay")), default="comes"
    )
    reason = text_field("Lý do (khi báo vắng)", 500, id="reply-reason")
    substitute_form = SelectField("Cách xưng hô", choices=options(("đồng chí", "đồng chí"), ("ông", "ông"), ("bà", "bà")))
    substitute_name = text_field("Họ tên người dự thay", 120)
    substitute_post = text_field("Chức vụ người dự thay", 300)

    def answered(self) -> Answer:
        """Return what was answered."""
        return Answer(
            self.answer.data, self.reason.data, self.substitute_form.data, self.substitute_name.data, self.substitute_post.data
        )


class EnteredReplyForm(ReplyForm):
    answer = RadioField(
        "Trả lời", [InputRequired("Chọn câu trả lời.")],
        choices=options(("comes", "Sẽ dự"), ("absent", "Báo vắng"), ("substitute", "Cử người dự thay")),
    )  # fmt: skip
    channel = SelectField("Nhận được qua", choices=options(("", "Không ghi"), *CHANNELS.items()))
    document_number = text_field("Số, ký hiệu công văn", 120)
    note = text_field("Ghi chú", 300)

    def how(self) -> How:
        """Return how the answer came."""
        return How(self.channel.data or None, self.document_number.data, self.note.data)
