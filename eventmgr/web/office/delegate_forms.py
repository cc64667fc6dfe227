"""The form of one delegate."""

from __future__ import annotations

from flask import g
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Optional

from eventmgr.domain.invitees import DelegateFacts
from eventmgr.domain.nominations import PersonFacts
from eventmgr.services import ranks
from eventmgr.services.delegates import Known
from eventmgr.web.forms import LinesField, number_or_none, options, text_field, text_filter
from eventmgr.web.office.invitee_parts import (
    ADDRESS_CHOICES,
    ChoiceField,
    WordField,
    body_choices,
    group_choices,
)

FIELDS = (
    "full_name",
    "sort_given",
    "address_form",
    "posts",
    "group_id",
    "body_id",
    "rank",
    "is_host",
    "phone",
    "email",
    "seat",
    "alert",
    "note",
)


class CompanionForm(FlaskForm):
    full_name = text_field("Họ và tên", 120, needed=True)
    posts = LinesField("Việc, chức vụ")
    address_form = WordField("Cách xưng hô", choices=ADDRESS_CHOICES)
    phone = text_field("Điện thoại", 60)
    email = text_field("Thư điện tử", 254)
    words = text_field("Ghi chú của văn phòng", 500, area=True)

    def facts(self) -> PersonFacts:
        """Return what was typed."""
        return PersonFacts(
            self.full_name.data, tuple(self.posts.data or ()), self.address_form.data, self.phone.data, self.email.data, self.words.data
        )


class DelegateForm(FlaskForm):
    full_name = StringField("Họ và tên", [Optional()], filters=[text_filter])
    sort_given = text_field("Tên để xếp thứ tự", 60)
    address_form = WordField("Cách xưng hô", default="")
    posts = LinesField("Chức vụ")
    group_id = ChoiceField("Nhóm")
    body_id = ChoiceField("Đơn vị")
    rank = ChoiceField("Thứ bậc")
    is_host = BooleanField("Thuộc cơ quan chủ trì (giới thiệu sau khách)")
    phone = text_field("Điện thoại", 60)
    email = text_field("Thư điện tử", 254)
    seat = text_field("Chỗ ngồi", 40)
    alert = text_field("Lưu ý hiện ở cửa", 300)
    note = text_field("Ghi chú của văn phòng", 500, area=True)
    version = HiddenField()

    def fill_choices(self, known: Known | None = None) -> None:
        """Offer what the conference has; what a delegate has already stays on offer."""
        delegate = known.delegate if known else None
        self.address_form.choices = ADDRESS_CHOICES if known else [*options(("", "Theo nhóm")), *ADDRESS_CHOICES]
        self.group_id.choices = group_choices("Chọn nhóm") if known is None else group_choices()
        self.body_id.choices = body_choices(delegate.body_id if delegate else None)
        table = ranks.list_ranks(g.conference.id)
        by_posts = "Theo chức vụ"
        if known is not None and known.delegate.rank is None and known.rank is not None:
            by_posts = f"Theo chức vụ (bậc {known.rank})"
        self.rank.choices = options(
            ("", by_posts), *((rank.value, f"{rank.value} – {_short(rank.title)}") for rank in table)
        )
        own = delegate.rank if delegate else None
        if own is not None and own not in {rank.value for rank in table}:
            self.rank.choices += options((own, f"{own} (không có trong bảng)"))

    def facts(self, *, is_new: bool = False) -> DelegateFacts:
        """What was typed, for the service; a new delegate takes what is left open from the group."""
        return DelegateFacts(
            group_id=self.group_id.data or 0,
            body_id=self.body_id.data,
            address_form=self.address_form.data or None,
            full_name=self.full_name.data,
            sort_given=self.sort_given.data,
            posts=tuple(self.posts.data or ()),
            rank=self.rank.data,
            is_host=None if is_new and not self.is_host.data else bool(self.is_host.data),
            phone=self.phone.data,
            email=self.email.data,
            seat=self.seat.data,
            alert=self.alert.data,
            note=self.note.data,
        )

    def seen_version(self) -> int:
        """The version that the person had on screen; 0 when the form did not say."""
        return number_or_none(self.version.data) or 0


def _short(title: str) -> str:
    return title if len(title) <= 70 else f"{title[:68].rsplit(' ', 1)[0]}…"
