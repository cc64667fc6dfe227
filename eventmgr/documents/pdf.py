"""HTML to PDF: the only place that imports weasyprint, with no way out to the network or to files."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from eventmgr.documents.qr import Run

_POINTS_PER_MM = 72 / 25.4
_MM_PER_PIXEL = 25.4 / 96
_A4_HEIGHT_MM = 297

LaidPage = Any
"""A page laid out by WeasyPrint (weasyprint.document.Page, which has no types)."""


class ForbiddenFetch(Exception):
    """A paper asked for something that was not handed in."""


@dataclass(frozen=True)
class QrMark:
    """A QR code on a page: its place and side in mm from the top left corner, quiet zone counted; its runs."""

    left: float
    top: float
    side: float
    modules: int
    runs: tuple[Run, ...]


Leaf = Sequence[LaidPage | QrMark]
"""One printed page: its layers, the lowest first. At least one is a laid page."""


def render_pdf(html: str, css: str) -> bytes:
    """Return one HTML document as a PDF with embedded fonts; title and language are those of the HTML.

    The same input gives the same bytes. Raises ForbiddenFetch when the HTML or CSS asks for anything
    that was not handed in (every URL but data:).
    """
    printer = Printer(css)
    return printer.join([(page,) for page in printer.lay_out(html)])


class Printer:
    """Lays out HTML under one stylesheet and joins the pages into one PDF."""

    def __init__(self, css: str) -> None:
        from weasyprint import CSS  # slow
        from weasyprint.text.fonts import FontConfiguration  # slow

        self._fonts = FontConfiguration()
        self._fetcher = _closed_fetcher()
        with _strict():
            self._css = CSS(string=css, font_config=self._fonts, url_fetcher=self._fetcher)
        self._first: Any = None

    def lay_out(self, html: str) -> list[LaidPage]:
        """Return the pages of one HTML document; `marks` tells where their elements with an id stand."""
        from weasyprint import HTML  # slow

        with _strict():
            document = HTML(string=html, url_fetcher=self._fetcher).render(
                stylesheets=[self._css], font_config=self._fonts
            )
        self._first = self._first or document
        return list(document.pages)

    def join(self, leaves: Sequence[Leaf]) -> bytes:
        """Return one PDF; a laid page used in several leaves is stored once. Title and language are the first's.

        Raises ValueError when there is nothing to print.
        """
        if not leaves:
            raise ValueError("nothing to print")
        layers = [layer for leaf in leaves for layer in leaf if not isinstance(layer, QrMark)]
        pages = list({id(page): page for page in layers}.values())
        for page in pages:
            page.anchors = {}
        with _strict():
            written: bytes = self._first.copy(pages).write_pdf(finisher=lambda _, pdf: _stack(pdf, pages, leaves))
        return written


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep Python's cycle collector away meanwhile: layout makes millions of objects, which it would search in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def marks(page: LaidPage) -> dict[str, tuple[float, float]]:
    """Return top and bottom in mm from the top of the page, by id, of the page's elements that have one."""
    return {name: (box[1] * _MM_PER_PIXEL, box[3] * _MM_PER_PIXEL) for name, box in page.anchors.items()}


def _stack(pdf: Any, pages: Sequence[LaidPage], leaves: Sequence[Leaf]) -> None:
    """Rebuild the page tree of `pages`: each leaf becomes one page that shows the streams of its layers in turn."""
    import pydyf  # slow

    written = {id(page): pdf.objects[at] for page, at in zip(pages, pdf.pages["Kids"][::3], strict=True)}
    for page in written.values():
        stream = pdf.objects[int(page["Contents"].split()[0])]
        # Each stream turns the page upside down first; undo that for the layer above.
        stream.stream.insert(0, b"q")
        stream.stream.append(b"Q")
    streams = {key: page["Contents"] for key, page in written.items()}
    uses = Counter(id(layer) for leaf in leaves for layer in leaf)
    pdf.pages["Kids"].clear()
    pdf.pages["Count"] = 0
    blank = dict(next(iter(written.values())))
    for leaf in leaves:
        # A layer that only one leaf shows lends its entry; where all layers are shared a new one is made.
        own = next((id(layer) for layer in leaf if id(layer) in written and uses[id(layer)] == 1), None)
        if own is None:
            page = pydyf.Dictionary(blank)
            pdf.add_object(page)
        else:
            page = written[own]
        page["Contents"] = pydyf.Array(
            _qr_reference(pdf, layer) if isinstance(layer, QrMark) else streams[id(layer)] for layer in leaf
        )
        pdf.pages["Kids"].extend([page.number, 0, "R"])
        pdf.pages["Count"] += 1


def _qr_reference(pdf: Any, mark: QrMark) -> bytes:
    import pydyf  # slow

    stream = pydyf.Stream([_qr_operators(mark)], compress=True)
    pdf.add_object(stream)
    reference: bytes = stream.reference
    return reference


def _qr_operators(mark: QrMark) -> bytes:
    scale = mark.side / mark.modules * _POINTS_PER_MM
    left = mark.left * _POINTS_PER_MM
    top = (_A4_HEIGHT_MM - mark.top) * _POINTS_PER_MM
    boxes = " ".join(f"{x} {y} {length} 1 re" for x, y, length in mark.runs)
    return f"q 0 g {scale:.5f} 0 0 {-scale:.5f} {left:.3f} {top:.3f} cm {boxes} f Q".encode()


def _closed_fetcher() -> Any:
    from weasyprint.urls import URLFetcher  # slow

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)


@contextmanager
def _strict() -> Iterator[None]:
    from weasyprint.urls import FatalURLFetchingError  # slow

    try:
        with without_collector():
            yield
    except FatalURLFetchingError as error:
        # It is a BaseException there, which would tear down the whole job process.
        raise ForbiddenFetch(str(error)) from error
