"""Letters: `python -m tests.bench.letters [N]` prints ms and KB a letter; the last line is the figure."""

from __future__ import annotations

import sys
import time
from collections import namedtuple
from dataclasses import replace

import weasyprint

from eventmgr.documents.invitation import render_invitations
from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.qr import qr_svg
from eventmgr.documents.sheets import InvitationSheet
from eventmgr.documents.wording import number_line
from tests.bench.figures import tell
from tests.documents.samples import LETTER

ALONE = 20
Rest = namedtuple("Rest", "sheet top addressee")
PLAIN = (
    ".rest { break-before: auto } .foot { page: auto } svg { width: 28mm; height: 28mm }"
    ".below { position: absolute; top: 215mm } .number { position: absolute; top: 13mm }"
)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
POSTS = (
    "Chủ tịch Ủy ban nhân dân huyện Tu Mơ Rông",
    "Giám đốc Sở Lao động - Thương binh và Xã hội",
    "Ủy viên Ban Thường vụ Tỉnh ủy, Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
    "Trưởng Ban Văn hóa - Xã hội, Hội đồng nhân dân tỉnh; thành viên Ban Vì sự tiến bộ phụ nữ tỉnh Kon Tum",
)


def main(count: int) -> None:
    sheets = [letter(number) for number in range(1, count + 1)]
    few = sheets[:ALONE]
    # Imports and the font cache are not the letters' cost.
    render_invitations(few[:1])
    plain_document(few[0])

    burnt = time.process_time()
    for sheet in few:
        plain_document(sheet)
    each = (time.process_time() - burnt) / len(few) * 1000

    started, burnt = time.perf_counter(), time.process_time()
    pdf = render_invitations(sheets)
    wall, core = time.perf_counter() - started, time.process_time() - burnt

    named = [replace(sheet, notes=(f"Kính mong đồng chí Nguyễn Thị Mẫu {sheet.number} đến sớm",)) for sheet in sheets[: count // 6]]
    burnt = time.process_time()
    render_invitations(named)
    own = (time.process_time() - burnt) / len(named) * 1000

    print(f"words of its own in each letter: {own:.2f} ms a letter and core (mean of {len(named)})")
    tell(letter_core=core / count * 1000, letter_size=len(pdf) / count / 1024, letter_faster=each * count / core / 1000)
    print(f"{count} letters with QR in one PDF: {wall:.2f} s, {core:.2f} s of one core, {len(pdf) / 1024:.0f} KB")
    print(f"one WeasyPrint document each: {each:.1f} ms a letter and core (mean of {len(few)})")
    print(
        f"{core / count * 1000:.2f} ms a letter and core, {len(pdf) / count / 1024:.2f} KB a letter, "
        f"{each * count / core / 1000:.1f} x faster than one WeasyPrint document each"
    )


def letter(number: int) -> InvitationSheet:
    code = "".join(LETTERS[(number * 7919 ** (place + 1)) % 32] for place in range(16))
    return replace(
        LETTER,
        number=str(number),
        addressee=f"đồng chí Nguyễn Thị Mẫu {number}, {POSTS[number % len(POSTS)]}.",
        qr_text=f"HTTPS://HOINGHI.KONTUM.GOV.VN/I/{code}",
        code_groups=" ".join(code[at : at + 4] for at in range(0, 16, 4)),
    )


def plain_document(sheet: InvitationSheet) -> bytes:
    """The usual way, as WeasyPrint's manual shows it: one HTML document a letter, same words and styles, QR as SVG."""
    values = {"sheet": sheet, "rests": [Rest(sheet, 0, sheet.addressee)], "page_name": ""}
    number = f'<p class="number">{number_line(sheet.number, sheet.letterhead.symbol)}</p>'
    parts = [inner("invitation_head.html", values), number, inner("invitation_rest.html", values)]
    foot = f'<div class="below">{qr_svg(sheet.qr_text or "")}{sheet.code_groups}{inner("invitation_foot.html", values)}</div>'
    html = f'<!doctype html><html lang="vi"><title>{sheet.subject}</title><body>{"".join(parts)}{foot}'
    css = weasyprint.CSS(string=stylesheet("paper.css", "invitation.css") + PLAIN)
    pdf: bytes = weasyprint.HTML(string=html).write_pdf(stylesheets=[css])
    return pdf


def inner(template: str, values: dict[str, object]) -> str:
    return to_html(template, **values).split("<body>")[1].split("</body>")[0]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
