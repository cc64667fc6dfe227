"""Files that people upload to be handed on as they are: known by their content, never opened, named safely.

What a file is called and what the browser says it is count for nothing; its first bytes and the parts inside decide.
Such a file leaves again only as a download, under the ending of what it really is.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import unicodedata
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from eventmgr.documents import shelf

MAX_PARTS, MAX_UNPACKED = 5_000, 500 * 1024 * 1024
LONGEST_NAME = 120
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_PDF = 4096  # bytes within which "%%EOF" stands, whatever a scanner writes behind it
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."


class Kind(Enum):
    """What an uploaded file may be: its ending, its type on the way out, its name on a page."""

    PDF = ("pdf", "application/pdf", "PDF")
    DOCX = ("docx", _OFFICE + "wordprocessingml.document", "Word")
    DOC = ("doc", "application/msword", "Word")
    ODT = ("odt", _OPEN + "text", "văn bản OpenDocument")
    XLSX = ("xlsx", _OFFICE + "spreadsheetml.sheet", "Excel")
    XLS = ("xls", "application/vnd.ms-excel", "Excel")
    ODS = ("ods", _OPEN + "spreadsheet", "bảng tính OpenDocument")
    PPTX = ("pptx", _OFFICE + "presentationml.presentation", "PowerPoint")
    PPT = ("ppt", "application/vnd.ms-powerpoint", "PowerPoint")
    ODP = ("odp", _OPEN + "presentation", "trình chiếu OpenDocument")
    JPEG = ("jpg", "image/jpeg", "ảnh JPEG")
    PNG = ("png", "image/png", "ảnh PNG")

    def __init__(self, suffix: str, mime: str, label: str) -> None:
        self.suffix, self.mime, self.label = suffix, mime, label

    @classmethod
    def of(cls, suffix: str) -> Kind:
        """Return the kind with that ending. Raises KeyError for none of them."""
        return {kind.suffix: kind for kind in cls}[suffix]


DOCUMENTS = frozenset(Kind)
ACCEPT = ",".join(f".{kind.suffix}" for kind in Kind) + ",.jpeg"
SAID = "PDF, Word, Excel, PowerPoint, OpenDocument hoặc ảnh JPEG, PNG"


class Unacceptable(Exception):
    """A file that is not taken; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Upload:
    """A file that is taken: its name with the ending of what it is, its content, its SHA-256 in hex."""

    name: str
    kind: Kind
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def accepted(name: str, data: bytes, kinds: Collection[Kind] = DOCUMENTS, most: int = 10 * 1024 * 1024) -> Upload:
    """Return an uploaded file of one of these kinds and at most so many bytes; raises Unacceptable with a sentence."""
    if not name.strip() and not data:
        raise Unacceptable("Chọn tệp cần tải lên.")
    if not data:
        raise Unacceptable("Tệp trống, không có nội dung.")
    if len(data) > most:
        raise Unacceptable(f"Tệp nặng {_megabytes(len(data))} MB, quá {_megabytes(most)} MB. Nén hoặc chia tệp rồi tải lại.")
    kind = kind_of(data)
    if kind not in kinds:
        raise Unacceptable(f"Không nhận tệp {kind.label} ở đây. Nhận: {', '.join(sorted({one.label for one in kinds}))}.")
    return Upload(shown_name(name, kind), kind, data)


