"""Paper made in a process of its own, so that the web server never waits: sheets in on stdin, PDFs out on stdout."""

from __future__ import annotations

import importlib
import pickle
import struct
import sys
from typing import Any, BinaryIO

HEAD = struct.Struct(">Q")
FLOOR = "eventmgr.documents."


def send(stream: BinaryIO, message: Any) -> None:
    """Write one message: its length in eight bytes, then the pickled value."""
    data = pickle.dumps(message)
    stream.write(HEAD.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read one message; raises EOFError when the other side is gone."""
    (size,) = HEAD.unpack(_exactly(stream, HEAD.size))
    return pickle.loads(_exactly(stream, size))


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Answer requests (module, function, arguments) with (True, result) or (False, sentence) until the pipe closes."""
    while True:
        try:
            module, name, args = receive(source)
        except EOFError:
            return
        try:
            if not module.startswith(FLOOR):
                raise ValueError(f"not paper: {module}")
            answer = True, getattr(importlib.import_module(module), name)(*args)
        except Exception as problem:
            answer = False, f"{type(problem).__name__}: {problem}"
        send(target, answer)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = stream.read(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


if __name__ == "__main__":
    pipe = sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that prints may come between the messages
    serve(sys.stdin.buffer, pipe)
