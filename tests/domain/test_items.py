import pytest

from eventmgr.domain.items import ItemKind, PresenterKind, step_number


@pytest.mark.parametrize(
    ("row", "mark", "position", "number"),
    [
        ("5", None, 1, "5"),
        ("4", "(2)", 2, "4.(2)"),
        ("1", "-", 1, "1a"),
        ("3", "-", 2, "3b"),
        ("3", "", 3, "3c"),
        ("4", " a) ", 1, "4.a)"),
    ],
)
def test_step_number(row: str, mark: str | None, position: int, number: str) -> None:
    assert step_number(row, mark, position) == number


def test_every_kind_has_a_label() -> None:
    labels = [kind.label for kinds in (ItemKind, PresenterKind) for kind in kinds]
    assert len(set(labels)) == len(labels) == 20
