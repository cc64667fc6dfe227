"""Kinds of personal data, how long each is kept by default, and what the notice says (Luật 91/2025/QH15, NĐ 356/2025/NĐ-CP)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ERASED = "(đã xóa)"
PURPOSES = (
    "Mời dự hội nghị, ghi nhận trả lời, bố trí chỗ ngồi và tài liệu.",
    "Kiểm tra người vào hội trường, lập danh sách dự và báo cáo.",
    "Giới thiệu đại biểu, điều hành chương trình, công bố khen thưởng theo quyết định.",
)
DATA = (
    "Họ tên, cách xưng hô, chức vụ, đơn vị.",
    "Điện thoại, thư điện tử (nếu cung cấp) để gửi giấy mời và báo thay đổi.",
    "Trả lời giấy mời, người dự thay, giờ vào hội trường.",
)
RECEIVERS = (
    "Bộ phận tổ chức của cơ quan chủ trì; máy quét ở cửa chỉ thấy họ tên, chức vụ, đơn vị, chỗ ngồi.",
    "Báo chí nhận chương trình và danh sách khen thưởng đã công bố, không nhận điện thoại, thư điện tử hay giờ vào.",
    "Dữ liệu nằm trên máy chủ của cơ quan, không chuyển ra nước ngoài.",
)
RIGHTS = (
    "Được biết, xem, sửa dữ liệu của mình; yêu cầu xóa, hạn chế, phản đối; khiếu nại.",
    "Cơ quan xác nhận yêu cầu trong 2 ngày làm việc; cho xem, sửa trong 10 ngày; xóa trong 20 ngày. Phần phải lưu trữ theo luật thì cơ quan nói rõ lý do.",
)
RECORDING = "Tại hội nghị có ghi âm, ghi hình theo Điều 32 Luật Bảo vệ dữ liệu cá nhân."


class Kind(StrEnum):
    """A kind of personal data with a time of its own."""

    LINKS = "links"
    CONTACTS = "contacts"
    SESSIONS = "sessions"
    ARRIVALS = "arrivals"
    JOURNAL = "journal"
    REQUESTS = "requests"
    BREACHES = "breaches"


@dataclass(frozen=True)
class KindWords:
    """What a kind holds, what becomes of it, the days by default, and from when they count."""

    what: str
    then: str
    days: int
    since: str


_AFTER, _LINE = "sau ngày họp", "sau khi ghi"
KINDS: dict[Kind, KindWords] = {
    Kind.LINKS: KindWords("Mã QR, liên kết của đơn vị, máy quét đã ghép", "hết hiệu lực", 30, _AFTER),
    Kind.CONTACTS: KindWords("Điện thoại, thư điện tử, lời nhắn khi trả lời", "xóa", 90, _AFTER),
    Kind.SESSIONS: KindWords("Phiên đăng nhập của cán bộ: địa chỉ máy, trình duyệt", "xóa", 90, _LINE),
    Kind.ARRIVALS: KindWords("Giờ vào, ra của từng người", "xóa giờ, giữ số người dự", 365, _AFTER),
    Kind.JOURNAL: KindWords("Nhật ký thao tác", "xóa dòng, giữ chuỗi niêm phong", 730, _LINE),
    # Three years: as long as somebody may sue for damage (Bộ luật Dân sự 2015, Điều 588); proof that the office answered.
    Kind.REQUESTS: KindWords("Sổ yêu cầu: họ tên, liên hệ, lời yêu cầu và trả lời", "xóa lời, giữ ngày và kết quả", 1095, "sau khi trả lời"),
    Kind.BREACHES: KindWords("Sổ sự cố: mô tả, người liên quan, biện pháp", "xóa lời, giữ giờ và nơi đã báo", 1095, "sau khi đóng"),
}
OFFICIAL = "Giấy mời đã phát hành, chương trình, quyết định và danh sách khen thưởng, báo cáo: theo quy định về lưu trữ, hệ thống không tự xóa."


def is_due(held_on: date | None, days: int, today: date) -> bool:
    """Tell whether data of a conference is past its time: the day after the last day; never while the day is open."""
    return held_on is not None and today > held_on + timedelta(days=days)
