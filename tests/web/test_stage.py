"""Console, chair and introduction list through HTTP: who may, what a press answers, what works without JavaScript."""

from __future__ import annotations

import re

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.models.agenda import Move
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.journal import Entry
from eventmgr.services import introductions
from tests.people import SLUG

CONSOLE, MOVES = f"/stage/{SLUG}/", f"/stage/{SLUG}/moves"
JSON = {"Accept": "application/json"}


def text_of(response) -> str:
    return response.get_data(as_text=True)


def verbs(page: str) -> list[str]:
    """What the buttons of the foot press, in their order."""
    foot = page[page.index('id="stage-foot"') :] if 'id="stage-foot"' in page else ""
    return re.findall(r'<button[^>]*name="verb" value="(\w+)"', foot)


def press(person, verb: str, seen: int, key: str = "", **more) -> tuple[int, dict]:
    data = {"verb": verb, "seen": seen, "press_key": key or f"key-{verb}-{seen:04}", "csrf_token": person._csrf()} | more
    answer = person.client.post(MOVES, data=data, headers=JSON)
    return answer.status_code, answer.get_json()


def test_the_buttons_of_the_console_belong_to_who_runs_the_stage(ha, tuan):
    assert verbs(text_of(ha.get(CONSOLE))) == ["start"]
    assert verbs(text_of(tuan.get(CONSOLE))) == []
    tuan.get(f"{MOVES}/new?verb=start", expect=403)
    tuan.post(MOVES, expect=403, verb="start", seen=0, press_key="key-00001")


def test_who_has_no_part_in_the_stage_does_not_see_it(khanh, oanh, xuan, stranger):
    for person in (khanh, oanh, xuan):
        for page in (CONSOLE, f"/stage/{SLUG}/chair", f"/stage/{SLUG}/introductions"):
            person.get(page, expect=403)
    assert stranger.get(CONSOLE, expect=302).location.startswith("/sign-in")


def test_a_press_moves_the_programme_and_says_so(ha):
    assert press(ha, "start", 0) == (200, {"version": 1, "sentence": "Bắt đầu 1a Ổn định tổ chức, giới thiệu đại biểu."})
    assert press(ha, "next", 1)[1]["version"] == 2
    page = text_of(ha.get(CONSOLE))
    assert "Đang diễn ra · 1b" in page
    assert "Hoàn tác “sang 1b”" in page


def test_two_presses_of_one_screen_advance_by_one(ha):
    press(ha, "start", 0)
    first, again, stale = press(ha, "next", 1, "same-key-1"), press(ha, "next", 1, "same-key-1"), press(ha, "next", 1, "other-key")
    assert (first[0], again, stale[0]) == (200, first, 409)
    assert stale[1]["problem"].startswith("Chương trình đã chuyển trước khi bấm")
    assert db.session.scalars(sa.select(Move.seq).order_by(Move.seq)).all() == [1, 2]


def test_without_javascript_a_press_is_asked_for_and_then_done(ha):
    page = text_of(ha.get(f"{MOVES}/new?verb=start&seen=0"))
    key = re.search(r'name="press_key" value="(\w+)"', page)[1]
    ha.post(MOVES, expect=302, verb="start", seen=0, press_key=key)
    assert "Đang diễn ra · 1a" in text_of(ha.get(CONSOLE))


def test_without_javascript_a_refusal_comes_with_the_console(ha):
    press(ha, "start", 0)
    page = text_of(ha.post(MOVES, expect=409, verb="next", seen=0, press_key="key-00009"))
    assert "thao tác này chưa được thực hiện" in page
    assert "Đang diễn ra · 1a" in page


def test_a_broken_press_is_refused_with_a_sentence(ha):
    for broken in ({"press_key": "x"}, {"seen": "abc"}, {"verb": "explode"}, {"seen": None}):
        ha.post(MOVES, expect=422, **({"verb": "start", "seen": "0", "press_key": "key-00001"} | broken))
    ha.get(f"{MOVES}/new?verb=explode", expect=422)


def test_on_the_last_step_nothing_advances(ha):
    press(ha, "start", 0)
    for seen in range(1, 13):
        press(ha, "next", seen)
    page = text_of(ha.get(CONSOLE))
    assert verbs(page) == ["undo", "pause", "end", "take"]
    assert "Phần cuối cùng" in page
    press(ha, "end", 13)
    assert verbs(text_of(ha.get(CONSOLE))) == ["undo", "take"]
    assert "Hội nghị đã kết thúc lúc" in text_of(ha.get(f"/stage/{SLUG}/chair"))


def test_names_are_ticked_off_from_the_list(ha, conference, tuan):
    one = Delegate(
        conference_id=conference.id, group_id=db.session.scalars(sa.select(Group.id)).first(), address_form="bà",
        full_name="<b>Y & Mẫu</b>", first_post="Chủ tịch", posts=["Chủ tịch"], created_at=conference.created_at,
    )
    db.session.add(one)
    db.session.commit()
    ha.post(f"/stage/{SLUG}/introductions", expect=302, read=one.id, back="list")
    told = db.session.scalars(sa.select(Entry.verb).where(Entry.subject == "delegate", Entry.subject_id == one.id)).all()
    assert told == ["introduction.read"]
    ha.post(f"/stage/{SLUG}/introductions", expect=404, read=999_999)
    tuan.post(f"/stage/{SLUG}/introductions", expect=403, read=one.id)


