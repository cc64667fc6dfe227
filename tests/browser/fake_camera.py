"""What Chromium's fake camera shows: a film of still pictures, one QR code after the other."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from eventmgr.documents.qr import qr_runs

SIZE = (640, 480)
FRAMES_A_SECOND = 10


def film(path: Path, scenes: Sequence[tuple[str | None, float]]) -> Path:
    """Write a Motion JPEG film: each scene is (text of the QR or None for an empty wall, seconds)."""
    frames = []
    for text, seconds in scenes:
        picture = io.BytesIO()
        frame(text).save(picture, "JPEG", quality=85)
        frames += [picture.getvalue()] * max(1, round(seconds * FRAMES_A_SECOND))
    path.write_bytes(b"".join(frames))
    return path


def frame(text: str | None, module: int = 8) -> Image.Image:
    """Return one picture: a grey wall, and in its middle a sheet of paper with the QR."""
    picture = Image.new("RGB", SIZE, (112, 116, 120))
    if text is None:
        return picture
    size, runs = qr_runs(text)
    sheet = Image.new("RGB", (size * module, size * module), (244, 244, 239))
    pen = ImageDraw.Draw(sheet)
    for x, y, length in runs:
        pen.rectangle((x * module, y * module, (x + length) * module - 1, (y + 1) * module - 1), fill=(20, 20, 20))
    picture.paste(sheet, ((SIZE[0] - sheet.width) // 2, (SIZE[1] - sheet.height) // 2))
    return picture


def arguments(video: Path) -> list[str]:
    """Return what Chromium needs to show the film to every page that asks for a camera."""
    return [
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}",
    ]
