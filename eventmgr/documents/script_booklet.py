"""The booklet "KỊCH BẢN ĐIỀU HÀNH" for the lectern: as PDF in large type, and as .docx to work on."""

from __future__ import annotations

from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.pdf import render_pdf
from eventmgr.documents.sheets import ScriptLine, ScriptSheet
from eventmgr.documents.word import Paper


def render_script(sheet: ScriptSheet) -> bytes:
    """Return the booklet as one PDF."""
    return render_pdf(to_html("script.html", sheet=sheet), stylesheet("paper.css", "script.css"))


def render_script_docx(sheet: ScriptSheet) -> bytes:
    """Return the booklet as .docx."""
    paper = Paper("Kịch bản điều hành")
    paper.line(sheet.organiser.upper(), bold=True, centre=True, size=13)
    paper.line("KỊCH BẢN ĐIỀU HÀNH", bold=True, centre=True, size=16)
    paper.line(sheet.conference, bold=True, centre=True)
    for line in (sheet.when_and_where, sheet.version):
        if line:
            paper.line(line, italic=True, centre=True, size=13)
    if sheet.corrections:
        paper.heading(f"Thay đổi so với {sheet.against}")
        for text in sheet.corrections:
            paper.line(f"- {text}")
    for step in sheet.steps:
        paper.heading(f"{step.number}. {step.title}")
        facts = " · ".join(part for part in (step.kind, step.time) if part)
        paper.line(facts, italic=True, size=13)
        if step.who:
            instead = f" (thay {step.instead_of})" if step.instead_of else ""
            paper.pieces([("Người thực hiện: ", False), (step.who, True), (f"{f', {step.post}' if step.post else ''}{instead}", False)])
        if step.note:
            paper.line(step.note, bold=True, italic=True, size=13)
        _said(paper, "Lời dẫn:", step.before)
        _said(paper, "Khi mục đang diễn ra:", step.during)
    if sheet.closing:
        paper.heading("Kết thúc")
        _said(paper, "Lời dẫn:", sheet.closing)
    return paper.content()


def _said(paper: Paper, label: str, lines: tuple[ScriptLine, ...]) -> None:
    if lines:
        paper.line(label, italic=True, size=13)
        for line in lines:
            paper.pieces(line, size=16, indent=8)
