import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.errors import Conflict
from eventmgr.domain.placing import Placed, moved, placed_key


def in_order(lines: list[Placed]) -> list[Placed]:
    return sorted(lines, key=lambda line: (placed_key(line.rank, line.manual_position), line.id))


def move(lines: list[Placed], moved_id: int, to: int) -> list[Placed]:
    places = moved(in_order(lines), moved_id, to)
    return in_order([Placed(line.id, line.rank, places.get(line.id, line.manual_position)) for line in lines])


ranks = st.lists(st.none() | st.integers(1, 9), min_size=1, max_size=12)
acts = st.lists(st.tuples(st.integers(0, 11), st.integers(-1, 13)), max_size=12)


@given(ranks, acts)
def test_whoever_is_moved_stands_where_he_was_put_and_the_others_keep_their_order(
    given_ranks: list[int | None], given_acts: list[tuple[int, int]]
) -> None:
    lines = in_order([Placed(number, rank, None) for number, rank in enumerate(given_ranks)])
    for one, to in given_acts:
        one %= len(lines)
        wanted = [line.id for line in lines if line.id != one]
        wanted.insert(max(to, 0), one)
        lines = move(lines, one, to)
        assert [line.id for line in lines] == wanted


def test_a_newcomer_falls_in_by_rank_behind_those_placed_by_hand() -> None:
    lines = move([Placed(1, 20, None), Placed(2, 30, None), Placed(3, 30, None)], 3, 1)
    lines = in_order([*lines, Placed(4, 20, None), Placed(5, 30, None)])
    assert [line.id for line in lines] == [1, 3, 4, 2, 5]


def test_a_place_by_hand_wins_over_a_rank_and_only_what_changes_is_written() -> None:
    assert (
        placed_key(140, 20 * 20_000 + 3) < placed_key(20, None) < placed_key(None, 21 * 20_000) < placed_key(30, None)
    )
    lines = move([Placed(1, 20, None), Placed(2, 30, None), Placed(3, 40, None)], 3, 1)
    assert moved(lines, 3, 1) == {}


def test_too_many_at_one_rank_are_refused() -> None:
    with pytest.raises(Conflict):
        moved([Placed(number, None, None) for number in range(20_001)], 0, 20_000)
