"""Public holidays and days worked instead, as they are announced for each year."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import Model


class Holiday(Model):
    """A day that is off, or worked instead of another; `name` says which holiday, by which paper."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_worked: Mapped[bool]
    name: Mapped[str] = mapped_column(sa.String(120), default="")
