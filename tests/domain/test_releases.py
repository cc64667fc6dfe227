from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventmgr.domain.plan_words import Audience
from eventmgr.domain.releases import AUDIENCE_LABELS, Reader, Release, Terms, is_out, may_read

NOON = datetime(2015, 12, 29, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("terms", "out"),
    [
        (Terms(Audience.PUBLIC, Release.HELD), False),
        (Terms(Audience.PUBLIC, Release.NOW), True),
        (Terms(Audience.PUBLIC, Release.AT, NOON), True),
        (Terms(Audience.PUBLIC, Release.AT, NOON + timedelta(seconds=1)), False),
        (Terms(Audience.PUBLIC, Release.ITEM, item_id=7), True),
        (Terms(Audience.PUBLIC, Release.ITEM, item_id=8), False),
        (Terms(Audience.PUBLIC, Release.ITEM), False),
        (Terms(Audience.AFTER_ANNOUNCEMENT, Release.NOW), False),
    ],
)
def test_a_paper_is_out_when_its_terms_say_so(terms: Terms, out: bool) -> None:
    assert is_out(terms, {7}, False, NOON) is out


def test_papers_of_the_awards_wait_for_the_announcement() -> None:
    terms = Terms(Audience.AFTER_ANNOUNCEMENT, Release.ITEM, item_id=7)
    assert [is_out(terms, {7}, announced, NOON) for announced in (False, True)] == [False, True]


def test_each_door_has_its_papers() -> None:
    found = {reader: {audience.value for audience in Audience if may_read(Terms(audience, Release.NOW), reader)} for reader in Reader}
    assert found == {
        Reader.PUBLIC: {"public", "after_announcement"},
        Reader.PRESS: {"public", "press", "after_announcement"},
        Reader.DELEGATE: {"public", "invitees", "delegates", "after_announcement"},
        Reader.PRESS_DELEGATE: {"public", "press", "invitees", "after_announcement"},
        Reader.UNIT: {"public", "invitees", "delegates", "units", "after_announcement"},
    }


def test_every_audience_has_its_words() -> None:
    assert set(AUDIENCE_LABELS) == set(Audience)
