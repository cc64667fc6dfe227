"""Working days: weekends, the holidays of every year, what the office lists, and lists that cannot be read."""

from __future__ import annotations

from datetime import date

import pytest

from eventmgr.domain.data_requests import acknowledge_by
from eventmgr.domain.invitations import short_notice
from eventmgr.domain.working_days import BadLine, ListedDay, WorkingDays, read_list, write_list

TET = "16/02/2026 - 20/02/2026 Tết Nguyên đán Bính Ngọ\nlàm bù 28/02/2026 Làm bù cho ngày 20/02\n\n27/04/2026, nghỉ bù Giỗ Tổ Hùng Vương"


def test_holidays_of_every_year_and_weekends_are_not_worked() -> None:
    worked = WorkingDays().is_worked
    assert [worked(date(2026, 1, 1)), worked(date(2026, 4, 30)), worked(date(2026, 5, 1)), worked(date(2026, 9, 2))] == [False] * 4
    assert [worked(date(2026, 1, 2)), worked(date(2026, 1, 3)), worked(date(2026, 1, 4)), worked(date(2026, 1, 5))] == [True, False, False, True]


def test_what_the_office_lists_counts_first() -> None:
    days = WorkingDays(read_list(TET))
    assert [days.is_worked(date(2026, 2, day)) for day in (13, 16, 20, 23, 28)] == [True, False, False, True, True]
    assert days.after(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert days.between(date(2026, 2, 13), date(2026, 2, 28), 99) == 6
    assert WorkingDays((ListedDay(date(2026, 1, 1), True, "trực"),)).is_worked(date(2026, 1, 1))


def test_a_request_before_tet_is_confirmed_after_it_and_letters_count_the_same_days() -> None:
    days = WorkingDays(read_list(TET))
    assert acknowledge_by(date(2026, 2, 12), days) == date(2026, 2, 23)
    warning = "Chỉ còn 02 ngày làm việc trước ngày họp; giấy mời cần gửi trước ít nhất 03 ngày làm việc."
    assert short_notice(date(2026, 2, 13), date(2026, 2, 24), days) == warning
    assert short_notice(date(2026, 2, 13), date(2026, 2, 24), WorkingDays()) is None


def test_a_list_is_read_and_written_again() -> None:
    listed = read_list(TET)
    assert len(listed) == 7 and listed[0] == ListedDay(date(2026, 2, 16), False, "Tết Nguyên đán Bính Ngọ")
    assert read_list(write_list(listed)) == listed
    assert write_list(listed).splitlines()[5:] == ["làm bù 28/02/2026 Làm bù cho ngày 20/02", "27/04/2026 nghỉ bù Giỗ Tổ Hùng Vương"]
    assert read_list("") == () and read_list("1-1-2027 đến 3.1.2027 Tết")[2].day == date(2027, 1, 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("17/02/2026\nnghỉ Tết", "Dòng 2: viết ngày rồi tên ngày nghỉ"),
        ("30/02/2026 Tết", "Dòng 1: không có ngày 30/02/2026."),
        ("17/02/1026 Tết", "Dòng 1: năm phải từ 2000 đến 2100."),
        ("20/02/2026 - 17/02/2026 Tết", "Dòng 1: một đợt nghỉ dài từ 1 đến 31 ngày."),
        ("01/01/2026 - 01/12/2026 Tết", "Dòng 1: một đợt nghỉ dài từ 1 đến 31 ngày."),
        ("17/02/2026 Tết\n16/02/2026 - 18/02/2026 Tết", "Dòng 2: ngày 17/02/2026 đã có ở dòng trên."),
        ("17/02/2026 " + "ế" * 121, "Dòng 1: viết ngày rồi tên ngày nghỉ"),
        ("\n".join(f"01/{m:02d}/{y} - 28/{m:02d}/{y}" for y in (2026, 2027) for m in range(1, 13)), "Danh sách dài nhất 400 ngày"),
    ],
)  # fmt: skip
def test_lines_that_cannot_be_read_are_named(text: str, sentence: str) -> None:
    with pytest.raises(BadLine) as problem:
        read_list(text)
    assert str(problem.value).startswith(sentence)
