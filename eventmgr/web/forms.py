"""What forms share: lines of text, times as people type them, and putting a refusal at its field."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.text import clean

T = TypeVar("T")

NEEDED = InputRequired("Cần điền mục này.")


class AtMost(Length):
    """The longest text of a field; told in words, for the browser's own limit would cut what is pasted without one."""

    def __init__(self, limit: int) -> None:
        super().__init__(max=limit, message=f"Dài nhất {limit} ký tự.")
        self.field_flags: dict[str, Any] = {}


def at_most(limit: int) -> Length:
    """Return the validator for the longest text of a field."""
    return AtMost(limit)


def text_filter(value: Any) -> Any:
    """Return typed text cleaned (NFC, no control or direction marks), or None when it is empty."""
    return (clean(value) or None) if isinstance(value, str) else value


class LinesField(TextAreaField):
    """One entry a line; the data is a list of cleaned lines."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        """Split what was typed into lines."""
        text = valuelist[0] if valuelist else ""
        self.data = [line for line in (clean(part) for part in text.splitlines()) if line]


class _TypedField(StringField):
    """A text field whose data is a value; what was typed comes back as it was."""

    def _shown(self, value: Any) -> str:
        raise NotImplementedError

    def _read(self, text: str) -> Any:
        raise NotImplementedError

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self._shown(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the value, or say what is expected."""
        text = clean(valuelist[0]) if valuelist else ""
        self.data = self._read(text) if text else None


class DayField(_TypedField):
    """A day as "29/12/2015" (a browser's date field sends 2015-12-29)."""

    def _shown(self, value: date) -> str:
        return value.strftime("%d/%m/%Y")

    def _read(self, text: str) -> date:
        found = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", text)
        year, month, day = (found[3], found[2], found[1]) if found else ("", "", "")
        if iso := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
            year, month, day = iso[1], iso[2], iso[3]
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            raise ValueError(_no_day(text) or "Nhập ngày dạng ngày/tháng/năm, ví dụ 29/12/2015.") from None


class HourField(_TypedField):
    """An hour as "07:30", "7h30" or "07 giờ 30"."""

    def _shown(self, value: time) -> str:
        return value.strftime("%H:%M")

    def _read(self, text: str) -> time:
        found = re.fullmatch(r"(\d{1,2})\s*(?:[:hg]|giờ)\s*(\d{2})?\s*(?:phút|')?", text.lower())
        try:
            if found is None:
                raise ValueError
            return time(int(found[1]), int(found[2] or 0))
        except ValueError:
            raise ValueError("Nhập giờ dạng 07:30 hoặc 7h30.") from None


class MomentField(_TypedField):
    """A local moment as "17:00 26/12/2015"; the data is a naive local datetime.

    A day alone means `hour` of that day; without `hour` it asks for the hour.
    """

    def __init__(self, *args: Any, hour: time | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.hour = hour

    def _shown(self, value: datetime) -> str:
        return value.strftime("%H:%M %d/%m/%Y")

    def _read(self, text: str) -> datetime:
        if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text) and _no_day(text) is None:
            if self.hour is None:
                raise ValueError(f"Ghi thêm giờ, ví dụ 15:30 {text}.")
            text = f"{self.hour:%H:%M} {text}"
        found = re.fullmatch(r"(\d{1,2})\s*(?::|h|giờ)\s*(\d{2})?,?\s+(?:ngày\s+)?(\d{1,2})/(\d{1,2})/(\d{4})", text.lower())
        try:
            if found is None:
                raise ValueError
            moment = datetime(int(found[5]), int(found[4]), int(found[3]), int(found[1]), int(found[2] or 0))
            if not 1945 <= moment.year <= 2200:
                raise ValueError
            return moment
        except ValueError:
            raise ValueError(_no_day(text) or "Nhập giờ và ngày, ví dụ 17:00 26/12/2015.") from None


CLOSING = time(17)
"""When the office closes: until then counts a last day that is typed without an hour."""


def _no_day(text: str) -> str | None:
    """Return the sentence for a day that no calendar has, such as 31/02/2027; None for anything else."""
    found = re.search(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$", text)
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[3]) < 1:
        return None
    last = monthrange(int(found[3]), int(found[2]))[1]
    return None if 1 <= int(found[1]) <= last else f"Tháng {int(found[2]):02d} năm {found[3]} chỉ có {last} ngày."


def text_field(label: str, limit: int, *, needed: bool = False, area: bool = False, id: str | None = None) -> Field:
    """Return a text field with its limit."""
    kind = TextAreaField if area else StringField
    return kind(label, [NEEDED if needed else Optional(), at_most(limit)], filters=[text_filter], id=id)


def put_problem(form: FlaskForm, problem: Invalid) -> None:
    """Show a refusal of the service at its field, or above the form."""
    field = form._fields.get(problem.field or "")
    if field is None:
        form.form_errors.append(problem.sentence)
    else:
        field.errors = [*field.errors, problem.sentence]


def attempt(form: FlaskForm, act: Callable[[], T]) -> tuple[int, T | None]:
    """Validate a form and do what it asks; return the status of the answer and what was made.

    302 when it is done; 422 when something typed is wrong and 409 when it cannot be done any more: what was typed stays
    in the form, with the sentence beside it.
    """
    if not form.validate():
        return 422, None
    try:
        return 302, act()
    except Invalid as problem:
        put_problem(form, problem)
        return 422, None
    except Conflict as problem:
        form.form_errors.append(problem.sentence)
        return 409, None


def options(*pairs: tuple[object, str]) -> list[SelectChoice]:
    """Return what a list of values and words offers to choose from."""
    return [SelectChoice(value, label) for value, label in pairs]


def row_number(text: str) -> int:
    """Return the number of a row as the `type` of a value in an address or a form; ValueError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("not the number of a row")
    return int(text)


def number_or_none(text: str | None) -> int | None:
    """Return a number of a select or of the address; anything else is none."""
    try:
        return row_number(text or "")
    except ValueError:
        return None


def chosen_row(values: MultiDict[str, str], name: str) -> int | None:
    """Return the number of the row that a form or an address chooses, None when it chooses none.

    Raises NotFound for what cannot be one: it must not be taken for "all".
    """
    text = values.get(name, "")
    number = number_or_none(text)
    if text and number is None:
        raise NotFound()
    return number


def sent_json() -> Any:
    """Return the JSON of the request's body, or None when it cannot be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        return None


def version_of(form: FlaskForm) -> int | None:
    """Return the version that the page was made from, from its hidden field."""
    return number_or_none(str(form["version"].data or ""))
