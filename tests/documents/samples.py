"""Invented letters, with the wording of the plan's conference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from eventmgr.documents.invitation import render_invitations
from eventmgr.documents.sheets import InvitationSheet, Letterhead

OFFICE = Letterhead(
    form="nd30",
    issuer="office",
    superior_line="UBND TỈNH KON TUM",
    agency_lines=("VĂN PHÒNG",),
    symbol="GM-VP",
    place="Kon Tum",
)
COMMITTEE = Letterhead(
    form="nd30",
    issuer="committee",
    superior_line=None,
    agency_lines=("ỦY BAN NHÂN DÂN", "TỈNH KON TUM"),
    symbol="GM-UBND",
    place="Kon Tum",
)
LETTER = InvitationSheet(
    letterhead=OFFICE,
    number="5",
    dated_on=date(2015, 12, 23),
    subject="Dự Hội nghị sơ kết giai đoạn I (2011-2015) thực hiện Chiến lược quốc gia về bình đẳng giới",
    opening=("Thừa lệnh Chủ tịch Ủy ban nhân dân tỉnh, Văn phòng Ủy ban nhân dân tỉnh trân trọng kính mời:"),
    addressee="đồng chí Chủ tịch Ủy ban nhân dân huyện Tu Mơ Rông.",
    purpose=(
        "Tới dự Hội nghị sơ kết, đánh giá giai đoạn I (2011-2015) thực hiện Chiến lược quốc gia "
        "về bình đẳng giới giai đoạn 2011 - 2020"
    ),
    chair="Lãnh đạo Ủy ban nhân dân tỉnh",
    time_text="07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015 (01 buổi)",
    venue="Hội trường lớn - Văn phòng Ủy ban nhân dân tỉnh",
    notes=(
        "Đề nghị đồng chí xác nhận dự họp trước 17 giờ 00 ngày 27 tháng 12 năm 2015 theo mã ở cuối trang "
        "và mang theo giấy mời khi đến dự.",
    ),
    recipients=("Như trên", "CVP, PVP phụ trách VX", "Lưu: VT, VX"),
    signer_lines=("KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
    signer_name="Nguyễn Văn Mẫu",
    qr_text="HTTPS://HOINGHI.EXAMPLE/I/7K3MQ9ZDR2VX4TBN",
    code_groups="7K3M Q9ZD R2VX 4TBN",
    reply_line="Quét mã hoặc mở hoinghi.example/i để trả lời dự họp, xem tài liệu, chỗ ngồi; xuất trình khi vào cửa.",
    contact="Văn phòng UBND tỉnh (phòng Văn xã), điện thoại 060 3862 000",
)
DRAFT = replace(LETTER, number=None, dated_on=None, month_hint=(12, 2015), draft=True, signer_name=None)
LONG = replace(
    LETTER,
    notes=tuple(
        f"Nội dung cần chuẩn bị thứ {n}: đề nghị đồng chí gửi báo cáo bằng văn bản về Văn phòng trước ngày họp "
        "để tổng hợp, trình Chủ tọa xem xét, cho ý kiến trong Hội nghị."
        for n in range(1, 9)
    ),
)


@cache
def pdf_of(*sheets: InvitationSheet) -> bytes:
    return render_invitations(sheets)
