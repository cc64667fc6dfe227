"""Word documents in the look of an official paper; the only import of docx.

A4, margins of Nghị định 30/2020 (20 mm, left 30 mm), Times New Roman 14 points.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from eventmgr.documents.sheets import RemarksSheet
from eventmgr.domain.text import clean

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
Piece = tuple[str, bool]


class Paper:
    """A document that is written from top to bottom; every text is cleaned, so that XML can hold it."""

    def __init__(self, title: str) -> None:
        from docx import Document  # slow: a tenth of the start, for a paper that is seldom asked for
        from docx.oxml.ns import qn  # slow
        from docx.shared import Mm, Pt  # slow

        self.document = Document()
        self.document.core_properties.title = clean(title)
        self.document.core_properties.author = ""
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(30), Mm(20)
        section.top_margin = section.bottom_margin = Mm(20)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(14)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.paragraph_format.space_after = Pt(6)

    def line(self, text: str, *, bold: bool = False, italic: bool = False, size: float = 14, centre: bool = False) -> Paragraph:
        """Write one paragraph."""
        return self.pieces([(text, bold)], italic=italic, size=size, centre=centre)

    def pieces(
        self, parts: Iterable[Piece], *, italic: bool = False, size: float = 14, centre: bool = False, indent: float = 0
    ) -> Paragraph:
        """Write one paragraph of stretches, each bold or not."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # slow
        from docx.shared import Mm, Pt  # slow

        made = self.document.add_paragraph()
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.JUSTIFY
        made.paragraph_format.left_indent = Mm(indent)
        for text, bold in parts:
            run = made.add_run(_plain(text))
            run.bold, run.italic, run.font.size = bold, italic, Pt(size)
        return made

    def heading(self, text: str) -> None:
        """Write a heading that stays with what follows."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # slow
        from docx.shared import Pt  # slow

        made = self.line(text, bold=True)
        made.alignment = WD_ALIGN_PARAGRAPH.LEFT
        made.paragraph_format.space_before = Pt(12)
        made.paragraph_format.keep_with_next = True

    def content(self) -> bytes:
        """Return the file."""
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()


def render_remarks(sheet: RemarksSheet) -> bytes:
    """Return what was said in the discussion as .docx, to be worked into the minutes."""
    paper = Paper("Ý kiến thảo luận")
    paper.line(sheet.organiser.upper(), bold=True, centre=True, size=13)
    paper.line("Ý KIẾN THẢO LUẬN TẠI HỘI NGHỊ", bold=True, centre=True)
    paper.line(sheet.conference, bold=True, centre=True)
    if sheet.when_and_where:
        paper.line(sheet.when_and_where, italic=True, centre=True, size=13)
    for place, one in enumerate(sheet.remarks, start=1):
        paper.heading(f"{place}. {one.who}{f' - {one.post}' if one.post else ''}")
        paper.line(one.when, italic=True, size=13)
        if one.topic:
            paper.pieces([("Nội dung: ", True), (one.topic, False)])
        for part in one.text.splitlines() or ["(Chưa ghi ý kiến.)"]:
            paper.line(part)
    if not sheet.remarks:
        paper.line("Chưa có đại biểu nào phát biểu.")
    if sheet.unheard:
        paper.heading("Đại biểu đăng ký nhưng chưa phát biểu")
        for text in sheet.unheard:
            paper.line(f"- {text}")
    return paper.content()


def _plain(text: str) -> str:
    """The text cleaned; a space at its end belongs to the sentence around it."""
    bare = clean(text)
    return f"{' ' * text.startswith(' ')}{bare}{' ' * text.endswith(' ')}" if bare else bare
