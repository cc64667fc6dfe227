"""The macros that every page is made of, rendered as the pages render them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, flash
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import StrictUndefined, UndefinedError
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp

from eventmgr.web import assets, filters, headers

ROOT = Path(__file__).parents[2]
NAV = [("Trước hội nghị", [("Khách mời", "/office/x/delegates/", True, 98), ("Chương trình", "/office/x/agenda/", False, None)])]
REHEARSAL = SimpleNamespace(slug="x", title="Hội nghị sơ kết", short_title="Sơ kết", is_rehearsal=True)
LAN = SimpleNamespace(display_name="Lan", role_label="Văn phòng")
HOSTILE = "<script>alert(1)</script>"


class Form(FlaskForm):  # type: ignore[misc]
    phone = StringField("Điện thoại", [Regexp(r"\d{10}$", message="Thiếu 1 chữ số.")])
    group = SelectField("Nhóm", choices=["Thường trực"])
    note = TextAreaField("Ghi chú")
    agree = BooleanField("Hiện mật khẩu")
    answer = RadioField("Trả lời", choices=[SelectChoice("yes", "Sẽ dự"), SelectChoice("no", "Báo vắng")])


@dataclass
class Page:
    number: int
    pages: int = 9
    total: int = 98
    first: int = 1
    last: int = 12

    def url(self, number: int) -> str:
        return f"?page={number}"


@pytest.fixture
def app() -> Flask:
    app = Flask("front", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config["SECRET_KEY"] = "tests only"
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    CSRFProtect(app)
    for part in (assets, headers, filters):
        part.init_app(app)
    return app


@pytest.fixture
def show(app: Flask) -> Any:
    def render(file: str, call: str, **values: Any) -> str:
        names = ", ".join(re.findall(r"^{% macro ([a-z]\w*)", (ROOT / "templates" / "parts" / file).read_text(), re.M))
        with app.test_request_context():
            source = f'{{% from "parts/{file}" import {names} %}}{call}'
            return " ".join(app.jinja_env.from_string(source).render(**values).split())

    return render


def test_status_says_its_shape_and_its_word(show):
    shown = show("status.html", '{{ status("todo", "Chưa trả lời") }}')
    assert re.sub(r"<svg.*?</svg>", "○", shown) == '<span class="pill pill--warn">○Chưa trả lời</span>'


def test_a_state_or_an_icon_that_does_not_exist_is_a_mistake(show):
    with pytest.raises(UndefinedError):
        show("status.html", '{{ status("great", "Tốt") }}')
    with pytest.raises(UndefinedError):
        show("icon.html", '{{ icon("unicorn") }}')


def test_field_ties_label_hint_and_error_together(app: Flask, show):
    with app.test_request_context(method="POST", data={"phone": "0905"}):
        form = Form(meta={"csrf": False})
        form.validate()
    shown = show("form.html", '{{ field(form.phone, hint="10 chữ số", inputmode="numeric") }}', form=form)
    assert re.sub(r"<svg.*?</svg>|(?<=>) (?=<)", "", shown) == (
        '<div class="field"><label class="form-label" for="phone">Điện thoại</label>'
        '<p class="form-text" id="phone-hint">10 chữ số</p>'
        '<input aria-describedby="phone-hint phone-error" aria-invalid="true" class="form-control is-invalid"'
        ' id="phone" inputmode="numeric" name="phone" type="text" value="0905">'
        '<p class="invalid-feedback" id="phone-error"><span>Thiếu 1 chữ số.</span></p></div>'
    )


def test_errors_summary_leads_to_each_field_and_is_silent_when_all_is_well(app: Flask, show):
    with app.test_request_context(method="POST", data={"phone": "0905", "group": "Thường trực", "answer": "yes"}):
        wrong, right = Form(meta={"csrf": False}), Form(meta={"csrf": False})
        wrong.validate()
    assert re.findall(r"<li>(.*?)</li>", show("form.html", "{{ errors_summary(form) }}", form=wrong)) == [
        '<a href="#phone">Điện thoại</a>: Thiếu 1 chữ số.'
    ]
    assert show("form.html", "{{ errors_summary(form) }}", form=right) == ""


def test_confirm_is_a_form_that_posts_with_its_token(show):
    shown = show("form.html", '{{ confirm("/x", "Thu hồi", kind="danger", values={"id": 3}) }}')
    token = '<input type="hidden" name="csrf_token" value="[^"]+">'
    assert re.fullmatch(
        f'<form class="inline-form" method="post" action="/x"> {token}'
        ' <input type="hidden" name="id" value="3"> <button type="submit" class="btn btn-danger">Thu hồi</button> </form>',
        shown,
    )


def test_split_bar_gives_each_part_its_share_and_says_the_figures(show):
    shown = show("figures.html", '{{ split_bar([("yes", 13), ("sub", 3), ("no", 0), ("silent", 4)]) }}')
    assert re.findall(r'aria-label="([^"]+)"', shown) == ["13 sẽ dự, 3 cử người thay, 0 báo vắng, 4 chưa trả lời"]
    assert re.findall(r'<svg x="([\d.]+)%" width="([\d.]+)%"', shown) == [
        ("0.000", "65.000"), ("65.000", "15.000"), ("80.000", "20.000"),
    ]


def test_split_bar_of_nobody_is_an_empty_track(show):
    shown = show("figures.html", '{{ split_bar([("yes", 0), ("silent", 0)]) }}')
    assert shown == '<svg class="split" role="img" aria-label="0 sẽ dự, 0 chưa trả lời"> </svg>'


def test_progress_names_its_bar(show):
    shown = show("figures.html", '{{ progress(0, 0, "Đang làm giấy mời") }}')
    assert re.findall(r'<label for="(\w+)"', shown) == re.findall(r'<progress class="progress" id="(\w+)" max="1" value="0">', shown)


@pytest.mark.parametrize(
    ("page", "links"),
    [
        (Page(1), ["?page=2"]),
        (Page(5), ["?page=4", "?page=6"]),
        (Page(9), ["?page=8"]),
        (Page(1, pages=1, total=3, last=3), []),
        (Page(1, pages=0, total=0, first=0, last=0), []),
    ],
)
def test_pager_leads_to_the_pages_beside_it(show, page: Page, links: list[str]):
    assert re.findall(r'href="([^"]+)"', show("table.html", '{{ pager(page, "đại biểu") }}', page=page)) == links


def test_table_has_its_caption_and_its_columns(show):
    shown = show("table.html", '{% call table("Đại biểu", [("TT", "r"), "Tên", ""]) %}<tr><td>1</td></tr>{% endcall %}')
    assert shown == (
        '<table class="table table--cards"> <caption class="visually-hidden">Đại biểu</caption> <thead> <tr>'
        ' <th scope="col" class="r">TT</th><th scope="col">Tên</th><td></td> </tr> </thead>'
        " <tbody><tr><td>1</td></tr></tbody> </table>"
    )


@pytest.mark.parametrize(
    ("file", "call"),
    [
        ("page.html", "{{ page_head(text, kicker=text, meta=[text]) }}"),
        ("page.html", "{{ next_step(text, text) }}"),
        ("page.html", '{{ empty(text, text, action=("#", text)) }}'),
        ("page.html", '{% call panel(text, id="p", aside=text, link=("#", text), foot=text) %}{{ text }}{% endcall %}'),
        ("page.html", '{% call dialog("d", text) %}{{ text }}{% endcall %}'),
        ("page.html", '{{ steps([(text, "done")], text) }}{{ tabs([(text, "#", true, text)], text) }}'),
        ("table.html", '{{ person(text, text, text) }}{{ search("q", text, text, text) }}{{ group_row(text, 2, text) }}'),
        ("status.html", '{{ status("ok", text) }}{% call notice("ok") %}{{ text }}{% endcall %}'),
        ("figures.html", "{{ headline([(text, text, text)]) }}{{ progress(1, 2, text, url=text) }}"),
    ],
)
def test_hostile_names_are_shown_as_text(show, file: str, call: str):
    assert "<script" not in show(file, call, text=HOSTILE)


def test_gallery_shows_all_parts_in_one_page_with_one_heading(app: Flask):
    with app.test_request_context():
        flash("Đã lưu.", "ok")
        template = app.jinja_env.get_template("parts/gallery.html")
        page = template.render(form=Form(), page=Page(2), nav=NAV, conference=REHEARSAL, signed_in=LAN)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(re.findall("<h1", page)) == 1
    assert re.findall(r"<title>(.*?)</title>", page) == ["Các bộ phận của giao diện – Sơ kết"]
    assert sorted(ids) == sorted(set(ids))
    assert set(re.findall(r'(?:for|aria-labelledby|aria-describedby)="([^" ]+)"', page)) - set(ids) == set()


@pytest.mark.parametrize("layout", ["office", "public", "solo", "door", "stage", "hall"])
def test_layouts_stand_without_conference_menu_or_person(app: Flask, layout: str):
    source = f'{{% extends "layouts/{layout}.html" %}}{{% block title %}}Tên trang{{% endblock %}}'
    with app.test_request_context():
        page = app.jinja_env.from_string(source).render()
    assert re.findall(r"<title>(.*?)</title>", page) == ["Tên trang"]
    assert re.findall(r'<html lang="(\w+)"', page) == ["vi"]
    assert len(re.findall('id="content"', page)) == 1


@pytest.mark.parametrize("layout", ["office", "public", "door", "stage"])
def test_a_rehearsal_says_so_on_every_page(app: Flask, layout: str):
    source = f'{{% extends "layouts/{layout}.html" %}}'
    with app.test_request_context():
        page = app.jinja_env.from_string(source).render(conference=REHEARSAL)
    assert page.count("Diễn tập – không phải hội nghị thật") == 1


def test_office_menu_marks_where_we_are_and_signing_out_is_a_post(app: Flask):
    with app.test_request_context():
        template = app.jinja_env.from_string('{% extends "layouts/office.html" %}')
        page = template.render(nav=NAV, conference=REHEARSAL, signed_in=LAN)
    assert re.findall(r'<a href="([^"]+)" aria-current="page">(\S+ \S+?)<', page) == [("/office/x/delegates/", "Khách mời")] * 2
    assert re.findall(r'<form method="(\w+)" action="/sign-out">', page) == ["post"]


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_error_pages_say_what_happened_and_what_to_do(app: Flask, code: int):
    with app.test_request_context():
        page = app.jinja_env.get_template(f"errors/{code}.html").render()
    title, heading = re.findall(r"<title>(.*?)</title>", page), re.findall(r"<h1[^>]*>(.*?)</h1>", page)
    assert title == heading
    assert re.findall(r'<p class="code">(\d+)</p>', page) == [str(code)]


def test_error_page_shows_the_sentence_of_the_mistake_as_text(app: Flask):
    with app.test_request_context():
        page = app.jinja_env.get_template("errors/409.html").render(sentence=f"Số này đã dùng {HOSTILE}")
    assert re.findall(r'<p class="lead">(.*?)</p>', page) == ["Số này đã dùng &lt;script&gt;alert(1)&lt;/script&gt;"]


def test_page_500_needs_nothing_from_the_application():
    source = (ROOT / "templates" / "errors" / "500.html").read_text()
    assert re.findall(r"{[{%#].*", source) == []
