"""Template filters: how official Vietnamese writes dates, hours, sums and things that stay on one line."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

from flask import Flask
from markupsafe import Markup, escape

from eventmgr.domain.dates import hour_text, long_date, short_date, to_local
from eventmgr.domain.wording import Piece, marked_pieces

_UPPER = r"[^\W\d_a-zàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]"
_NAME = rf"{_UPPER}[\w'’]*(?: {_UPPER}[\w'’]*){{0,5}}"

# What a line must not break: years in brackets or with a dash, an hour, a date, a document's number, and the form
# of address with the name it belongs to.
_TOGETHER = re.compile(
    r"\(\d{4}\s?[-–]\s?\d{4}\)"
    r"|\b\d{4} [-–] \d{4}\b"
    r"|\b\d{1,2} giờ(?: \d{2})?\b"
    r"|\b\d{1,2}/\d{1,2}(?:/\d{4})?\b(?!/)"
    r"|\b\d{1,5}(?:/\d{4})?/[A-ZĐ][A-ZĐa-z]*(?:-[A-ZĐ][A-ZĐa-zơư]*)*"
    rf"|\b[Đđ]ồng chí {_NAME}"
)


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(
        keep=keep,
        vn_date=vn_date,
        vn_date_long=vn_date_long,
        vn_time=vn_time,
        local_time=local_time,
        local_date=local_date,
        money=money,
        sentence_case=sentence_case,
        browser_name=browser_name,
        field_pieces=field_pieces,
    )


def keep(text: object) -> Markup:
    """Hold together what belongs together; everything else is escaped as usual."""
    plain = str(text)
    out: list[Markup] = []
    end = 0
    for found in _TOGETHER.finditer(plain):
        out.append(escape(plain[end : found.start()]))
        out.append(Markup('<span class="keep">{}</span>').format(found.group()))
        end = found.end()
    out.append(escape(plain[end:]))
    return Markup("").join(out)


def sentence_case(text: str) -> str:
    """Capital first letter; the rest stays as it is spelled."""
    return text[:1].upper() + text[1:]


def vn_date(day: date) -> str:
    """29/12/2015; a moment is shown on the country's calendar."""
    return short_date(_calendar(day))


def vn_date_long(day: date) -> str:
    """thứ Ba, ngày 29 tháng 12 năm 2015."""
    return long_date(_calendar(day))


def vn_time(hour: time | datetime) -> str:
    """07 giờ 30; a moment is shown on the country's clock."""
    return hour_text(to_local(hour).time() if isinstance(hour, datetime) else hour)


def local_time(moment: datetime, seconds: bool = False) -> str:
    """07:12 or 07:12:04, on the country's clock."""
    return to_local(moment).strftime("%H:%M:%S" if seconds else "%H:%M")


def local_date(moment: datetime) -> str:
    """29/12, the day of a moment on the country's clock."""
    return to_local(moment).strftime("%d/%m")


def field_pieces(text: object) -> list[Piece]:
    """The pieces of a text whose fields were filled with marks, for a page that shows what came from where."""
    return marked_pieces(str(text))


def money(amount: int | Decimal) -> str:
    """1.150.000 đồng; there are no parts of a đồng."""
    return f"{amount:,.0f}".replace(",", ".") + " đồng"


def _calendar(day: date) -> date:
    return to_local(day).date() if isinstance(day, datetime) else day


_BROWSERS = (
    ("Edg", "Edge"), ("CocCoc", "Cốc Cốc"), ("coc_coc", "Cốc Cốc"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("Chrome/", "Chrome"), ("CriOS", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "điện thoại Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_name(header: str | None) -> str:
    """Return a User-Agent header in a person's words: "Chrome trên Windows"."""
    browser = next((word for sign, word in _BROWSERS if sign in (header or "")), "trình duyệt không rõ")
    system = next((word for sign, word in _SYSTEMS if sign in (header or "")), None)
    return f"{browser} trên {system}" if system else browser
