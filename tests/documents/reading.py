"""Read a PDF back: words with their places in mm, drawn lines, fonts, pictures of pages."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from re import DOTALL, findall
from xml.etree import ElementTree

import zxingcpp
from PIL import Image
from pypdf import PdfReader

MM = 25.4 / 72


@dataclass(frozen=True)
class Word:
    """A word with its box in mm from the top left corner; `baseline` is where its letters stand."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Line:
    """A horizontal drawn line, in mm."""

    left: float
    right: float
    top: float

    @property
    def length(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def text(pdf: bytes, page: int | None = None) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    chosen = pages if page is None else [pages[page - 1]]
    return " ".join(" ".join(p.extract_text() for p in chosen).split())


def page_count(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def words(pdf: bytes, page: int = 1) -> list[Word]:
    run = subprocess.run(
        ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), "-", "-"], input=pdf, capture_output=True, check=True
    )
    found = findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>',
        run.stdout.decode(),
        DOTALL,
    )
    return [Word(unescape(t), *(float(v) * MM for v in box)) for *box, t in found]


def phrase(pdf: bytes, wanted: str, page: int = 1) -> Word:
    """The box around words that stand one after the other on one line."""
    parts = wanted.split()
    all_words = words(pdf, page)
    for at in range(len(all_words)):
        found = all_words[at : at + len(parts)]
        if [w.text for w in found] == parts and max(w.top for w in found) - min(w.top for w in found) < 2:
            return Word(wanted, found[0].left, min(w.top for w in found), found[-1].right, max(w.bottom for w in found))
    raise AssertionError(f"{wanted!r} does not stand on one line of page {page}")


def baselines(pdf: bytes, page: int = 1) -> list[tuple[str, float]]:
    """Each piece of text with its baseline in mm from the top, as the PDF itself sets it."""
    found: list[tuple[str, float]] = []
    sheet = PdfReader(io.BytesIO(pdf)).pages[page - 1]
    height = float(sheet.mediabox.height)

    def visit(piece: str, matrix: list[float], text_matrix: list[float], *_: object) -> None:
        if piece.strip():
            y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            found.append((piece.strip(), (height - y) * MM))

    sheet.extract_text(visitor_text=visit)
    return found


def baseline(pdf: bytes, start: str, page: int = 1) -> float:
    return next(y for piece, y in baselines(pdf, page) if piece.startswith(start))


def lines(pdf: bytes, page: int = 1) -> list[Line]:
    """Drawn horizontal lines: filled boxes at most 0.5 mm high and at least 5 mm long, from the page's picture in SVG."""
    run = subprocess.run(
        ["pdftocairo", "-svg", "-f", str(page), "-l", str(page), "-", "-"], input=pdf, capture_output=True, check=True
    )
    found = []
    for element in ElementTree.fromstring(run.stdout).iter("{http://www.w3.org/2000/svg}path"):
        numbers = [float(n) for n in findall(r"-?\d+\.?\d*", element.get("d", ""))]
        xs, ys = numbers[0::2], numbers[1::2]
        if len(numbers) not in (4, 8, 10) or "C" in element.get("d", ""):
            continue
        a, b, c, d, e, f = (float(n) for n in findall(r"-?\d+\.?\d*", element.get("transform", "matrix(1,0,0,1,0,0)")))
        assert b == c == 0
        left, right = sorted((min(xs) * a + e, max(xs) * a + e))
        top, bottom = sorted((min(ys) * d + f, max(ys) * d + f))
        if (right - left) * MM > 5 and (bottom - top) * MM < 0.5:
            found.append(Line(left * MM, right * MM, top * MM))
    return sorted(found, key=lambda line: (line.top, line.left))


def fonts(pdf: bytes) -> list[tuple[str, bool]]:
    """Names without the subset's letters, and whether the font file is inside."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            name = str(descendant["/BaseFont"]).lstrip("/").split("+")[-1]
            found[name] = "/FontFile2" in descendant["/FontDescriptor"] or "/FontFile3" in descendant["/FontDescriptor"]
    return sorted(found.items())


def picture(pdf: bytes, page: int, folder: Path, dpi: int = 150) -> Image.Image:
    name = folder / f"page-{page}-{dpi}"
    subprocess.run(
        ["pdftoppm", "-png", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile", "-", str(name)],
        input=pdf,
        check=True,
    )
    return Image.open(name.with_name(name.name + ".png")).convert("L")


def qr_codes(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]
