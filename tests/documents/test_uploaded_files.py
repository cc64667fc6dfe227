from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from eventmgr.documents import uploaded_files
from eventmgr.documents.uploaded_files import Kind, Unacceptable, accepted, kind_of, shown_name

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
MACRO = "Tệp có macro nên không nhận. Lưu lại dạng PDF hoặc dạng không có macro rồi tải lên."


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def office(main: str, *more: str) -> bytes:
    return zipped(**{"[Content_Types].xml": b"<Types/>", main: b"<x/>"}, **dict.fromkeys(more, b"x"))


def ole(*names: str) -> bytes:
    return OLE + b"".join(name.encode("utf-16-le") + bytes(2) for name in names)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, Kind.PDF),
        (b"\xef\xbb\xbf\r\n" + PDF + bytes(900), Kind.PDF),
        (b"\xff\xd8\xff\xe0JFIF", Kind.JPEG),
        (b"\x89PNG\r\n\x1a\n....", Kind.PNG),
        (office("word/document.xml"), Kind.DOCX),
        (office("xl/workbook.xml"), Kind.XLSX),
        (office("ppt/presentation.xml"), Kind.PPTX),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text"), Kind.ODT),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.presentation"), Kind.ODP),
        (ole("WordDocument"), Kind.DOC),
        (ole("PowerPoint Document"), Kind.PPT),
        (ole("Workbook"), Kind.XLS),
    ],
)
def test_kind_is_told_by_the_content(data: bytes, kind: Kind) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (PDF[:-7], "Tệp PDF bị cắt cụt, chưa đủ nội dung. Tải lại tệp gốc."),
        (b"<html><script>alert(1)</script>", f"Không nhận ra loại tệp. Nhận tệp {uploaded_files.SAID}."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", f"Không nhận ra loại tệp. Nhận tệp {uploaded_files.SAID}."),
        (b"MZ\x90\x00", f"Không nhận ra loại tệp. Nhận tệp {uploaded_files.SAID}."),
        (b"\x00\x00\x00\x18ftypheic", "Ảnh dạng HEIC của iPhone nhiều máy không mở được. Lưu lại dạng JPEG rồi tải lên."),
        (zipped(a=b"x"), f"Tệp nén không phải tài liệu. Giải nén rồi tải từng tệp {uploaded_files.SAID}."),
        (zipped(**{"word/document.xml": b"x"}), f"Tệp nén không phải tài liệu. Giải nén rồi tải từng tệp {uploaded_files.SAID}."),
        (office("word/document.xml", "word/vbaProject.bin"), MACRO),
        (ole("WordDocument", "_VBA_PROJECT"), MACRO),
        (ole("EncryptedPackage"), "Tệp được đặt mật khẩu nên người khác không mở được. Bỏ mật khẩu rồi tải lại."),
        (office("word/document.xml")[:-30], "Tệp bị hỏng hoặc bị cắt cụt, không mở được. Tải lại tệp gốc."),
        (ole("Contents"), f"Không nhận ra loại tệp. Nhận tệp {uploaded_files.SAID}."),
    ],
)
def test_what_is_not_a_document_gets_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Unacceptable) as problem:
        kind_of(data)
    assert problem.value.sentence == sentence


def test_a_file_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded_files, "MAX_UNPACKED", 1000)
    with pytest.raises(Unacceptable, match="bung ra quá lớn"):
        kind_of(zipped(**{"[Content_Types].xml": bytes(900), "word/document.xml": bytes(900)}))


def test_size_and_kinds_are_limited() -> None:
    with pytest.raises(Unacceptable) as heavy:
        accepted("a.pdf", PDF + bytes(1024 * 1024) + b"%%EOF", most=1024 * 1024 // 2)
    with pytest.raises(Unacceptable) as other:
        accepted("a.png", b"\x89PNG\r\n\x1a\n", kinds={Kind.PDF, Kind.DOCX})
    with pytest.raises(Unacceptable) as empty:
        accepted("a.pdf", b"")
    with pytest.raises(Unacceptable) as none:
        accepted("", b"")
    assert [problem.value.sentence for problem in (heavy, other, empty, none)] == [
        "Tệp nặng 1 MB, quá 0,5 MB. Nén hoặc chia tệp rồi tải lại.",
        "Không nhận tệp ảnh PNG ở đây. Nhận: PDF, Word.",
        "Tệp trống, không có nội dung.",
        "Chọn tệp cần tải lên.",
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Báo cáo sơ kết.PDF", "Báo cáo sơ kết.pdf"),
        ("Báo cáo.docx", "Báo cáo.pdf"),
        ("C:\\Users\\Lan\\Tham luận 1.pdf", "Tham luận 1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("bao\u202efdp.exe", "bao fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("   .pdf", "tai-lieu.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_names_are_made_safe_and_tell_the_kind(given: str, shown: str) -> None:
    assert shown_name(given, Kind.PDF) == shown


def test_a_file_is_kept_under_a_name_that_tells_nothing(tmp_path: Path) -> None:
    upload = accepted("Tham luận.pdf", PDF)
    one, two = uploaded_files.keep(tmp_path / "papers", upload), uploaded_files.keep(tmp_path / "papers", upload)
    assert (len(one), one != two, uploaded_files.read(tmp_path / "papers", one)) == (36, True, PDF)
    uploaded_files.forget(tmp_path / "papers", one)
    uploaded_files.forget(tmp_path / "papers", one)
    assert os.listdir(tmp_path / "papers") == [two]
