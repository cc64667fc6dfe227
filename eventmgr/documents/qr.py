"""QR codes as vector paths; the only place that imports qrcode."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

QUIET_ZONE = 4
"""Empty modules around the symbol that every reader needs."""

# Letters of a pass code: how many at the end of a link differ from one link to the next.
_VARYING = 16

Run = tuple[int, int, int]
"""A stretch of dark modules: column and row of its first one, quiet zone counted, and how many there are."""


def qr_svg(text: str) -> str:
    """Return the QR code of `text` as a compact SVG: one path of merged runs, level M, quiet zone of four modules.

    Text like HTTPS://HOST/I/XXXXXXXXXXXXXXXX (capitals, digits and " $%*+-./:") is kept in alphanumeric
    mode. Raises ValueError when the text is too long for any code.
    """
    size, runs = qr_runs(text)
    path, at_x, at_y = "", 0, 0
    for x, y, length in runs:
        # The pen runs through the middle of a row; the next stretch begins relative to where it stopped.
        path += f"m{x - at_x} {y - at_y}h{length}" if path else f"M{x} {y}.5h{length}"
        at_x, at_y = x + length, y
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path stroke="#000" d="{path}"/></svg>'
    )


def qr_runs(text: str) -> tuple[int, list[Run]]:
    """Return the code's width in modules, quiet zone counted, and its runs of dark modules, row by row."""
    modules = _code(text).modules
    size = len(modules) + 2 * QUIET_ZONE
    runs: list[Run] = []
    for y, row in enumerate(modules, QUIET_ZONE):
        start = None
        for x, dark in enumerate((*row, False), QUIET_ZONE):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append((start, y, x - start))
                start = None
    return size, runs


def qr_version(text: str) -> int:
    """Return the version (1 to 40) that `text` needs at level M; version 3 has 29 modules a side."""
    return int(_code(text).version)


def is_alphanumeric(text: str) -> bool:
    """Tell whether the whole text goes into QR's alphanumeric mode, which needs 5.5 bits a character."""
    return bool(QRData(text).mode == MODE_ALPHA_NUM)


def _code(text: str) -> qrcode.QRCode[Any]:
    # One segment in the best mode for the whole text: splitting it costs more bits than it saves.
    data = QRData(text)
    version, mask, mode = _plan(text[:-_VARYING]) if len(text) > _VARYING else (None, None, None)
    known = data.mode == mode
    code = qrcode.QRCode(
        version if known else None, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask if known else None
    )
    code.add_data(data, optimize=0)
    code.make(fit=not known)
    return code


@lru_cache(maxsize=64)
def _plan(fixed: str) -> tuple[int, int, int]:
    """Return version, mask and mode for texts that begin with `fixed` and end in a pass code.

    Trying all eight masks is most of the work. The links of a conference differ in their random end only,
    which no mask can suit better than another, so the mask that is best for their beginning serves all.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    data = QRData(fixed + "0" * _VARYING)
    code.add_data(data, optimize=0)
    version = code.best_fit()
    return int(version), int(code.best_mask_pattern()), int(data.mode)
