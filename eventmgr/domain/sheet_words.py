"""What the headings of lists are called in offices, and the rows that are no people: totals, signatures."""

from __future__ import annotations

import re
from enum import StrEnum

from eventmgr.domain.text import fold


class Field(StrEnum):
    """What a column of a list holds."""

    CODE = "code"
    FULL_NAME = "full_name"
    FAMILY = "family"
    GIVEN = "given"
    ADDRESS_FORM = "address_form"
    SEX = "sex"
    MALE = "male"
    FEMALE = "female"
    POST = "post"
    BODY = "body"
    GROUP = "group"
    PHONE = "phone"
    EMAIL = "email"
    SEAT = "seat"
    ALERT = "alert"
    NOTE = "note"
    ORDER = "order"
    SENSITIVE = "sensitive"
    SKIPPED = "skipped"

    @property
    def label(self) -> str:
        """Its name on screen."""
        return LABELS[self]


LABELS = {
    Field.CODE: "Mã đại biểu",
    Field.FULL_NAME: "Họ và tên",
    Field.FAMILY: "Họ và tên đệm",
    Field.GIVEN: "Tên",
    Field.ADDRESS_FORM: "Cách xưng hô",
    Field.SEX: "Nam/Nữ",
    Field.MALE: "Nam (đánh dấu x)",
    Field.FEMALE: "Nữ (đánh dấu x)",
    Field.POST: "Chức vụ",
    Field.BODY: "Đơn vị",
    Field.GROUP: "Nhóm",
    Field.PHONE: "Điện thoại",
    Field.EMAIL: "Thư điện tử",
    Field.SEAT: "Chỗ ngồi",
    Field.ALERT: "Lưu ý hiện ở cửa",
    Field.NOTE: "Ghi chú",
    Field.ORDER: "Số thứ tự",
    Field.SENSITIVE: "Dữ liệu nhạy cảm (không nạp)",
    Field.SKIPPED: "Không nạp",
}

# vietnamese-data.md §8, folded, signs as blanks.
_HEADINGS = {
    Field.ORDER: "tt, stt, so tt, so thu tu, sott, no",
    Field.CODE: "ma dai bieu",
    Field.FULL_NAME: "ho va ten, ho ten, dai bieu, ten dai bieu, hoten, khach moi, ho va ten dai bieu, ho ten dai bieu, full name",
    Field.FAMILY: "ho dem, ho va dem, ho va ten dem, ho ten dem, ho lot, ho va chu lot, ho chu lot, ho, ho va ten lot, ho va chu dem",
    Field.GIVEN: "ten",
    Field.ADDRESS_FORM: "xung ho, cach xung ho, danh xung, ong ba, ong hoac ba",
    Field.SEX: "nam nu, gioi tinh, phai, gioi, nam hay nu",
    Field.MALE: "nam, gioi tinh nam, nam nu nam",
    Field.FEMALE: "nu, gioi tinh nu, nam nu nu",
    Field.POST: "chuc vu, chuc danh, cv, cap bac chuc vu",
    Field.BODY: "don vi, co quan, noi cong tac, to chuc, don vi cong tac, co quan don vi, ten don vi, ten co quan, dia chi cong tac",
    Field.GROUP: "nhom, khoi, doan, thanh phan, nhom khach moi, nhom dai bieu",
    Field.PHONE: "dien thoai, dt, sdt, di dong, dtdd, so dt, mobile, phone, tel, lien he, dt di dong, dtcq, dt lien he",
    Field.EMAIL: "email, e mail, thu dien tu, mail, hop thu, dia chi email, dia chi thu dien tu",
    Field.SEAT: "so ghe, ghe, cho ngoi, vi tri ngoi, ghe so",
    Field.ALERT: "luu y hien o cua, luu y o cua",
    Field.NOTE: "ghi chu, note, ghi chu cua van phong",
}
_EXACT = {word.strip(): field for field, words in _HEADINGS.items() for word in words.split(",")}
_LIKE = (
    (re.compile(r"\b(?:dan toc|ton giao|dang vien|vao dang|cmnd|cccd|cmt|can cuoc|chung minh|suc khoe|an kieng|tai khoan)\b"), Field.SENSITIVE),
    (re.compile(r"^(?:bien so|ky (?:ten|nhan)|chu ky|nam sinh|ngay sinh|que quan|trinh do|ly do)"), Field.SKIPPED),
    (re.compile(r"^(?:ho (?:va )?ten)\b"), Field.FULL_NAME),
    (re.compile(r"\b(?:dien thoai|di dong|sdt|dtdd)\b|^(?:so )?dt\b"), Field.PHONE),
    (re.compile(r"\b(?:e ?mail|thu dien tu)\b"), Field.EMAIL),
    (re.compile(r"^chuc (?:vu|danh)\b|\bchuc vu$"), Field.POST),
    (re.compile(r"^(?:don vi|co quan)\b"), Field.BODY),
    (re.compile(r"^ghi chu\b"), Field.NOTE),
    (re.compile(r"^nhom\b"), Field.GROUP),
)  # fmt: skip

