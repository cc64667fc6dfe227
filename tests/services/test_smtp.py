"""The connection to the mail server: encrypted or not at all, signed in, and no word of the password anywhere."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from eventmgr.domain.mailing import Outcome
from eventmgr.services.smtp import Abandoned, Connection
from eventmgr.settings import MailServer
from tests.smtp import SENDER, mail_server

MESSAGE = b"Subject: thu\r\n\r\n.dong bat dau bang dau cham\r\n..hai dau\r\n"
PASSWORD = "mat-khau-rat-bi-mat"

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")


def certificate(folder: Path) -> tuple[Path, Path]:
    key, cert = folder / "key.pem", folder / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=thu"]
    made += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(made, check=True, capture_output=True)
    return key, cert


def knows(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


def options(folder: Path) -> dict[str, Any]:
    key, cert = certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return {"tls_context": context, "require_starttls": True, "authenticator": knows, "auth_required": True}


def settings(port: int, password: str = PASSWORD) -> MailServer:
    return MailServer("127.0.0.1", port, "starttls", SENDER, username="vp", password=password)


def test_mail_goes_over_an_encrypted_connection_after_signing_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(**options(tmp_path)) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        connection = Connection(settings(post.port))
        answers = [connection.hand_over("a@x.example.vn", MESSAGE, lambda: True) for _ in range(2)]
        connection.close()
    assert [one.outcome for one in answers] == [Outcome.SENT, Outcome.SENT]
    assert [content for _, content in post.mails] == [MESSAGE, MESSAGE]


def test_certificate_that_nobody_vouches_for_sends_nothing(tmp_path: Path) -> None:
    with mail_server(**options(tmp_path)) as post:
        answer = Connection(settings(post.port)).hand_over("a@x.example.vn", MESSAGE, lambda: True)
    assert answer.outcome is Outcome.LOST and answer.words.startswith("Chứng chỉ của máy chủ thư không đúng")
    assert post.mails == []


def test_wrong_password_is_the_channels_failure_and_is_never_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(**options(tmp_path)) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        answer = Connection(settings(post.port, "sai-mat-khau")).hand_over("a@x.example.vn", MESSAGE, lambda: True)
    assert answer.outcome is Outcome.LOST and answer.words.startswith("535 ") and "sai-mat-khau" not in answer.words
    assert post.mails == []


def test_server_without_encryption_is_not_trusted_with_the_password() -> None:
    with mail_server() as post:
        answer = Connection(settings(post.port)).hand_over("a@x.example.vn", MESSAGE, lambda: True)
    assert answer.outcome is Outcome.LOST and post.mails == []


def test_mail_abandoned_before_its_end_never_arrives() -> None:
    with mail_server() as post:
        connection = Connection(post.server)
        with pytest.raises(Abandoned):
            connection.hand_over("a@x.example.vn", MESSAGE, lambda: False)
        assert connection.hand_over("b@x.example.vn", MESSAGE, lambda: True).outcome is Outcome.SENT
        connection.close()
    assert post.arrivals == {"b@x.example.vn": 1}


def test_sender_who_may_not_send_is_the_channels_failure_not_the_mails() -> None:
    with mail_server() as post:
        post.at_mail = ["550 5.7.1 Khong duoc gui", "ok"]
        connection = Connection(post.server)
        first = connection.hand_over("a@x.example.vn", MESSAGE, lambda: True)
        second = connection.hand_over("a@x.example.vn", MESSAGE, lambda: True)
        connection.close()
    assert (first.outcome, first.words, second.outcome) == (Outcome.LOST, "550 5.7.1 Khong duoc gui", Outcome.SENT)
