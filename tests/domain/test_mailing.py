from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventmgr.domain.mailing import Outcome, channel_rest, judged, mailbox, message_id, next_try

AT = datetime(2015, 12, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" VanThu@SoNoiVu.KonTum.gov.vn ", "VanThu@sonoivu.kontum.gov.vn"),
        ("a+b@x.vn", "a+b@x.vn"),
        ("a@b", None),
        ("a@b.vn, c@d.vn", None),
        ("Lan <lan@tinh.vn>", None),
        ("a@b.vn\r\nBcc: c@d.vn", None),
        ("a..b@x.vn", None),
        ("văn@x.vn", None),
        ("a@-x.vn", None),
        ("", None),
        (None, None),
        (f"{'a' * 65}@x.vn", None),
    ],
)
def test_mailbox_is_one_plain_address(typed: str | None, address: str | None) -> None:
    assert mailbox(typed) == address


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(250, Outcome.SENT), (421, Outcome.LOST), (450, Outcome.LATER), (452, Outcome.LATER), (550, Outcome.REFUSED), (554, Outcome.REFUSED)],
)
def test_reply_code_is_judged(code: int, outcome: Outcome) -> None:
    assert (judged(code, "nói").outcome, judged(code, "nói").words) == (outcome, f"{code} nói")


def test_tries_come_further_apart_and_end_after_two_days() -> None:
    waits = [next_try(tries, AT, AT) for tries in range(1, 9)]
    assert waits == [AT + timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240, 240)]
    assert next_try(9, AT, AT - timedelta(hours=45)) is None


def test_channel_rests_longer_with_each_failure_up_to_five_minutes() -> None:
    assert [(channel_rest(n, AT) - AT).seconds for n in (1, 2, 3, 4, 5, 99)] == [15, 30, 60, 120, 300, 300]


def test_message_id_stays_the_same_and_differs_from_mail_to_mail() -> None:
    assert message_id(7, AT, "vp@tinh.vn") == message_id(7, AT, "vp@tinh.vn")
    assert message_id(7, AT, "vp@tinh.vn") != message_id(8, AT, "vp@tinh.vn")
    assert message_id(7, AT, "vp@tinh.vn").startswith("<giay-moi.7.") and message_id(7, AT, "vp@tinh.vn").endswith("@tinh.vn>")
