"""The real server, spoken to byte by byte: smuggled requests, bodies without end, forged heads, clients that never finish."""

from __future__ import annotations

import json
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from tests import door
from tests.browser.live_copy import LiveCopy
from tests.conftest import settings_for
from tests.people import PASSWORD, SLUG

pytestmark = pytest.mark.database("sqlite")

SMUGGLED = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
HALF_OPEN = 200


class Wire:
    """A running copy with a paired phone and the code of a pass."""

    def __init__(self, copy: LiveCopy, phone: str, code: str) -> None:
        self.copy, self.phone, self.code = copy, phone, code

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.copy.port), timeout=30)

    def say(self, *parts: str | bytes) -> bytes:
        """Send bytes as they are and return everything that comes back until the server hangs up or falls silent."""
        with self.connect() as line:
            try:
                for part in parts:
                    line.sendall(part.encode() if isinstance(part, str) else part)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has answered and hung up before it had heard all
            heard = b""
            line.settimeout(5)
            try:
                while part := line.recv(65536):
                    heard += part
                    if _is_whole(heard):
                        line.settimeout(0.3)  # a second answer would follow at once
            except (TimeoutError, ConnectionResetError):
                pass
            return heard

    def scan(self) -> float:
        """Upload a scan and return the seconds that it took; raises when it is not stored."""
        said = {"scan_key": f"wire-{time.monotonic_ns()}", "way": "camera", "scanned_at": clock.now().isoformat(), "code": self.code}
        headers = {"Content-Type": "application/json", "X-Eventmgr-Phone": "1", "Cookie": f"eventmgr_phone={self.phone}"}
        begun = time.monotonic()
        with urlopen(Request(f"{self.copy.url}/api/door/scans", json.dumps(said).encode(), headers), timeout=60) as answer:
            assert json.loads(answer.read())["stored"] is True
        return time.monotonic() - begun


def _is_whole(heard: bytes) -> bool:
    head, separator, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return bool(separator) and (length is None or len(body) >= int(length[1]))


def statuses(heard: bytes) -> list[int]:
    return [int(one) for one in re.findall(rb"HTTP/1\.1 (\d{3})", heard)]


