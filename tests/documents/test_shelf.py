from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eventmgr.documents import shelf


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Giấy mời", "Đăk Hà", "7"), "giay-moi-dak-ha-7.pdf"),
        (("../../etc/passwd",), "etc-passwd.pdf"),
        (("a\0b", "..", "c d"), "a-b-c-d.pdf"),
        (("x" * 300,), "x" * 120 + ".pdf"),
        (("$(rm -rf ~)", "-h"), "rm-rf-h.pdf"),
    ],
)
def test_names_are_made_safe(parts: tuple[str, ...], name: str) -> None:
    assert shelf.safe_name(*parts, suffix="pdf") == name


def test_name_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no name"):
        shelf.safe_name("../..", suffix="pdf")


def test_file_is_written_read_replaced_and_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet"
    assert shelf.put(folder, "a.pdf", b"one") == folder / "a.pdf"
    shelf.put(folder, "a.pdf", b"two")
    assert shelf.read(folder, "a.pdf") == b"two"
    assert os.listdir(folder) == ["a.pdf"]
    shelf.delete(folder, "a.pdf")
    shelf.delete(folder, "a.pdf")
    assert os.listdir(folder) == []
    with pytest.raises(FileNotFoundError):
        shelf.read(folder, "a.pdf")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failure_while_writing_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    shelf.put(tmp_path, "a.pdf", b"old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="disk full"):
        shelf.put(tmp_path, "a.pdf", b"new")
    assert (tmp_path / "a.pdf").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.pdf"]


@pytest.mark.parametrize("name", ["../a.pdf", "/etc/passwd", "a/b.pdf", "..", ".", "", "a\0.pdf", "..\\a.pdf"])
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.pdf").write_bytes(b"outside")
    folder = tmp_path / "shelf"
    folder.mkdir()
    for act in (shelf.read, shelf.delete, lambda f, n: shelf.put(f, n, b"")):
        with pytest.raises(ValueError, match="not a plain file name"):
            act(folder, name)
    assert (tmp_path / "a.pdf").read_bytes() == b"outside"


def test_old_files_are_listed_unfinished_ones_too(tmp_path: Path) -> None:
    for name, day in (("b.pdf", 1), ("a.pdf", 2), ("new.pdf", 9), (".unfinished-x", 1)):
        (tmp_path / name).write_bytes(b"")
        then = datetime(2015, 12, day, tzinfo=UTC).timestamp()
        os.utime(tmp_path / name, (then, then))
    assert shelf.older_than(tmp_path, datetime(2015, 12, 5, tzinfo=UTC)) == [".unfinished-x", "a.pdf", "b.pdf"]
    assert shelf.older_than(tmp_path / "missing", datetime(2015, 12, 5, tzinfo=UTC)) == []
