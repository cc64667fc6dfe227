"""Contacts are masked wherever they stand; numbers that are none stay whole."""

from __future__ import annotations

import pytest

from eventmgr.domain.contacts import masked, masked_details


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Sửa điện thoại 0905 123 456.", "Sửa điện thoại …456."),
        ("+84905123456, 0260.3862.123 và 84-905-123-456", "…456, …123 và …456"),
        ("Gửi lan.vp@kontum.gov.vn và A@x.vn", "Gửi l…@kontum.gov.vn và A…@x.vn"),
        ("Kế hoạch 2809/KH-UBND ngày 02/12/2015, số 05-52, 07 giờ 30", "Kế hoạch 2809/KH-UBND ngày 02/12/2015, số 05-52, 07 giờ 30"),
        ("Tệp hoi-nghi-20151229-071234.evb, mã 0123456789012345", "Tệp hoi-nghi-20151229-071234.evb, mã 0123456789012345"),
    ],
)
def test_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_masked_details_at_every_depth() -> None:
    details = {"phone": "0905123456", "email": None, "changes": [["0905123456", 5], {"note": "gọi 0905123456"}], "rows": 905123456}
    assert masked_details(details) == {"phone": "…", "email": None, "changes": [["…456", 5], {"note": "gọi …456"}], "rows": 905123456}
