"""The fixed wording of official papers: dates, numbers, ends of sentences (domain/invitation.md §3)."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from eventmgr.documents.sheets import AwardListSheet, InvitationSheet, Letterhead
from eventmgr.domain.text import clean

# No-break spaces, so that the room for the clerk's pen neither collapses nor wraps.
BLANK = Markup("\u00a0" * 6)


def official_date(day: date) -> str:
    """Return "ngày 05 tháng 3 năm 2015": a zero before days under 10 and before months 1 and 2 only."""
    return f"ngày {day.day:02d} {official_month(day.month, day.year)}"


def official_month(month: int, year: int) -> str:
    """Return "tháng 02 năm 2015" or "tháng 12 năm 2015"."""
    return f"tháng {month:02d} năm {year}" if month < 3 else f"tháng {month} năm {year}"


def date_line(
    place: str, dated_on: date | None, month_hint: tuple[int, int] | None = None, *, draft: bool = False
) -> Markup:
    """Return box 4, "Kon Tum, ngày 28 tháng 12 năm 2015", with blanks for what is not known.

    A draft never shows a day; its month comes from `month_hint` (month, year), else from `dated_on`.
    """
    if dated_on is not None and not draft:
        return Markup("{}, {}").format(clean(place), official_date(dated_on))
    if month_hint is None and dated_on is not None:
        month_hint = (dated_on.month, dated_on.year)
    month = official_month(*month_hint) if month_hint else Markup("tháng{0}năm{0}").format(BLANK)
    return Markup("{}, ngày{}{}").format(clean(place), BLANK, month)


def number_line(number: str | None, symbol: str) -> Markup:
    """Return box 3, "Số: 05/GM-VP" with at least two digits, or room for the number when there is none."""
    if number is None:
        return Markup("Số:{}/{}").format(BLANK, clean(symbol))
    return Markup("Số: {}/{}").format(padded(number), clean(symbol))


def padded(number: str) -> str:
    """Return a number as it is printed: at least two digits."""
    tidy = clean(number)
    return tidy.zfill(2) if tidy.isdigit() else tidy


def count(amount: int) -> str:
    """Return a count as official texts write it: "05", "10"."""
    return f"{amount:02d}"


def sentence(text: str) -> str:
    """Return the text closed with one full stop."""
    return _open_ended(text) + "."


def closing(text: str) -> str:
    """Return the text closed as the end of an official paper: "./."."""
    return _open_ended(text) + "./."


def letter_number(sheet: InvitationSheet) -> Markup:
    """Return box 3 of a letter; a draft has no number even if one is given."""
    return number_line(None if sheet.draft else sheet.number, sheet.letterhead.symbol)


def letter_date(sheet: InvitationSheet) -> Markup:
    """Return box 4 of a letter."""
    return date_line(sheet.letterhead.place, sheet.dated_on, sheet.month_hint, draft=sheet.draft)


def letter_body(sheet: InvitationSheet) -> tuple[str | Markup, ...]:
    """Return the paragraphs that follow the addressee, the last one closed with "./."."""
    purpose = sheet.purpose
    if sheet.kinh_gui:
        purpose = f"{_open_ended(sheet.opening)} {purpose[:1].lower() + purpose[1:]}"
    when: str | Markup = Markup("Thời gian:{0}giờ{0}, ngày{0}tháng{0}năm{0}.").format(BLANK)
    if sheet.time_text:
        when = sentence(f"Thời gian: {sheet.time_text}")
    paragraphs = [sentence(purpose), sentence(f"Chủ trì: {sheet.chair}"), when]
    paragraphs += [sentence(text) for text in (f"Địa điểm: {sheet.venue}", *sheet.notes)]
    return (*paragraphs[:-1], closing(str(paragraphs[-1])))


def recipient_lines(recipients: tuple[str, ...]) -> list[str]:
    """Return the lines of "Nơi nhận": "- Như trên;" and so on, the last one closed with a full stop."""
    bare = [_open_ended(line).lstrip("-– ") for line in recipients]
    return [f"- {line}{';' if at < len(bare) else '.'}" for at, line in enumerate(bare, 1)]


def decision(sheet: AwardListSheet) -> Markup:
    """Return "Quyết định số 3/QĐ-UBND ngày 28 tháng 12 năm 2015", with blanks while there is no decision."""
    number = clean(sheet.decision_number) if sheet.decision_number else BLANK
    day: str | Markup = Markup("ngày{0}tháng{0}năm{0}").format(BLANK)
    if sheet.decided_on is not None:
        day = official_date(sheet.decided_on)
    return Markup("Quyết định số {}/{} {}").format(number, clean(sheet.decision_symbol), day)


def award_count(sheet: AwardListSheet) -> str:
    """Return "Danh sách này có 05 tập thể và 10 cá nhân", naming only the kinds that occur."""
    counted = [(len(sheet.collectives), "tập thể"), (len(sheet.persons), "cá nhân")]
    if not sheet.collectives_first:
        counted.reverse()
    named = [f"{count(amount)} {kind}" for amount, kind in counted if amount]
    return "Danh sách này có " + (" và ".join(named) or "00 tập thể, cá nhân")


def is_committee(letterhead: Letterhead) -> bool:
    """Tell whether the letterhead is a committee's own, which never has a superior line."""
    return letterhead.issuer == "committee"


def _open_ended(text: str) -> str:
    return clean(text).rstrip(" .;:,/")
