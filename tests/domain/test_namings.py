from datetime import UTC, datetime, timedelta

import pytest

from eventmgr.domain.errors import Invalid
from eventmgr.domain.names import AddressForm
from eventmgr.domain.namings import NamedPerson, Naming, others, read_named, standing

EARLY, LATE = (
    Naming(number, key, datetime(2015, 12, 29, tzinfo=UTC) + timedelta(minutes=number), NamedPerson(name), entry)
    for number, key, name, entry in [(1, "early", "Y Mẫu", "entry-one"), (2, "late", "A Thí Dụ", "entry-two")]
)


@pytest.mark.parametrize(
    ("undone", "arrival", "counts", "odd"),
    [
        ([], "entry-one", EARLY, [LATE]),
        ([], "entry-two", LATE, [EARLY]),
        ([], None, LATE, [EARLY]),
        (["entry-one"], "entry-two", LATE, []),
        (["late"], "entry-two", EARLY, []),
        (["early", "late"], "entry-one", None, []),
    ],
)
def test_the_name_that_counts_is_that_of_the_arrival_and_not_undone(undone, arrival, counts, odd) -> None:
    for namings in ([EARLY, LATE], [LATE, EARLY]):
        assert (standing(namings, undone, arrival), others(namings, undone, arrival)) == (counts, odd)


def test_a_name_is_read_clean_with_a_form_of_address() -> None:
    assert read_named({"full_name": "  Trần  Thị Mẫu ", "address_form": "bà"}) == NamedPerson("Trần Thị Mẫu", AddressForm.MS)
    assert read_named({"full_name": "Y Mẫu"}) == NamedPerson("Y Mẫu")


@pytest.mark.parametrize("said", [None, [], {}, {"full_name": 7}, {"full_name": " . "}, {"full_name": "x" * 121}, {"full_name": "A", "address_form": "ngài"}, {"full_name": "A", "address_form": [1]}])
def test_what_is_no_name_is_refused_in_a_sentence(said: object) -> None:
    with pytest.raises(Invalid):
        read_named(said)
