"""Words printed over a certificate's form, each at its place in millimetres, and the page that proves the printer."""

from __future__ import annotations

from dataclasses import dataclass

from eventmgr.documents.markup import to_html
from eventmgr.documents.pdf import render_pdf


@dataclass(frozen=True)
class Spot:
    """Where lines of one name stand, in tenths of a mm from the top left corner; letters in tenths of a point."""

    name: str
    x: int
    y: int
    width: int
    size: int
    align: str
    bold: bool


@dataclass(frozen=True)
class OverprintSheet:
    """One page for each certificate: pairs of (name of the spot, text). `frame` draws a plain box for the eye alone."""

    title: str
    page_width: int
    page_height: int
    spots: tuple[Spot, ...]
    pages: tuple[tuple[tuple[str, str], ...], ...]
    frame: bool = False


def render_overprint(sheet: OverprintSheet) -> bytes:
    """Return one PDF; without `frame` there is nothing on the paper but the words."""
    return render_pdf(to_html("overprint.html", sheet=sheet), _css(sheet))


@dataclass(frozen=True)
class RulerSheet:
    """The test page: a ruler in millimetres along the edges, a grid of centimetres, and the spots as boxes."""

    title: str
    page_width: int
    page_height: int
    spots: tuple[Spot, ...]
    labels: tuple[tuple[str, str], ...]


def render_ruler(sheet: RulerSheet) -> bytes:
    """Return the test page as PDF: print it, lay it on a form, read off by how many millimetres to move."""
    across, down = range(10, sheet.page_width, 10), range(10, sheet.page_height, 10)
    rules = [f".x{at}{{left:{at}mm}}" for at in across] + [f".y{at}{{top:{at}mm}}" for at in down]
    ticks = [f".tx{at}{{left:{at}mm;height:{5 if at % 5 == 0 else 3}mm}}" for at in range(1, sheet.page_width)]
    ticks += [f".ty{at}{{top:{at}mm;width:{5 if at % 5 == 0 else 3}mm}}" for at in range(1, sheet.page_height)]
    boxes = [f".{spot.name}{{min-height:{spot.size * 0.35278 / 10 * 1.25:.1f}mm}}" for spot in sheet.spots]
    html = to_html("ruler.html", sheet=sheet, across=across, down=down, wide=range(1, sheet.page_width), high=range(1, sheet.page_height))
    return render_pdf(html, "\n".join([_page(sheet.page_width, sheet.page_height), _RULER, *rules, *ticks, *map(_spot, sheet.spots), *boxes]))


_BODY = 'body{margin:0;font-family:"Times New Roman","Liberation Serif",serif;color:#000}'
_RULER = (
    ".gx,.gy,.tx,.ty{position:absolute;background:#000}.gx{top:0;width:0.1mm;height:100%}.gy{left:0;height:0.1mm;width:100%}"
    ".gx,.gy{background:#bbb}.tx{top:0;width:0.1mm}.ty{left:0;height:0.1mm}"
    ".n{position:absolute;font-size:7pt;background:#fff;line-height:1}.nx{top:6mm;margin-left:-2mm}.ny{left:6mm;margin-top:-1.2mm}"
    ".line{border:0.2mm dashed #000;box-sizing:border-box}.said{position:absolute;left:20mm;top:14mm;font-size:11pt;background:#fff}"
)


def _css(sheet: OverprintSheet) -> str:
    frame = ".frame{position:absolute;left:12mm;top:12mm;right:12mm;bottom:12mm;border:0.6mm solid #999}" if sheet.frame else ""
    return "\n".join([_page(sheet.page_width, sheet.page_height), frame, *map(_spot, sheet.spots)])


def _page(width: int, height: int) -> str:
    leaf = f".leaf{{position:relative;width:{width}mm;height:{height}mm;overflow:hidden;break-after:page}}.leaf:last-child{{break-after:auto}}"
    return f"@page{{size:{width}mm {height}mm;margin:0}}{_BODY}{leaf}.line{{position:absolute;margin:0;line-height:1.25;overflow-wrap:break-word}}"


def _spot(spot: Spot) -> str:
    weight = "bold" if spot.bold else "normal"
    place = f"left:{spot.x / 10:.1f}mm;top:{spot.y / 10:.1f}mm;width:{spot.width / 10:.1f}mm"
    return f".{spot.name}{{{place};font-size:{spot.size / 10:.1f}pt;font-weight:{weight};text-align:{spot.align}}}"
