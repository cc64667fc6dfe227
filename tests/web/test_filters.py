from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from flask import Flask
from markupsafe import Markup

from eventmgr.web import filters

HALF_PAST_MIDNIGHT = datetime(2015, 12, 29, 0, 30, 4, tzinfo=UTC)


@pytest.fixture
def show() -> object:
    app = Flask("front", static_folder=None)
    filters.init_app(app)
    return lambda source, **values: app.jinja_env.from_string(source).render(**values)


def kept(text: str) -> list[str]:
    return [part.split("</span>")[0] for part in str(filters.keep(text)).split('<span class="keep">')[1:]]


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("giai đoạn I (2011-2015) thực hiện", ["(2011-2015)"]),
        ("giai đoạn 2011 - 2020", ["2011 - 2020"]),
        ("từ 07 giờ 30 đến 11 giờ 00", ["07 giờ 30", "11 giờ 00"]),
        ("ngày 29/12/2015, trước ngày 25/12", ["29/12/2015", "25/12"]),
        ("Kế hoạch số 2809/KH-UBND ngày 02/12/2015", ["2809/KH-UBND", "02/12/2015"]),
        ("Nghị định số 30/2020/NĐ-CP", ["30/2020/NĐ-CP"]),
        ("mời đồng chí Lê Thị Ví Dụ phát biểu", ["đồng chí Lê Thị Ví Dụ"]),
        ("Đồng chí Y Ví Dụ - Phó Chủ tịch", ["Đồng chí Y Ví Dụ"]),
        ("các đồng chí dự họp", []),
        ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", []),
    ],
)
def test_keep_holds_together_what_a_line_must_not_break(text: str, together: list[str]):
    assert kept(text) == together
    assert filters.keep(text).striptags() == text


def test_keep_shows_hostile_text_as_text(show):
    source = 'đồng chí <script>alert(1)</script> & "29/12/2015"'
    assert show("{{ text | keep }}", text=source) == (
        "đồng chí &lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;"
        '<span class="keep">29/12/2015</span>&#34;'
    )


def test_keep_does_not_trust_what_stands_inside():
    assert filters.keep("đồng chí A<b>") == Markup('<span class="keep">đồng chí A</span>&lt;b&gt;')


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ day | vn_date }}", "29/12/2015"),
        ("{{ day | vn_date_long }}", "thứ Ba, ngày 29 tháng 12 năm 2015"),
        ("{{ hour | vn_time }}", "07 giờ 30"),
        ("{{ moment | vn_date }}", "29/12/2015"),
        ("{{ moment | vn_time }}", "07 giờ 30"),
        ("{{ moment | local_time }}", "07:30"),
        ("{{ moment | local_time(seconds=true) }}", "07:30:04"),
        ("{{ moment | local_date }}", "29/12"),
        ("{{ 1150000 | money }}", "1.150.000 đồng"),
        ("{{ amount | money }}", "2.300.000 đồng"),
        ("{{ 0 | money }}", "0 đồng"),
    ],
)
def test_dates_hours_and_sums_are_written_as_the_office_writes_them(show, source: str, text: str):
    values = {"day": date(2015, 12, 29), "hour": time(7, 30), "moment": HALF_PAST_MIDNIGHT, "amount": Decimal("2300000.00")}
    assert show(source, **values) == text
