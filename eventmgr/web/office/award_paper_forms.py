"""Forms around award money, waves and the papers of a form of award."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from eventmgr.domain.awards import RecipientKind
from eventmgr.services.award_rules import RateFacts, defaults
from eventmgr.services.ceremony_settings import LARGEST, SMALLEST, PaperFacts
from eventmgr.web.forms import NEEDED, DayField, options, text_field

LEVELS = options(*((one.key, one.label) for one in defaults().levels))
KINDS = options(*((kind.value, kind.label) for kind in RecipientKind))
FIRST = options(("collective", "Tập thể trước, cá nhân sau"), ("individual", "Cá nhân trước, tập thể sau"))
_RANGE = f"Nhập số từ {SMALLEST} đến {LARGEST}."


class SalaryForm(FlaskForm):
    valid_from = DayField("Áp dụng từ ngày", [NEEDED])
    amount = text_field("Số đồng mỗi tháng", 20, needed=True)
    basis = text_field("Căn cứ", 300, needed=True)


class RateForm(FlaskForm):
    level = SelectField("Mức khen thưởng", choices=LEVELS, validate_choice=False)
    kind = SelectField("Đối tượng", choices=KINDS, validate_choice=False)
    coefficient = text_field("Hệ số", 10, needed=True)
    rate_from = DayField("Áp dụng từ ngày", [NEEDED])
    valid_to = DayField("Đến hết ngày", [Optional()])
    rate_basis = text_field("Căn cứ", 300, needed=True)

    def facts(self) -> RateFacts:
        assert isinstance(self.rate_from.data, date)
        return RateFacts(
            self.level.data, self.kind.data, self.coefficient.data, self.rate_from.data, self.valid_to.data, self.rate_basis.data
        )


class StageForm(FlaskForm):
    wave_size = IntegerField("Số người mỗi đợt", [InputRequired(_RANGE), NumberRange(SMALLEST, LARGEST, _RANGE)])
    collectives_first = RadioField("Ai lên trước", choices=FIRST, default="collective")


class RoundingForm(FlaskForm):
    step = text_field("Làm tròn đến (đồng)", 12, needed=True)
    rounding_basis = text_field("Căn cứ", 300, needed=True)


class PaperForm(FlaskForm):
    level = SelectField("Mức tiền thưởng", choices=[*options(("", "Theo tên hình thức")), *LEVELS], validate_choice=False)
    first_book_number = IntegerField("Số sổ vàng đầu tiên", [Optional()])
    place = text_field("Nơi ký", 80)
    signer_post = text_field("Chức vụ người ký", 160)
    signer_name = text_field("Họ tên người ký", 120)

    def facts(self) -> PaperFacts:
        return PaperFacts(
            self.level.data or None, self.first_book_number.data, self.place.data, self.signer_post.data, self.signer_name.data
        )
