"""A file locked with a password: scrypt makes the key, AES-256-GCM seals it in pieces of 1 MiB.

Layout: mark, cost of scrypt (log2 n, r, p: one byte each), salt (16 bytes), nonce prefix (7 bytes), pieces. A piece's
nonce is the prefix, its number (4 bytes) and whether it is the last one (1 byte), so that pieces cannot be swapped,
dropped or added; the head is authenticated with each.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MARK = b"EVENTMGR SEALED 1\n"
PIECE = 1024 * 1024
_TAG = 16
_LOG2_N, _R, _P = 15, 8, 1  # 32 MiB and a tenth of a second: each guess costs as much
_HEAD = len(MARK) + 3 + 16 + 7


class CannotOpen(Exception):
    """The password is another one, or the file was damaged or cut."""


def is_sealed(file: BinaryIO) -> bool:
    """Tell whether a file starts like a sealed one; leaves the position at its start."""
    start = file.read(len(MARK))
    file.seek(0)
    return start == MARK


class Sealer(io.RawIOBase):
    """Seals what is written to it; nothing can be opened until `finish` was called."""

    def __init__(self, target: BinaryIO, password: str) -> None:
        self._target = target
        salt, self._prefix = os.urandom(16), os.urandom(7)
        self._head = MARK + bytes((_LOG2_N, _R, _P)) + salt + self._prefix
        self._lock = AESGCM(_key(password, salt, _LOG2_N, _R, _P))
        self._waiting = bytearray()
        self._number = 0
        target.write(self._head)

    def writable(self) -> bool:
        """It may be written to."""
        return True

    def write(self, data: object) -> int:
        """Seal every whole piece; the last one waits for `finish`."""
        given = bytes(data)  # type: ignore[call-overload]
        self._waiting += given
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(given)

    def finish(self) -> None:
        """Write the last piece."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._target.write(self._lock.encrypt(_nonce(self._prefix, self._number, last), piece, self._head))
        self._number += 1


def unseal(source: BinaryIO, target: BinaryIO, password: str) -> None:
    """Write what a sealed file holds into `target`. Raises CannotOpen; then what was written must not be used."""
    head = source.read(_HEAD)
    if len(head) != _HEAD or not head.startswith(MARK):
        raise CannotOpen("not a sealed file")
    log2_n, r, p = head[len(MARK) : len(MARK) + 3]
    if not (10 <= log2_n <= 20 and 1 <= r <= 16 and 1 <= p <= 4):
        raise CannotOpen("the head was damaged")  # a hostile head must not eat all memory
    salt, prefix = head[len(MARK) + 3 : -7], head[-7:]
    lock = AESGCM(_key(password, salt, log2_n, r, p))
    piece, number = source.read(PIECE + _TAG), 0
    while True:
        following = source.read(PIECE + _TAG)
        try:
            target.write(lock.decrypt(_nonce(prefix, number, not following), piece, head))
        except InvalidTag as problem:
            raise CannotOpen("wrong password or damaged") from problem
        if not following:
            return
        piece, number = following, number + 1


def _key(password: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**log2_n, r=r, p=p).derive(password.encode())


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes((last,))
