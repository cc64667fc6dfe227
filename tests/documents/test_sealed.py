"""Sealed files: what goes in comes out with the password alone; every change, swap and cut is seen."""

from __future__ import annotations

import io

import pytest

from eventmgr.documents import sealed
from eventmgr.documents.sealed import PIECE, CannotOpen, Sealer, is_sealed, unseal

HEAD = sealed._HEAD


def seal(content: bytes, password: str = "mật khẩu") -> bytes:
    target = io.BytesIO()
    sealer = Sealer(target, password)
    for start in range(0, len(content), 70_001):
        sealer.write(content[start : start + 70_001])
    sealer.finish()
    return target.getvalue()


def open_up(content: bytes, password: str = "mật khẩu") -> bytes:
    target = io.BytesIO()
    unseal(io.BytesIO(content), target, password)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_every_size_comes_back(size: int) -> None:
    content = bytes(range(251)) * (size // 251 + 1)
    closed = seal(content[:size])
    assert open_up(closed) == content[:size]
    assert is_sealed(io.BytesIO(closed)) is True


def test_no_change_goes_unseen() -> None:
    closed = seal(b"a" * PIECE + b"b" * PIECE + b"c")
    whole = PIECE + 16
    first, second = closed[HEAD : HEAD + whole], closed[HEAD + whole : HEAD + 2 * whole]
    changed = [
        closed[:-1], closed[: HEAD + whole], closed[:HEAD], closed + b"x", closed[:HEAD] + second + first + closed[HEAD + 2 * whole :],
        closed[:-5] + bytes((closed[-5] ^ 1,)) + closed[-4:], closed[: HEAD - 1] + bytes((closed[HEAD - 1] ^ 1,)) + closed[HEAD:],
        b"", b"PK\3\4",
    ]
    for one in changed:
        with pytest.raises(CannotOpen):
            open_up(one)
    with pytest.raises(CannotOpen):
        open_up(closed, "mật khẩu ")


def test_head_that_asks_for_all_memory_is_refused() -> None:
    closed = seal(b"x")
    at = len(sealed.MARK)
    with pytest.raises(CannotOpen):
        open_up(closed[:at] + bytes((40,)) + closed[at + 1 :])


def test_two_files_of_one_content_differ() -> None:
    assert seal(b"x") != seal(b"x")
