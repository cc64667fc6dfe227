"""Forms around an award list."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput

from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.names import AddressForm
from eventmgr.services.awards import DecisionFacts, FormFacts
from eventmgr.services.honourees import HonoureeFacts
from eventmgr.web.forms import NEEDED, DayField, options, text_field

KINDS = options(*((kind.value, kind.label) for kind in RecipientKind))
ADDRESS = options(("", "Không ghi"), *((form.value, form.label) for form in AddressForm))


class FormForm(FlaskForm):
    name = text_field("Hình thức khen thưởng", 120)
    authority = text_field("Người có thẩm quyền", 200, needed=True)
    achievement = text_field("Thành tích", 500, area=True)
    legal_basis = text_field("Căn cứ pháp lý", 500, area=True)
    recipient_kinds = SelectMultipleField("Tặng cho", choices=KINDS, default=[kind.value for kind in RecipientKind], option_widget=CheckboxInput())
    at_conference = BooleanField("Trao tại hội nghị này", default=True)

    def facts(self) -> FormFacts:
        return FormFacts(
            self.authority.data, self.name.data, self.achievement.data, bool(self.at_conference.data), self.legal_basis.data,
            tuple(self.recipient_kinds.data or ()) or None,
        )


class HonoureeForm(FlaskForm):
    kind = RadioField("Tập thể hay cá nhân", choices=KINDS, default=RecipientKind.COLLECTIVE.value, validate_choice=False)
    printed_name = text_field("Tên in", 300, needed=True, area=True)
    post = text_field("Chức vụ, đơn vị công tác (cá nhân)", 300, area=True)
    address_form = SelectField("Xưng hô khi mời lên nhận (cá nhân)", choices=ADDRESS, default="", validate_choice=False)
    note = text_field("Ghi chú", 300)

    def facts(self) -> HonoureeFacts:
        return HonoureeFacts(
            self.kind.data, self.printed_name.data, self.post.data, self.note.data, self.address_form.data or None
        )


class LinesForm(FlaskForm):
    kind = RadioField("Các dòng dưới đây là", choices=KINDS, default=RecipientKind.INDIVIDUAL.value, validate_choice=False)
    lines = TextAreaField("Mỗi dòng một tên", [InputRequired("Dán danh sách vào đây, mỗi dòng một tên.")])


class DecisionForm(FlaskForm):
    number = text_field("Số Quyết định", 60, needed=True)
    decided_on = DayField("Ngày ký", [NEEDED])
    decided_by = text_field("Người ký, cơ quan", 200, needed=True)

    def facts(self) -> DecisionFacts:
        assert isinstance(self.decided_on.data, date)
        return DecisionFacts(self.number.data, self.decided_on.data, self.decided_by.data)


class ReasonForm(FlaskForm):
    reason = text_field("Lý do", 300, needed=True)