def kind_of(data: bytes) -> Kind:
    """Return what a file is by its content; raises Unacceptable for what is unknown, cut, locked or carries macros."""
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if b"%PDF-" in data[:1024]:
        if b"%%EOF" not in data[-_END_OF_PDF:]:
            raise Unacceptable("Tệp PDF bị cắt cụt, chưa đủ nội dung. Tải lại tệp gốc.")
        return Kind.PDF
    if data.startswith(_OLE):
        return _kind_of_ole(data)
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    if data[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        raise Unacceptable("Ảnh dạng HEIC của iPhone nhiều máy không mở được. Lưu lại dạng JPEG rồi tải lên.")
    raise Unacceptable(f"Không nhận ra loại tệp. Nhận tệp {SAID}.")


def shown_name(name: str, kind: Kind) -> str:
    """Return the name under which a file is shown and saved: one line of letters, with the ending of its kind.

    Folders, control marks, marks that turn the direction of writing and whatever upsets a file system go.
    """
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    text = "".join(char if unicodedata.category(char)[0] not in "CZ" else " " for char in text)
    text = re.sub(r'[<>:"|?*]+', " ", text)
    stem = re.sub(r"\.(?:" + "|".join([*(one.suffix for one in Kind), "jpeg"]) + r")$", "", text.strip(), flags=re.IGNORECASE)
    stem = re.sub(r"\s+", " ", stem).strip(" .")[:LONGEST_NAME].rstrip(" .")
    return f"{stem or 'tai-lieu'}.{kind.suffix}"


def weight(size: int) -> str:
    """Return how heavy a file is, as a page says it: '640 KB', '1,2 MB'."""
    return f"{max(1, round(size / 1024))} KB" if size < 1024 * 1000 else f"{_megabytes(size)} MB"


def keep(folder: Path, upload: Upload) -> str:
    """Write an accepted file under a name that nobody can guess and return it. Raises OSError when the disk refuses."""
    kept_as = f"{secrets.token_hex(16)}.{upload.kind.suffix}"
    shelf.put(folder, kept_as, upload.data)
    return kept_as


def keep_again(folder: Path, kept_as: str) -> str:
    """Write a kept file a second time under a name of its own and return it. Raises OSError, FileNotFoundError when it is gone."""
    again = f"{secrets.token_hex(16)}{Path(kept_as).suffix}"
    shelf.put(folder, again, shelf.read(folder, kept_as))
    return again


def read(folder: Path, kept_as: str) -> bytes:
    """Return the content of a kept file. Raises FileNotFoundError when it is gone."""
    return shelf.read(folder, kept_as)


def forget(folder: Path, kept_as: str) -> None:
    """Remove a kept file; one that is not there is no mistake."""
    shelf.delete(folder, kept_as)


def _kind_of_ole(data: bytes) -> Kind:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise Unacceptable("Tệp được đặt mật khẩu nên người khác không mở được. Bỏ mật khẩu rồi tải lại.")
    if holds("_VBA_PROJECT"):
        raise Unacceptable("Tệp có macro nên không nhận. Lưu lại dạng PDF hoặc dạng không có macro rồi tải lên.")
    for name, kind in (("WordDocument", Kind.DOC), ("PowerPoint Document", Kind.PPT), ("Workbook", Kind.XLS), ("Book", Kind.XLS)):
        if holds(name):
            return kind
    raise Unacceptable(f"Không nhận ra loại tệp. Nhận tệp {SAID}.")


def _kind_of_zip(data: bytes) -> Kind:
    """Look at the list of parts only; nothing is unpacked but the short line in which OpenDocument says what it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unacceptable("Tệp bung ra quá lớn so với một tài liệu, nên không nhận.")
            said = _mimetype(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError) as problem:
        raise Unacceptable("Tệp bị hỏng hoặc bị cắt cụt, không mở được. Tải lại tệp gốc.") from problem
    if any(name.lower().endswith(("vbaproject.bin", ".xlm")) or name.startswith("Basic/") for name in names):
        raise Unacceptable("Tệp có macro nên không nhận. Lưu lại dạng PDF hoặc dạng không có macro rồi tải lên.")
    office = (("word/document.xml", Kind.DOCX), ("xl/workbook.xml", Kind.XLSX), ("ppt/presentation.xml", Kind.PPTX))
    for name, kind in office if "[Content_Types].xml" in names else ():
        if name in names:
            return kind
    for kind in (Kind.ODT, Kind.ODS, Kind.ODP):
        if said == kind.mime:
            return kind
    raise Unacceptable(f"Tệp nén không phải tài liệu. Giải nén rồi tải từng tệp {SAID}.")


def _mimetype(archive: zipfile.ZipFile) -> str:
    if archive.getinfo("mimetype").flag_bits & 1:
        return ""
    with archive.open("mimetype") as part:
        return part.read(100).decode("ascii", "replace").strip()


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0").replace(".", ",")