def test_the_pages_show_hostile_names_as_text(ha, conference, monkeypatch):
    hostile = "<script>alert(1)</script>{{7*7}}"
    someone = introductions.Introduced(1, hostile, hostile, hostile, None, conference.created_at, hostile, False, False)
    monkeypatch.setattr(introductions, "introduction_list", lambda *given: introductions.IntroductionList((someone,), None))
    press(ha, "start", 0)
    for page in (CONSOLE, f"/stage/{SLUG}/introductions"):
        shown = text_of(ha.get(page))
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in shown


def test_the_presses_apart_from_the_large_one(ha):
    press(ha, "start", 0)
    for verb, more, said in (
        ("adjust", {"minutes": "5"}, "Thêm 5 phút cho 1a."),
        ("pause", {}, "Tạm dừng 1a Ổn định tổ chức, giới thiệu đại biểu."),
        ("resume", {}, "Tiếp tục 1a Ổn định tổ chức, giới thiệu đại biểu."),
        ("swap", {}, "Đổi 1b với 2."),
        ("insert", {"title": "<b>Văn nghệ</b>", "minutes": "5", "presenter": "Đoàn"}, "Chèn “<b>Văn nghệ</b>”."),
        ("next", {"step": "-6"}, "Sang “<b>Văn nghệ</b>”."),
    ):
        version = db.session.scalar(sa.select(sa.func.max(Move.seq)))
        assert press(ha, verb, version, **more) == (200, {"version": version + 1, "sentence": said})
    page = text_of(ha.get(CONSOLE))
    assert "Đang diễn ra · BS1" in page
    assert "&lt;b&gt;Văn nghệ&lt;/b&gt;" in page
    assert "Hoàn tác “sang ‘&lt;b&gt;Văn nghệ&lt;/b&gt;’”" in page
    live = text_of(ha.get(f"/e/{SLUG}/live"))
    assert ("mục bổ sung" in live, live.count("Mục bổ sung"), "BS1" in live) == (True, 1, False)


def test_what_is_typed_for_a_new_step_stays_when_it_is_refused(ha):
    page = text_of(ha.post(MOVES, expect=422, verb="insert", seen=0, press_key="key-00001", title="x" * 301, presenter="Đoàn nghệ thuật"))
    assert "dài nhất 300 ký tự" in page
    assert 'value="Đoàn nghệ thuật"' in page
    for broken in ({"cuts": "12:"}, {"minutes": "nhiều"}, {"after": "x"}):
        ha.post(MOVES, expect=422, verb="catch_up", seen=0, press_key="key-00001", **broken)


def test_a_second_console_looks_on_until_it_takes_over(ha, lan):
    for person in (ha, lan):
        person.get(CONSOLE)
    press(ha, "start", 0)
    assert 'data-holds="yes"' in text_of(ha.get(CONSOLE))
    page = text_of(lan.get(CONSOLE))
    assert 'data-holds="no"' in page
    assert "<b>Hà, máy tính</b> đang điều khiển" in page
    status, answer = press(lan, "next", 1)
    assert (status, answer["problem"]) == (409, "Hà, máy tính đang điều khiển. Bấm Nhận điều khiển trước khi bấm tiếp.")
    assert "Hà, máy tính đang điều khiển từ" in text_of(lan.get(f"{MOVES}/new?verb=take"))
    assert press(lan, "take", 0)[1] == {"version": 2, "sentence": "Lan, máy tính nhận điều khiển."}
    assert press(ha, "next", 2)[0] == 409
    assert press(lan, "next", 2)[0] == 200


def test_a_press_that_the_network_held_back_for_a_minute_is_refused(ha):
    old = int((clock.now().timestamp() - 90) * 1000)
    status, answer = press(ha, "start", 0, pressed=old)
    assert (status, answer["problem"][:46]) == (409, "Thao tác này bấm đã quá một phút nên không thự")
    assert press(ha, "start", 0, pressed=old + 80_000)[0] == 200


def test_the_service_worker_reaches_the_stage_of_its_conference_only(stranger):
    answer = stranger.get(f"/stage/{SLUG}/worker.js")
    assert (answer.mimetype, "Service-Worker-Allowed" in answer.headers) == ("text/javascript", False)


def test_the_whole_script_stands_on_one_page_in_the_order_of_the_moment(ha, tuan, xuan):
    for seen, verb in enumerate(("start", "swap")):
        press(ha, verb, seen)
    press(ha, "insert", 2, title="Văn nghệ chào mừng", presenter="Đoàn nghệ thuật")
    page = text_of(tuan.get(f"/stage/{SLUG}/script"))
    numbers = re.findall(r'class="script__title"[^>]*><span class="num">([^<]*)</span>', page)
    assert numbers == ["1a", "BS1", "2", "1b", "3a", "3b", "4.(1)", "4.(2)", "4.(3)", "4.(4)", "5", "6", "7", "8"]
    assert "Xin cảm ơn" in page
    assert "Về dự Hội nghị, xin trân trọng giới thiệu" in page
    xuan.get(f"/stage/{SLUG}/script", expect=403)
