"""The bars: what is measured, what it must not exceed or fall below, and the bench that tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A figure by the name that its bench tells, in words, with its unit, its limit and who is the better: less or more."""

    name: str
    words: str
    unit: str
    limit: float
    more_is_better: bool = False
    places: int = 0

    def is_met(self, value: float) -> bool:
        """Whether a value is good enough."""
        return value >= self.limit if self.more_is_better else value <= self.limit

    def ratio(self, value: float) -> float:
        """How many times better than the limit; under 1 is worse."""
        if self.more_is_better:
            return value / self.limit
        return self.limit / value if value else float("inf")

    def said(self, value: float) -> str:
        """A value as people here write it: 1.234,5."""
        text = f"{value:,.{self.places}f}"
        return text.translate(str.maketrans(",.", ".,"))


@dataclass(frozen=True)
class Run:
    """One call of a bench: its module and words; `times` when one run alone would show no spread; `only` these figures."""

    module: str
    words: tuple[str, ...] = ()
    times: int = 1
    only: tuple[str, ...] = ()


def _less(name: str, words: str, unit: str, limit: float, places: int = 0) -> Bar:
    return Bar(name, words, unit, limit, places=places)


def _more(name: str, words: str, unit: str, limit: float, places: int = 0) -> Bar:
    return Bar(name, words, unit, limit, more_is_better=True, places=places)


BARS: Sequence[Bar] = (
    _more("door_rate", "cửa: lượt vào, 50 máy cùng quét", "lượt/giây", 500),
    _less("door_p95", "cửa: p95 một lượt, 50 máy cùng quét", "ms", 150),
    _less("door_cpu", "cửa: CPU một lượt", "ms", 5, 2),
    _less("door_queued", "cửa: 1.000 lượt dồn lại của một máy", "giây", 3, 2),
    _less("door_storm_p99", "cửa: p99 ở 20 lượt/giây, cạnh 300 màn hình và một PDF 600 giấy", "ms", 100),
    _less("door_growth", "cửa: CPU một lượt khi danh sách dài gấp 10", "lần", 1.2, 2),
    _less("phone_verdict", "máy quét, mất mạng: mã trước máy ảnh → kết quả, p95", "ms", 150),
    _less("phone_list_2000", "máy quét: danh sách 2.000 người dùng được", "giây", 1, 2),
    _less("phone_list_20000", "máy quét: danh sách 20.000 người dùng được", "giây", 2, 2),
    _less("phone_wire_20000", "máy quét: danh sách 20.000 người tải về", "MB", 2, 2),
    _less("letter_core", "giấy mời: một giấy, một nhân, 600 giấy một PDF", "ms", 10, 2),
    _more("letter_faster", "giấy mời: nhanh hơn làm từng tài liệu WeasyPrint", "lần", 12, 1),
    _less("letter_size", "giấy mời: cỡ một giấy trong PDF", "KB", 4, 2),
    _less("live_p95_1000", "trực tiếp: bấm → 1.000 màn hình, p95", "ms", 55),
    _less("live_p99_5000", "trực tiếp: bấm → 5.000 màn hình, p99", "ms", 500),
    _less("live_bytes", "trực tiếp: một lần đổi, một màn hình", "byte", 1000),
    _less("live_connect_1000", "trực tiếp: 1.000 màn hình vào xong", "giây", 3, 2),
    _less("together_press_p95", "trực tiếp, cửa quét 20 lượt/giây: bấm → 1.000 màn hình, p95", "ms", 100),
    _less("together_scan_p99", "cửa, 20 lượt/giây trong lúc bấm: một lượt, p99", "ms", 100),
    _less("together_storm_p99", "cửa, 20 lượt/giây lúc 1.000 màn hình cùng vào lại: một lượt, p99", "ms", 3000),
    _less("list_page", "danh sách 20.000 đại biểu: một trang, p95", "ms", 100),
    _less("list_search", "danh sách 20.000 đại biểu: tìm không dấu, p95", "ms", 30),
    _less("import_seconds", "nạp 20.000 dòng .xlsx", "giây", 15, 1),
    _less("import_memory", "nạp 20.000 dòng .xlsx: bộ nhớ của hai tiến trình", "MB", 300),
    _less("start_seconds", "python app.py → câu trả lời đầu tiên", "giây", 1.5, 2),
    _less("start_memory", "bộ nhớ của web và tiến trình nền", "MB", 250),
    _less("page_invitee", "trang của đại biểu, lần mở đầu tiên", "KB", 60),
    _less("page_scanner", "máy quét, lần mở đầu tiên", "KB", 700),
    _less("page_foreign", "lời gọi sang máy khác của hai trang ấy", "", 0),
)

# Short ones several times for their spread; the whole stays under a quarter of an hour on two cores.
RUNS: Sequence[Run] = (
    Run("letters", times=3),
    Run("start", times=3),
    Run("pages"),
    Run("lists", times=2),
    Run("imports", times=2),
    Run("live", ("1000",), times=2),
    Run("live", ("5000",)),
    Run("together", ("1000",)),
    Run("phone"),
    Run("door", ("2000", "20000", "--storm", "0"), times=2),
    Run("door", ("2000", "--storm", "300"), only=("door_storm_p99",)),  # the storm brings its own 6,000 delegates
)
