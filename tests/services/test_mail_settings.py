"""What SMTP_URL may say, and what stops the start with a sentence that gives no password away."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventmgr.settings import MailServer, Settings, UnsafeSetting

FROM = "vanphong@tinh.gov.vn"


def read(tmp_path: Path, url: str, **more: str) -> MailServer | None:
    return Settings.from_env({"EVENTMGR_INSTANCE": str(tmp_path), "SMTP_URL": url, "EVENTMGR_MAIL_FROM": FROM} | more).mail


def test_no_url_means_no_mail(tmp_path: Path) -> None:
    assert read(tmp_path, "") is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.tinh.gov.vn", ("mail.tinh.gov.vn", 25, "none", None, None)),
        ("smtps://u:p@mail.tinh.gov.vn", ("mail.tinh.gov.vn", 465, "tls", "u", "p")),
        ("starttls://vp%40tinh.gov.vn:m%3At%2F@mail.tinh.gov.vn:2525", ("mail.tinh.gov.vn", 2525, "starttls", "vp@tinh.gov.vn", "m:t/")),
        ("smtp://u:p@127.0.0.1:1025", ("127.0.0.1", 1025, "none", "u", "p")),
    ],
)
def test_url_is_read(tmp_path: Path, url: str, expected: tuple[object, ...]) -> None:
    mail = read(tmp_path, url)
    assert mail is not None
    assert (mail.host, mail.port, mail.security, mail.username, mail.password) == expected
    assert (mail.sender, mail.per_hour, mail.max_bytes) == (FROM, 300, 10 * 1024 * 1024)
    assert "password" not in repr(mail)


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("http://mail.tinh.gov.vn", {}),
        ("mail.tinh.gov.vn", {}),
        ("smtps://", {}),
        ("smtps://host:99999", {}),
        ("smtps://host/folder", {}),
        ("smtps://bi-mat@host", {}),
        ("smtp://u:bi-mat@mail.tinh.gov.vn", {}),
        ("smtps://u:bi-mat%0d%0a@host", {}),
        ("smtps://u:bi-mat@host", {"EVENTMGR_MAIL_FROM": ""}),
        ("smtps://u:bi-mat@host", {"EVENTMGR_MAIL_FROM": "a@b\r\nBcc: c@d.vn"}),
        ("smtps://u:bi-mat@host", {"EVENTMGR_MAIL_FROM": "văn-phòng@tinh.vn"}),
        ("smtps://u:bi-mat@host", {"EVENTMGR_MAIL_NAME": "Văn\x00phòng"}),
        ("smtps://u:bi-mat@host", {"EVENTMGR_MAIL_PER_HOUR": "0"}),
        ("smtps://u:bi-mat@host", {"EVENTMGR_MAIL_MAX_MB": "lớn"}),
        ("smtps://[::1", {}),
    ],
)
def test_unsafe_value_stops_the_start_with_a_sentence(tmp_path: Path, url: str, more: dict[str, str]) -> None:
    with pytest.raises(UnsafeSetting) as stopped:
        read(tmp_path, url, **more)
    assert "bi-mat" not in str(stopped.value) and str(stopped.value).endswith((".", "%40."))
