"""The chain: every part of a line counts, and nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from eventmgr.domain import chain

AT = datetime(2015, 12, 29, 0, 30, 0, 123456, tzinfo=UTC)


def test_every_part_of_a_line_counts() -> None:
    plain = (7, AT, 1, 2, "reply.given", "delegate", 3)
    others = [(8, *plain[1:]), (7, AT + timedelta(microseconds=1), *plain[2:]), (7, AT, None, *plain[3:]), (7, AT, 1, 3, *plain[4:]),
              (*plain[:4], "x", "delegate", 3), (*plain[:5], "x", 3), (*plain[:6], None)]  # fmt: skip
    assert len({chain.public_digest(*one) for one in (plain, *others)}) == 8  # type: ignore[arg-type]
    personal = [("s", "a", "b", {"x": 1}), ("t", "a", "b", {"x": 1}), ("s", "ab", "", {"x": 1}), ("s", "a", "b", {"x": "1"})]
    assert len({chain.personal_digest(*one) for one in personal}) == 4
    links = [(chain.START, 1, "a", "b"), ("x", 1, "a", "b"), (chain.START, 2, "a", "b"), (chain.START, 1, "ab", "")]
    assert len({chain.link(*one) for one in links}) == 4


def test_the_same_moment_and_the_same_details_give_the_same_digest() -> None:
    hanoi = AT.astimezone(timezone(timedelta(hours=7)))
    assert chain.public_digest(1, AT, None, None, "x", "", None) == chain.public_digest(1, hanoi, None, None, "x", "", None)
    assert chain.personal_digest("s", "a", "b", {"x": 1, "y": 2}) == chain.personal_digest("s", "a", "b", {"y": 2, "x": 1})
