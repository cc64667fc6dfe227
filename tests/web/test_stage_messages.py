"""Messages to the MC: sent once, shown, seen, acknowledged, taken back; the sender sees how far they are."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.directing import StageMessage
from eventmgr.services import stage_messages
from tests.people import SLUG, Person

STAGE = f"/stage/{SLUG}"
HERE = f"{STAGE}/messages"
LATE = "Đồng chí Bí thư đến trễ 10 phút"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def send(person: Person, said: str = LATE, key: str = "key-number-one", expect: int = 302) -> Any:
    return person.post(HERE, expect=expect, text=said, message_key=key)


def stored() -> list[StageMessage]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(StageMessage).order_by(StageMessage.id).execution_options(populate_existing=True)))


def states(page: str) -> list[str]:
    listed = page.split('<ul class="sent">')[1].split("</ul>")[0]
    return [re.sub("<[^>]+>|lúc .*", "", one).strip() for one in re.findall(r'<span class="pill[^>]*>(.*?)</span>', listed, re.S)]


def test_a_message_is_seen_then_acknowledged_and_the_sender_sees_it(tuan: Person, ha: Person):
    send(tuan)
    (one,) = stored()
    assert LATE in text(ha.get(f"{STAGE}/")).split('id="stage-messages"')[1]
    assert states(text(tuan.get(f"{STAGE}/chair"))) == ["Chưa hiện"]
    ha.post_json(f"{HERE}/seen", {"ids": [one.id]}, expect=200)
    assert states(text(tuan.get(f"{STAGE}/chair"))) == ["Đã hiện"]
    ha.post(f"{HERE}/{one.id}/acknowledgement", expect=302)
    page = text(tuan.get(f"{STAGE}/chair"))
    assert states(page) == ["Đã rõ"] and "Tuấn" in page and "Hà" in page
    assert LATE not in text(ha.get(f"{STAGE}/"))
    assert LATE in text(ha.get(HERE))


def test_the_same_key_sends_once(lan: Person):
    for _ in range(3):
        send(lan)
    assert [one.text for one in stored()] == [LATE]


def test_what_was_sent_can_be_taken_back_until_it_is_acknowledged(lan: Person, ha: Person):
    send(lan)
    (one,) = stored()
    lan.post(f"{HERE}/{one.id}/removal", expect=302)
    assert LATE not in text(ha.get(f"{STAGE}/"))
    assert "vừa được rút lại" in text(ha.post(f"{HERE}/{one.id}/acknowledgement", expect=409))
    send(lan, key="key-number-two")
    two = stored()[1]
    ha.post(f"{HERE}/{two.id}/acknowledgement", expect=302)
    assert "không rút lại được" in text(lan.post(f"{HERE}/{two.id}/removal", expect=409))


@pytest.mark.parametrize(("said", "sentence"), [("", "Ghi lời nhắn"), ("x" * 301, "dài nhất 300 ký tự"), ("\u200b\u202e", "Ghi lời nhắn")])
def test_a_wrong_message_comes_back_with_a_sentence(lan: Person, said: str, sentence: str):
    assert sentence in text(send(lan, said, expect=422))
    assert stored() == []


def test_hostile_messages_are_text(lan: Person, ha: Person):
    send(lan, '<script>alert(1)</script>" onload="x {{7*7}}')
    page = text(ha.get(f"{STAGE}/"))
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page and "{{7*7}}" in page


def test_too_many_in_a_minute_wait(lan: Person):
    for number in range(stage_messages.A_MINUTE):
        send(lan, key=f"key-number-{number}")
    assert "quá nhiều lời nhắn" in text(send(lan, key="one-key-more", expect=409))


def test_the_mc_writes_none_and_the_chair_acknowledges_none(ha: Person, tuan: Person, lan: Person, conference: Conference):
    send(ha, expect=403)
    send(lan)
    tuan.post(f"{HERE}/{stored()[0].id}/acknowledgement", expect=403)
    tuan.post_json(f"{HERE}/seen", {"ids": [stored()[0].id]}, expect=403)
    assert stored()[0].seen_at is None


@pytest.mark.parametrize("ids", [None, "1", [True], [-1], [2**40], {"a": 1}, ["x"]])
def test_a_list_of_seen_messages_that_is_none_is_refused(ha: Person, ids: Any):
    ha.post_json(f"{HERE}/seen", {"ids": ids}, expect=422)
