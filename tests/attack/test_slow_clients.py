"""Clients that send or read a byte now and then, without a proxy in front: nobody waits for them, and they are cut off."""

from __future__ import annotations

import os
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import gevent
import gevent.socket
import pytest

from eventmgr import clock
from eventmgr.live.listener import QUEUE, Listener
from eventmgr.live.sse import frame
from eventmgr.services.certificates import make_certificate
from eventmgr.settings import Settings, UnsafeSetting
from eventmgr.slow_clients import Line, TooSlow
from tests.attack.test_wire import Wire, statuses, wire_of
from tests.faults.house import processes, wait_for

pytestmark = pytest.mark.database("sqlite")

SECONDS, SLOW, LONG = 3, 200, 240.0
HEAD = "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"


@pytest.fixture(scope="module")
def wire(filled_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    yield from wire_of(filled_database, tmp_path_factory.mktemp("slow"), EVENTMGR_CLIENT_SECONDS=str(SECONDS))


def worker(wire: Wire) -> int:
    return processes(wire.copy)["web"][0]


def open_lines(wire: Wire) -> int:
    """How many sockets the worker holds."""
    folder = f"/proc/{worker(wire)}/fd"
    found = 0
    for name in os.listdir(folder):
        with suppress(OSError):
            found += os.readlink(f"{folder}/{name}").startswith("socket:")
    return found


def memory(wire: Wire) -> int:
    """Bytes of memory that the worker uses."""
    return int(Path(f"/proc/{worker(wire)}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def is_open(line: socket.socket) -> bool:
    """Whether the server has not hung up, whatever it said before."""
    try:
        while select.select([line], [], [], 0)[0]:
            if not line.recv(65536):
                return False
    except OSError:
        return False
    return True


def drip(lines: list[socket.socket], over: threading.Event) -> None:
    """Send a byte on each line again and again; a line that is closed stays closed."""
    while not over.wait(0.5):
        for line in lines:
            with suppress(OSError):
                line.send(b"a")


def test_two_hundred_who_send_a_byte_at_a_time_hold_nobody_up_and_are_cut(wire: Wire) -> None:
    wire.scan()
    before, held = open_lines(wire), memory(wire)
    with ExitStack() as stack:
        lines = [stack.enter_context(wire.connect()) for _ in range(SLOW)]
        for number, line in enumerate(lines):
            beginning = ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", HEAD.format("/sign-in"), HEAD.format("/i/0000000000000000/reply"), "GE")
            line.sendall(beginning[number % 4].encode())
        over = threading.Event()
        dripping = threading.Thread(target=drip, args=(lines, over))
        dripping.start()
        try:
            for _ in range(10):
                wire.scan()
            wait_for(lambda: not any(is_open(line) for line in lines), LONG)
        finally:
            over.set()
            dripping.join()
    wait_for(lambda: open_lines(wire) <= before, LONG)
    assert memory(wire) - held < 60 * 1024 * 1024
    wire.scan()
    assert "Traceback" not in wire.copy.log.read_text()


def test_who_asks_again_and_again_and_reads_nothing_is_cut(wire: Wire) -> None:
    wire.scan()
    before, held = open_lines(wire), memory(wire)
    asked = b"GET /static/vendor/zxing/zxing_reader.wasm HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 100
    with ExitStack() as stack:
        for _ in range(20):
            line = stack.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.connect(("127.0.0.1", wire.copy.port))
            line.sendall(asked)
        for _ in range(5):
            wire.scan()
        wait_for(lambda: open_lines(wire) <= before, LONG)
        assert memory(wire) - held < 60 * 1024 * 1024
    assert "Traceback" not in wire.copy.log.read_text()


def test_a_long_upload_in_small_pieces_passes(wire: Wire) -> None:
    body = "a=" + "b" * 60_000
    head = f"POST /i/0000000000000000/reply HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    pieces = [body[at : at + 6000] for at in range(0, len(body), 6000)]
    with wire.connect() as line:
        line.sendall(head.encode())
        for piece in pieces:
            threading.Event().wait(0.5)  # five seconds in all: longer than a body that does not move may take
            line.sendall(piece.encode())
        heard = b"".join(iter(lambda: line.recv(65536), b""))
    assert statuses(heard) == [400]  # no form token: it was read to its end


def test_a_stream_that_nobody_reads_is_bounded_and_cut() -> None:
    ours, theirs = gevent.socket.socketpair()
    line, gone = Line(ours, 0.5), []
    listener = Listener(gone.append, (1, "audience"), packed=False)
    update = frame("state", "ễ" * 200_000, 1)
    assert [listener.tell(update) for _ in range(QUEUE + 5)] == [True] * QUEUE + [False] * 5
    listener.end()
    with pytest.raises(TooSlow):
        for part in listener:
            line.sendall(part)
    with pytest.raises(TooSlow):
        line.send(b"more")
    listener.close()
    assert gone == [listener]
    theirs.close()
    ours.close()


def test_the_last_words_to_a_client_wait_for_nobody() -> None:
    ours, theirs = gevent.socket.socketpair()
    ours.setblocking(False)
    line = Line(ours, 60)
    with pytest.raises(BlockingIOError):
        for _ in range(10_000):
            line.sendall(b"x" * 65536)
    theirs.close()
    ours.close()


def test_a_handshake_that_never_comes_is_cut(filled_database: str, tmp_path: Path) -> None:
    made = make_certificate(tmp_path / "authority", ["localhost"], clock.now())
    settings = {"EVENTMGR_CERTIFICATE": str(made.certificate), "EVENTMGR_CERTIFICATE_KEY": str(made.key)}
    running = contextmanager(wire_of)
    with running(filled_database, tmp_path, "https", **settings, EVENTMGR_CLIENT_SECONDS=str(SECONDS)) as wire, ExitStack() as stack:
        before = open_lines(wire)
        lines = [stack.enter_context(wire.connect()) for _ in range(20)]
        for line in lines[::2]:
            line.sendall(b"\x16\x03\x01\x02\x00\x01")
        wait_for(lambda: not any(is_open(line) for line in lines), LONG)
        wait_for(lambda: open_lines(wire) <= before, LONG)


@pytest.mark.parametrize("given", ["0", "601", "x", "-1"])
def test_the_setting_has_its_measure(tmp_path: Path, given: str) -> None:
    with pytest.raises(UnsafeSetting, match="EVENTMGR_CLIENT_SECONDS phải là số nguyên từ 1 đến 600"):
        Settings.from_env({"EVENTMGR_INSTANCE": str(tmp_path), "EVENTMGR_CLIENT_SECONDS": given})
