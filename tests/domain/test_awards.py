import pytest

from eventmgr.domain.awards import Honouree, RecipientKind, calling_order, counts_text, list_order, waves

BODY, PERSON = RecipientKind.COLLECTIVE, RecipientKind.INDIVIDUAL
HIGH_PERSON = Honouree(1, PERSON, "Y Mẫu", position=1, form_position=1)
HIGH_BODY = Honouree(2, BODY, "Phòng Mẫu", position=2, form_position=1, present=True)
HIGH_BODY_FIRST = Honouree(3, BODY, "Hội Mẫu", position=1, form_position=1)
LOW_BODY = Honouree(4, BODY, "Xã Mẫu", position=1, form_position=2)
AWAY = Honouree(5, PERSON, "A Mẫu", position=2, form_position=1, present=False)
ALL = [AWAY, LOW_BODY, HIGH_PERSON, HIGH_BODY, HIGH_BODY_FIRST]


def test_list_has_the_highest_form_first_and_collectives_before_individuals() -> None:
    assert list_order(ALL) == [HIGH_BODY_FIRST, HIGH_BODY, HIGH_PERSON, AWAY, LOW_BODY]


def test_list_can_have_individuals_first() -> None:
    assert list_order(ALL, collectives_first=False) == [HIGH_PERSON, AWAY, HIGH_BODY_FIRST, HIGH_BODY, LOW_BODY]


def test_calling_leaves_out_who_is_known_to_be_absent() -> None:
    assert calling_order(ALL) == [HIGH_BODY_FIRST, HIGH_BODY, HIGH_PERSON, LOW_BODY]


def test_waves_keep_forms_and_kinds_apart() -> None:
    people = [Honouree(n, PERSON, f"Người {n}", position=n) for n in range(10, 15)]
    assert waves([*calling_order(ALL), *people], 2) == [
        (HIGH_BODY_FIRST, HIGH_BODY),
        (HIGH_PERSON,),
        (LOW_BODY,),
        (people[0], people[1]),
        (people[2], people[3]),
        (people[4],),
    ]
    with pytest.raises(ValueError, match="at least one"):
        waves([], 0)


def test_counts_text() -> None:
    counts = [(5, 10), (13, 0), (0, 1), (0, 0)]
    assert [counts_text(*count) for count in counts] == ["05 tập thể và 10 cá nhân", "13 tập thể", "01 cá nhân", ""]
