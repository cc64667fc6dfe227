from __future__ import annotations

import io

import pytest
from jinja2 import UndefinedError
from pypdf import PdfReader

from eventmgr.documents.markup import to_html
from eventmgr.documents.pdf import ForbiddenFetch, render_pdf
from tests.documents import reading
from tests.documents.samples import LETTER, pdf_of


@pytest.mark.parametrize(
    "html",
    [
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="https://example.org/x.png">',
        '<img src="file:///etc/passwd">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<p style="background: url(ftp://example.org/x)">x</p>',
        "<style>@import url(file:///etc/hostname);</style>",
        '<object data="file:///etc/passwd"></object>',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
    ],
)
def test_paper_reaches_neither_network_nor_files(html: str) -> None:
    with pytest.raises(ForbiddenFetch):
        render_pdf(html, "")


def test_stylesheet_reaches_no_files_either() -> None:
    with pytest.raises(ForbiddenFetch):
        render_pdf("<p>x", "@import url(file:///etc/passwd);")


def test_data_that_is_handed_in_is_printed() -> None:
    svg = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'></svg>"
    assert reading.text(render_pdf(f'<p>Chữ<img src="{svg}">', "")) == "Chữ"


def test_title_and_language_are_told() -> None:
    reader = PdfReader(io.BytesIO(pdf_of(LETTER)))
    assert reader.metadata is not None
    assert reader.metadata.title == f"GIẤY MỜI: {LETTER.subject}"
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    assert reader.metadata.creation_date is None


def test_name_that_nobody_gave_is_a_mistake() -> None:
    with pytest.raises(UndefinedError):
        to_html("invitation_own.html", letters=[])
