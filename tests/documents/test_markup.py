"""Values on paper: cleaned and escaped, and no two words run together where a sentence is made of stretches."""

from __future__ import annotations

import io

from pypdf import PdfReader

from eventmgr.documents.markup import to_html
from eventmgr.documents.script_booklet import render_script
from eventmgr.documents.sheets import ScriptLine, ScriptSheet, ScriptStep

SAID: ScriptLine = (
    ("Tiếp theo, xin mời", False), (" đồng chí Ngô Thị Thử ", True), ("lên bục.", False), (" ", False), ("Đại diện Sở Y tế", True),
    (" xin\u202e chuẩn   bị.", False),
)  # fmt: skip


def sheet() -> ScriptSheet:
    step = ScriptStep("1", "Khai <mạc> ", "Khai mạc", "07:30", "Bà Thử", "Giám đốc", "", (SAID,), ())
    return ScriptSheet("UBND tỉnh", "Hội nghị", "", "Bản 1", "chương trình", (), (step,), ())


def test_stretches_of_a_sentence_keep_the_blanks_between_them_on_paper():
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(render_script(sheet()))).pages).split())
    assert "Tiếp theo, xin mời đồng chí Ngô Thị Thử lên bục. Đại diện Sở Y tế xin chuẩn bị." in printed


def test_every_value_is_cleaned_and_escaped_and_only_its_edge_blanks_stay():
    html = to_html("script.html", sheet=sheet())
    assert '<p class="step__title">Khai &lt;mạc&gt; </p>' in html and "\u202e" not in html
    assert "<b> đồng chí Ngô Thị Thử </b>lên bục. <b>Đại diện Sở Y tế</b> xin chuẩn bị.</p>" in html