@pytest.fixture(scope="module")
def wire(filled_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    yield from wire_of(filled_database, tmp_path_factory.mktemp("wire"))


def wire_of(filled_database: str, folder: Path, scheme: str = "http", **env: str) -> Iterator[Wire]:
    """Run a copy of the filled database with these settings."""
    shutil.copyfile(filled_database.removeprefix("sqlite:///"), folder / "wire.db")
    url = f"sqlite:///{folder / 'wire.db'}"
    app = create_app(settings_for(folder / "here", url))
    with app.app_context():
        conference_id = db.session.query(Conference.id).filter(Conference.slug == SLUG).scalar()
        phone, _ = door.pair_phone(conference_id)
        code = door.add_pass(conference_id, door.add_delegate(conference_id))
        db.session.remove()
        db.engine.dispose()
    copy = LiveCopy(folder / "live", url, env, scheme=scheme)
    copy.start()
    try:
        yield Wire(copy, phone, code)
    finally:
        copy.stop(hard=True)


@pytest.mark.parametrize(
    ("lengths", "body"),
    [
        (("Content-Length: 4", "Transfer-Encoding: chunked"), "0\r\n\r\n"),
        (("Transfer-Encoding: chunked", "Content-Length: 5"), "0\r\n\r\n"),
        (("Content-Length: 0", "Content-Length: 44"), ""),
        (("Content-Length: 0, 44",), ""),
        (("Content-Length: +0",), ""),
        (("Content-Length: -1",), ""),
        (("Content-Length: 0x0",), ""),
        (("Transfer-Encoding : chunked",), "0\r\n\r\n"),
        (("Transfer-Encoding: xchunked",), "0\r\n\r\n"),
        (("Transfer-Encoding: chunked", "Transfer-Encoding: identity"), "0\r\n\r\n"),
        (("Transfer-Encoding: \x0bchunked",), "0\r\n\r\n"),
        (("Transfer-Encoding: chunked",), "0x0\r\n\r\n"),
        (("Transfer-Encoding: chunked",), "-1\r\n\r\n"),
        (("Transfer-Encoding: chunked",), "1\r\na0\r\n\r\n"),
        (("Transfer-Encoding: chunked",), "0\r\nX\x00: y\r\n\r\n"),
        ((" Transfer-Encoding: chunked",), "0\r\n\r\n"),
        (("X: y\nTransfer-Encoding: chunked",), "0\r\n\r\n"),
    ],
    ids=range(17),
)
def test_no_second_request_hides_in_the_first(wire: Wire, lengths: tuple[str, ...], body: str) -> None:
    head = "\r\n".join(("POST /sign-in HTTP/1.1", "Host: 127.0.0.1", *lengths))
    heard = wire.say(f"{head}\r\n\r\n{body}{SMUGGLED}")
    assert b'"alive"' not in heard
    assert all(400 <= one <= 501 and one != 500 for one in statuses(heard))


def test_a_body_without_end_is_cut_off(wire: Wire) -> None:
    chunk = f"{16_384:x}\r\n{'a' * 16_384}\r\n"
    head = "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Type: {}\r\n{}\r\n"
    form, door_head = "application/x-www-form-urlencoded", f"X-Eventmgr-Phone: 1\r\nCookie: eventmgr_phone={wire.phone}\r\n"
    for path, kind, more in (
        ("/sign-in", form, ""), ("/i/0000000000000000/reply", form, ""), (f"/office/{SLUG}/settings", form, ""),
        ("/api/door/scans", "application/json", door_head), ("/door/pair/AAAA", "multipart/form-data; boundary=x", ""),
    ):  # fmt: skip
        heard = wire.say(head.format(path, kind, more), *[chunk] * 40, "0\r\n\r\n")
        assert [one for one in statuses(heard) if one not in {400, 403, 413}] == [] and statuses(heard), path
    for path, kind, more in (("/sign-in", form, ""), ("/api/door/scans", "application/json", door_head)):
        assert statuses(wire.say(head.format(path, kind, more), *[chunk] * 40, "0\r\n\r\n")) == [413]


def test_a_body_in_chunks_is_read_whole(wire: Wire) -> None:
    said = json.dumps([{"scan_key": f"chunk-{number:04d}", "note": "a" * 3000} for number in range(12)])
    parts = [f"{len(part):x}\r\n{part}\r\n" for part in (said[:20_000], said[20_000:])]
    head = "POST /api/door/scans HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n"
    heard = wire.say(f"{head}X-Eventmgr-Phone: 1\r\nCookie: eventmgr_phone={wire.phone}\r\n\r\n", *parts, "0\r\n\r\n")
    assert statuses(heard) == [200] and heard.count(b'"stored":true') == 12


@pytest.mark.parametrize(
    "request_text",
    [
        f"GET /{'a' * 5000} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {'a' * 70_000}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + "".join(f"X-{number}: 1\r\n" for number in range(100)) + "\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX\x00Y: 1\r\n\r\n", "GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n", "\x16\x03\x01\x02\x00\r\n\r\n",
        "GE T / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", "GET / HTTP/1.1\r\nHost: 127.0.0.1, evil.example\r\n\r\n",
    ],
    ids=["line", "header", "headers", "nul", "version", "tls", "method", "host", "absolute", "two hosts"],
)
def test_heads_that_nobody_means_well_with(wire: Wire, request_text: str) -> None:
    heard = wire.say(request_text)
    assert statuses(heard) in ([400], [414], [431], [505]), heard[:200]
    assert b"Traceback" not in heard and b"evil" not in heard


def test_nothing_typed_becomes_a_header(wire: Wire) -> None:
    for path in (
        "/sign-in?next=%0d%0aX-Evil:%201", "/I/ABC%0d%0aX-Evil:%201", "/office/?a=%0d%0aX-Evil:1", "/door/pair/%0aX-Evil:1",
        f"/e/{SLUG}/stream?view=%0d%0aX-Evil:1", f"/e/{SLUG}/programme.pdf?x=%0d%0a%0d%0a<script>",
    ):  # fmt: skip
        head = wire.say(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").partition(b"\r\n\r\n")[0]
        assert not re.search(rb"(?im)^x-evil", head), path


def test_what_proxies_are_said_to_say_counts_for_nothing(wire: Wire) -> None:
    forged = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nForwarded: for=127.0.0.1;host=evil.example\r\nX-Real-Ip: 127.0.0.1\r\n"
    heard = wire.say(f"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{forged}\r\n")
    assert statuses(heard) == [403]
    heard = wire.say(f"GET /office/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{forged}\r\n")
    assert statuses(heard) == [302] and b"evil" not in heard and b"\r\nLocation: /sign-in?next=" in heard
    for name in ("X-Script-Name", "SCRIPT_NAME", "X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override"):
        heard = wire.say(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{name}: /office/\r\n\r\n")
        assert statuses(heard) in ([200], [400]) and b"office" not in heard, name


def test_a_scan_passes_while_two_hundred_clients_never_finish(wire: Wire) -> None:
    wire.scan()
    with ExitStack() as open_lines:
        for number in range(HALF_OPEN):
            line = open_lines.enter_context(wire.connect())
            whole = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            line.sendall((whole + ("Content-Length: 5000\r\n\r\nusername=" if number % 2 else "X-Slow: ")).encode())
        # Were one of them waited for, this would take the thirty seconds that a head may take, or for ever.
        assert max(wire.scan() for _ in range(20)) < 15
        assert statuses(wire.say("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")) == [200]
    wire.scan()


def test_the_log_holds_no_secret(wire: Wire) -> None:
    wire.say(f"GET /i/{wire.code} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    wire.say(f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {9 + len(PASSWORD)}\r\n\r\npassword={PASSWORD}")
    wire.say(f"GET /i/{wire.code}%0a{{\"level\":\"forged\"}} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    said = wire.copy.log.read_text()
    for secret in (wire.code, wire.phone, PASSWORD, "tests only, never elsewhere"):
        assert secret not in said
    assert '{"level":"forged"}' not in said
