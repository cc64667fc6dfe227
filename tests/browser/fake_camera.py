"""What Chromium's fake camera shows: a film of still pictures, one QR code after the other."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from eventmgr.documents.qr import qr_runs

SIZE = (640, 480)
FRAMES_A_SECOND = 10


Scene = tuple[str | Image.Image | None, float]


def film(path: Path, scenes: Sequence[Scene]) -> Path:
    """Write a Motion JPEG film: each scene is (text of the QR, a picture, or None for an empty wall; seconds)."""
    frames = []
    for shown, seconds in scenes:
        picture = io.BytesIO()
        (shown if isinstance(shown, Image.Image) else frame(shown)).save(picture, "JPEG", quality=85)
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


def held_badly(text: str) -> dict[str, Image.Image]:
    """Return the QR as people hold it: far away, askew, in the dark, before a camera that does not focus."""
    good = frame(text)
    wall = (112, 116, 120)
    return {
        "small": frame(text, module=3),
        "tilted": good.rotate(28, fillcolor=wall, resample=Image.Resampling.BICUBIC),
        "upside down": good.rotate(180),
        "in perspective": good.transform(
            SIZE, Image.Transform.PERSPECTIVE, (1.0, 0.18, -40, 0.0, 1.1, -20, 0.0, 0.0006), Image.Resampling.BICUBIC, fillcolor=wall
        ),
        "dim": good.point([value // 5 + 8 for value in range(256)] * 3),
        "blurred": good.filter(ImageFilter.GaussianBlur(3.5)),
    }


def arguments(video: Path) -> list[str]:
    """Return what Chromium needs to show the film to every page that asks for a camera."""
    return [
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}",
    ]
