"""Every hostile text in every field of every paper: printed as it was typed, never run, nothing fetched."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import cycle
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pypdf
import pytest

from eventmgr.documents import overprint
from eventmgr.documents.award_list import render_award_list
from eventmgr.documents.award_tables import AwardTableSheet, Column, TablePart, render_award_table
from eventmgr.documents.call_list import render_call_list
from eventmgr.documents.handover_sheet import render_handover_sheet
from eventmgr.documents.invitation import render_invitation
from eventmgr.documents.press_list import render_press_list
from eventmgr.documents.programme import render_programme
from eventmgr.documents.script_booklet import render_script, render_script_docx
from eventmgr.documents.sign_in import render_sign_in
from eventmgr.documents.word import render_remarks
from eventmgr.domain.text import clean
from tests.attack.test_hostile_texts import TEXTS

# What a reader of the PDF gives back letter by letter: a font without a sign for something leaves a box.
READABLE = [text for text in TEXTS if clean(text).isascii()]
FILLED: dict[str, Callable[[Any], bytes]] = {
    "programme": render_programme, "award list": render_award_list, "press list": render_press_list, "calling list": render_call_list,
    "booklet": render_script, "sign-in": render_sign_in, "handover": render_handover_sheet,
}  # fmt: skip


def made(kind: Any, texts: Iterator[str]) -> Any:
    """Return a sheet, or any part of one, whose every text is the next hostile one; a tuple holds each of them once."""
    if get_origin(kind) in (UnionType, Union):
        return made(next(one for one in get_args(kind) if one is not NoneType), texts)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        return tuple(made(inner[0], texts) for _ in TEXTS) if inner[-1] is Ellipsis else tuple(made(one, texts) for one in inner)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: few(hints[field.name], texts) for field in fields(kind)})  # type: ignore[operator]
    return {str: lambda: next(texts), bool: lambda: False, int: lambda: 1, date: lambda: date(2015, 12, 29)}[kind]()


def few(kind: Any, texts: Iterator[str]) -> Any:
    """Return a part of a sheet; tuples inside rows hold two texts, or a list of rows within rows would never end."""
    nested = get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis and not is_dataclass(get_args(kind)[0])
    return tuple(made(get_args(kind)[0], texts) for _ in range(2)) if nested else made(kind, texts)


def sheet_of(render: Callable[[Any], bytes]) -> Any:
    hints = get_type_hints(render)
    return made(hints["sheet"], cycle(TEXTS))


def unspaced(text: str) -> str:
    return re.sub(r"\s", "", text)


def printed(pdf: bytes) -> str:
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return unspaced(run.stdout.decode())


def only_paper(pdf: bytes) -> None:
    """Nothing that a reader would run, open or send."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root) and not reader.attachments
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {}))
    assert [page["/Annots"] for page in reader.pages if "/Annots" in page] == []


@pytest.mark.parametrize("name", FILLED)
def test_each_text_in_each_field_of_a_list_is_printed_as_typed(name: str) -> None:
    pdf = FILLED[name](sheet_of(FILLED[name]))
    only_paper(pdf)
    text = printed(pdf)
    assert [one for one in READABLE if unspaced(clean(one)) not in text] == []
    assert "root:x:" not in text and "8281" not in text


def test_each_text_in_a_letter_is_printed_as_typed() -> None:
    texts = cycle(READABLE)
    hints = get_type_hints(render_invitation)
    seen = ""
    for _ in range(6):  # the text of the code, and what this form leaves out, is not printed: the next letter starts elsewhere
        next(texts)
        pdf = render_invitation(made(hints["sheet"], texts))
        only_paper(pdf)
        seen += printed(pdf)
    assert [one for one in READABLE if unspaced(clean(one)) not in seen] == []
    assert "root:x:" not in seen and "8281" not in seen


def test_each_text_in_a_table_of_awards_is_printed_as_typed() -> None:
    rows = tuple((text, text[::-1], "1") for text in TEXTS)
    columns = (Column(TEXTS[0]), Column(TEXTS[3]), Column("=1+1", 20, "sum"))
    pdf = render_award_table(AwardTableSheet(TEXTS[2], tuple(TEXTS[:3]), columns, (TablePart(TEXTS[11], rows, rows[0]),), tuple(TEXTS[-3:])))
    only_paper(pdf)
    text = printed(pdf)
    assert [one for one in READABLE if unspaced(clean(one)) not in text] == []


def test_each_text_on_a_certificate_is_printed_as_typed() -> None:
    spots = (overprint.Spot("name", 200, 500, 1600, 180, "center", True), overprint.Spot("work", 200, 1200, 1600, 120, "left", False))
    pages = tuple((("name", text), ("work", text)) for text in TEXTS)
    pdf = overprint.render_overprint(overprint.OverprintSheet(TEXTS[0], 200, 280, spots, pages))
    only_paper(pdf)
    text = printed(pdf)
    assert [one for one in READABLE if unspaced(clean(one)) not in text] == []


@pytest.mark.parametrize("render", [render_script_docx, render_remarks])
def test_word_documents_hold_text_alone(render: Callable[[Any], bytes]) -> None:
    import docx

    document = docx.Document(io.BytesIO(render(sheet_of(render))))
    text = unspaced("".join(paragraph.text for paragraph in document.paragraphs))
    assert [one for one in TEXTS if unspaced(clean(one)) not in text] == []
    links = [part.reltype for part in document.part.rels.values() if part.is_external]
    assert links == []
