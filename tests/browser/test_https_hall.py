"""HTTPS in a closed hall: with the own authority trusted, a phone's browser opens its camera at the server's own name."""

from __future__ import annotations

import base64
import hashlib
import ssl
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from playwright.sync_api import Browser, Error

from eventmgr import clock
from eventmgr.services.certificates import Made, make_certificate
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.live_copy import LiveCopy

pytestmark = pytest.mark.browser
NAME = "hoitruong.lan"


@pytest.fixture
def hall(database_url: str, tmp_path: Path) -> Iterator[tuple[LiveCopy, Made]]:
    live = LiveCopy(tmp_path / "live", database_url, scheme="https")
    made = make_certificate(live.instance / "certificates", ["127.0.0.1", NAME], clock.now())
    live.env |= {
        "EVENTMGR_BASE_URL": f"https://{NAME}:{live.port}", "EVENTMGR_HOSTS": "127.0.0.1",
        "EVENTMGR_CERTIFICATE": str(made.certificate), "EVENTMGR_CERTIFICATE_KEY": str(made.key),
    }  # fmt: skip
    live.start()
    try:
        yield live, made
    finally:
        live.stop()


def test_whoever_trusts_the_authority_trusts_the_server_and_nobody_else_does(hall: tuple[LiveCopy, Made]) -> None:
    live, made = hall
    trusting = ssl.create_default_context(cafile=str(made.authority))
    with urllib.request.urlopen(f"{live.url}/door/authority.crt", context=trusting, timeout=10) as answer:
        got = answer.read()
        assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
    known = x509.load_pem_x509_certificate(made.authority.read_bytes()).public_bytes(serialization.Encoding.DER)
    assert got == known
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{live.url}/healthz", timeout=10)


def test_the_camera_opens_at_the_servers_own_name(hall: tuple[LiveCopy, Made], browser: Browser) -> None:
    live, made = hall
    there = [*ARGUMENTS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1", "--use-fake-device-for-media-stream"]
    address = f"https://{NAME}:{live.port}/door/"
    plain = browser.browser_type.launch(executable_path=CHROMIUM, args=there)
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        plain.new_page().goto(address)
    plain.close()
    trusting = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*there, f"--ignore-certificate-errors-spki-list={pinned(made)}"]
    )
    context = trusting.new_context(permissions=["camera"])
    page = context.new_page()
    page.goto(address)
    camera = "navigator.mediaDevices.getUserMedia({video: true}).then(stream => stream.getVideoTracks().length)"
    assert (page.evaluate("isSecureContext"), page.evaluate(camera)) == (True, 1)
    assert page.evaluate("'serviceWorker' in navigator")
    trusting.close()


def pinned(made: Made) -> str:
    """The server's key as Chromium's list of trusted keys names it."""
    server = x509.load_pem_x509_certificates(made.certificate.read_bytes())[0]
    spki = server.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()
