from __future__ import annotations

import io
from pathlib import Path
from re import findall, search

import pytest
from PIL import Image, ImageDraw

from eventmgr.documents.qr import is_alphanumeric, qr_runs, qr_svg, qr_version
from tests.documents import reading

CODE = "7K3MQ9ZDR2VX4TBN"


def drawn(text: str) -> Image.Image:
    size, runs = qr_runs(text)
    image = Image.new("L", (size * 8, size * 8), 255)
    pen = ImageDraw.Draw(image)
    for x, y, length in runs:
        pen.rectangle((x * 8, y * 8, (x + length) * 8 - 1, y * 8 + 7), fill=0)
    return image


@pytest.mark.parametrize("letters", [1, 12, 25])
def test_link_of_a_pass_is_version_3_in_alphanumeric_mode(letters: int) -> None:
    link = f"HTTPS://{'H' * letters}/I/{CODE}"
    assert is_alphanumeric(link)
    assert qr_version(link) <= 3
    assert qr_version(f"HTTPS://{'H' * 25}/I/{CODE}") == 3


def test_small_letters_leave_the_alphanumeric_mode() -> None:
    assert not is_alphanumeric(f"https://hoinghi.example/i/{CODE}")


def test_runs_are_read_back_as_the_text() -> None:
    link = f"HTTPS://HOINGHI.EXAMPLE/I/{CODE}"
    assert reading.qr_codes(drawn(link)) == [link]


def test_links_that_end_otherwise_than_in_a_pass_code_are_read_back() -> None:
    fixed = f"HTTPS://{'H' * 30}/I/"
    links = [fixed + CODE, fixed + "abcdefghijklmnop", fixed, "12345", "Đăk Hà"]
    assert [reading.qr_codes(drawn(link)) for link in links] == [[link] for link in links]


def test_runs_keep_a_quiet_zone_of_four_modules_and_never_touch() -> None:
    size, runs = qr_runs(f"HTTPS://HOINGHI.EXAMPLE/I/{CODE}")
    assert size == 29 + 8
    assert (min(x for x, _, _ in runs), min(y for _, y, _ in runs)) == (4, 4)
    assert (max(x + length for x, _, length in runs), max(y for _, y, _ in runs)) == (33, 32)
    ends = {(x + length, y) for x, y, length in runs}
    assert not ends & {(x, y) for x, y, _ in runs}


def test_svg_is_one_small_path_that_draws_the_same_modules() -> None:
    link = f"HTTPS://HOINGHI.EXAMPLE/I/{CODE}"
    svg = qr_svg(link)
    assert len(svg) < 2500
    assert svg.count("<path") == 1
    assert 'viewBox="0 0 37 37"' in svg
    path = search(r' d="([^"]+)"', svg)
    assert path
    x, y, found = 0, 0, []
    for move, across, down, length in findall(r"([Mm])(-?\d+) (-?\d+)(?:\.5)?h(\d+)", path[1]):
        x, y = (int(across), int(down)) if move == "M" else (x + int(across), y + int(down))
        found.append((x, y, int(length)))
        x += int(length)
    assert found == qr_runs(link)[1]


def test_svg_in_a_browserlike_renderer_is_read_back(tmp_path: Path) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    link = f"HTTPS://HOINGHI.EXAMPLE/I/{CODE}"
    page = f"<style>@page{{size:60mm;margin:5mm}}svg{{width:50mm;height:50mm}}</style>{qr_svg(link)}"
    pdf = io.BytesIO(weasyprint.HTML(string=page).write_pdf())
    assert reading.qr_codes(reading.picture(pdf.getvalue(), 1, tmp_path)) == [link]


def test_text_too_long_for_any_code_is_refused() -> None:
    with pytest.raises(ValueError):
        qr_version("A" * 5000)
