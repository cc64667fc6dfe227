"""Award money by date, where a certificate's words stand, and what happened when awards were handed over."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import Model, OfConference, one_of
from eventmgr.models.delegates import ADDRESS_FORMS

_FORMS = ", ".join(repr(one) for one in ADDRESS_FORMS)


class AwardBaseSalary(OfConference, Model):
    """The monthly base salary in đồng from a day on; without any row the defaults of eventmgr/rules count."""

    __tablename__ = "award_base_salaries"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "valid_from"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
    )

    valid_from: Mapped[date]
    amount: Mapped[int]
    basis: Mapped[str] = mapped_column(sa.String(300))


class AwardRate(OfConference, Model):
    """The coefficient (in hundredths) of a level of award for a kind of recipient, while it counts."""

    __tablename__ = "award_rates"
    __table_args__ = (
        one_of("kind", "collective", "individual"),
        sa.UniqueConstraint("conference_id", "level", "kind", "valid_from"),
        sa.CheckConstraint("hundredths > 0", name="hundredths_positive"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_to_after"),
    )

    level: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(20))
    hundredths: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    basis: Mapped[str] = mapped_column(sa.String(300))


class AwardFormSettings(OfConference, Model):
    """What papers need of a form of award beyond its decision: its level of money, signer, place and book numbers."""

    __tablename__ = "award_form_settings"
    __table_args__ = (
        sa.UniqueConstraint("form_id"),
        sa.CheckConstraint("first_book_number IS NULL OR first_book_number > 0", name="first_book_number_positive"),
    )

    form_id: Mapped[int] = mapped_column(sa.ForeignKey("award_forms.id", ondelete="CASCADE"))
    level: Mapped[str | None] = mapped_column(sa.String(40))
    first_book_number: Mapped[int | None]
    place: Mapped[str | None] = mapped_column(sa.String(80))
    signer_post: Mapped[str | None] = mapped_column(sa.String(160))
    signer_name: Mapped[str | None] = mapped_column(sa.String(120))


class CertificateField(OfConference, Model):
    """Where a line of the certificate stands for one kind of recipient: tenths of a millimetre, size in tenths of a point."""

    __tablename__ = "certificate_fields"
    __table_args__ = (
        one_of("kind", "collective", "individual"),
        one_of("align", "left", "center", "right"),
        sa.UniqueConstraint("conference_id", "kind", "key"),
        sa.CheckConstraint("x BETWEEN 0 AND 10000 AND y BETWEEN 0 AND 10000", name="place_on_paper"),
        sa.CheckConstraint("width BETWEEN 10 AND 10000", name="width_on_paper"),
        sa.CheckConstraint("size BETWEEN 40 AND 2000", name="size_sensible"),
    )

    kind: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(20))
    x: Mapped[int]
    y: Mapped[int]
    width: Mapped[int]
    size: Mapped[int]
    align: Mapped[str] = mapped_column(sa.String(10))
    bold: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[bool] = mapped_column(default=True)


class CeremonySettings(OfConference, Model):
    """How awards are handed over and printed; without a row the defaults count. Page sizes are in millimetres."""

    __tablename__ = "ceremony_settings"
    __table_args__ = (
        sa.UniqueConstraint("conference_id"),
        sa.CheckConstraint("wave_size BETWEEN 5 AND 10", name="wave_size_fits_the_stage"),
        sa.CheckConstraint("page_width BETWEEN 100 AND 1000 AND page_height BETWEEN 100 AND 1000", name="page_sensible"),
        sa.CheckConstraint("rounding > 0", name="rounding_positive"),
    )

    wave_size: Mapped[int]
    collectives_first: Mapped[bool]
    page_width: Mapped[int]
    page_height: Mapped[int]
    rounding: Mapped[int]
    rounding_basis: Mapped[str | None] = mapped_column(sa.String(300))


class WaveLeader(OfConference, Model):
    """Who presents and who reads from a wave of one form and kind on (`number` counts those waves from 1)."""

    __tablename__ = "wave_leaders"
    __table_args__ = (
        one_of("kind", "collective", "individual"),
        sa.UniqueConstraint("form_id", "kind", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )

    form_id: Mapped[int] = mapped_column(sa.ForeignKey("award_forms.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[int]
    presenter_name: Mapped[str] = mapped_column(sa.String(300), default="")
    reader_name: Mapped[str] = mapped_column(sa.String(300), default="")


class CeremonyMark(OfConference, Model):
    """One press around the handing over: never changed, never deleted; an undo is a mark of its own.

    `seq` counts them within a conference: two devices that press at once get different numbers or one is refused.
    `members` are the row of a wave at its start, `passed` those taken out of it. `name` and `post` are a stand-in's,
    or of whoever took an award later.
    """

    __tablename__ = "ceremony_marks"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "seq"),
        sa.UniqueConstraint("conference_id", "press_key"),
        sa.CheckConstraint("seq > 0", name="seq_positive"),
        sa.CheckConstraint(f"address_form IS NULL OR address_form IN ({_FORMS})", name="address_form_known"),
    )

    seq: Mapped[int]
    press_key: Mapped[str] = mapped_column(sa.String(40))
    verb: Mapped[str] = mapped_column(sa.String(20))
    honouree_id: Mapped[int | None] = mapped_column(sa.ForeignKey("honourees.id", ondelete="CASCADE"), index=True)
    members: Mapped[list[int]] = mapped_column(default=list)
    passed: Mapped[list[int]] = mapped_column(default=list)
    undoes: Mapped[int | None]
    address_form: Mapped[str | None] = mapped_column(sa.String(20))
    name: Mapped[str | None] = mapped_column(sa.String(120))
    post: Mapped[str | None] = mapped_column(sa.String(300))
    note: Mapped[str | None] = mapped_column(sa.String(300))
    handed_on: Mapped[date | None]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(sa.String(120), default="")