_PARTS = re.compile(r"[,;/&+\n]|\s[-–]\s|\bvà\b", re.IGNORECASE)

_TOTAL = re.compile(r"^(?:(?:tong cong|tong so|an dinh danh sach|danh sach (?:nay )?(?:co|gom))\b|(?:tong|cong)(?: \d+.*)?$)")
_SIGNATURE = re.compile(
    r"^(?:nguoi lap|thu truong|noi nhan|tm uy ban|tm\b|kt chu tich|kt giam doc|kt\b|tl\b|xac nhan cua|ky ten|"
    r"lap bieu|nguoi lap bieu|(?:[a-z]+ ){0,6}ngay[\d ]* thang[\d ]* nam)"
)
_HEADED = re.compile(r"^(?:[IVXLC]{1,6}|[A-HĐ]|\d{1,2}|[a-hđ])\s*[.)/\-:]\s*\S|^[-–•*+]\s*\S|^[IVXLC]{1,6}\s+\S")
_NUMBERED = re.compile(r"^(?:[IVXLC]{1,6}|[A-HĐ]|\d{1,2}|[a-hđ])\s*[.)/\-:]\s*|^[-–•*+]\s*|^[IVXLC]{2,6}\s+")
_ROMAN_OR_LETTER = re.compile(r"^(?:[IVXLC]{1,6}|[A-HĐ]|[a-hđ])[.)]?$")


def heading_words(heading: str) -> str:
    """Return a heading as it is compared: folded, signs as blanks."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(heading)).split())


def field_of(heading: str) -> Field | None:
    """Return what a column with this heading holds, or None when no office calls anything so."""
    words = heading_words(heading)
    if words in _EXACT:
        return _EXACT[words]
    return next((field for pattern, field in _LIKE if pattern.search(words)), None)


def kinds_of(heading: str) -> set[Field]:
    """Return all that a heading names: 'Chức vụ, đơn vị công tác' -> post and body; 'Họ và tên' is one."""
    if (words := heading_words(heading)) in _EXACT:
        return {_EXACT[words]}
    return {found for part in _PARTS.split(heading) if (found := field_of(part)) is not None}


def is_total(text: str) -> bool:
    """Tell whether a cell begins the line of totals: 'Tổng cộng: 85', 'Danh sách này có 85 đại biểu./.'."""
    return _TOTAL.match(heading_words(text)) is not None


def is_signature(text: str) -> bool:
    """Tell whether a cell belongs to the block of place, date and signatures under a list."""
    return _SIGNATURE.match(heading_words(text)) is not None


def is_numbered_title(text: str) -> bool:
    """Tell whether a text begins as a section does: 'I. Thường trực', '- Các huyện', 'B) Khách mời'."""
    return _HEADED.match(text.strip()) is not None


def is_roman_or_letter(text: str) -> bool:
    """Tell whether a cell of the numbers' column counts sections, not people."""
    return _ROMAN_OR_LETTER.match(text.strip()) is not None


def section_title(text: str) -> str:
    """Return the title of a section without its number: 'I. THƯỜNG TRỰC TỈNH ỦY:' -> 'THƯỜNG TRỰC TỈNH ỦY'."""
    return _NUMBERED.sub("", text.strip(), count=1).strip(" :.-–")
