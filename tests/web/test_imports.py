"""From a messy file to the list: upload, columns, preview, in, out again; what is wrong comes home."""

from __future__ import annotations

import io
import time
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.jobs import worker
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate
from eventmgr.models.imports import Import, ImportRow
from eventmgr.models.jobs import Job
from eventmgr.models.journal import Entry
from tests.corpus.make import GOOD, GROUP, HEAD, HOSTILE, NAMES, PEOPLE, official, xlsx
from tests.people import SLUG, Person
from tests.web.test_letters import issue_all, settle_date

IMPORTS = f"/office/{SLUG}/imports"


def upload(person: Person, name: str, data: bytes, expect: int = 302) -> Import:
    person.post(IMPORTS, expect=expect, files=True, file=(io.BytesIO(data), name))
    work()
    return newest()


def work() -> None:
    """Do what is asked for; where a real job process runs too, wait for what it has in hand."""
    open_jobs = sa.select(sa.func.count(Job.id)).where(Job.state.in_(("waiting", "working")))
    for _ in range(200):
        while worker.run_one("test"):
            pass
        db.session.rollback()
        if not db.session.scalar(open_jobs):
            break
        time.sleep(0.05)
    db.session.rollback()


def newest() -> Import:
    db.session.close()
    found = db.session.scalars(sa.select(Import).order_by(Import.id.desc()).limit(1)).one()
    db.session.expunge(found)  # as it was then, whatever happens to the session
    return found


def choose(person: Person, task: Import, **more: Any) -> Import:
    columns = {f"column-{place}": field for place, field in enumerate(task.fields)}
    person.post(f"{IMPORTS}/{task.id}/columns", expect=302, **({"group": "8"} | columns | more))
    work()
    return newest()


def put_in(person: Person, task: Import, **more: Any) -> Import:
    person.post(f"{IMPORTS}/{task.id}/storage", expect=302, **more)
    work()
    return newest()


def named(*names: str) -> list[Delegate]:
    wanted = sa.select(Delegate).where(Delegate.full_name.in_(names), Delegate.removed_at.is_(None)).order_by(Delegate.id)
    return list(db.session.scalars(wanted))


def verdicts(task: Import) -> dict[int, str]:
    rows = db.session.execute(sa.select(ImportRow.number, ImportRow.verdict).where(ImportRow.import_id == task.id))
    return {row.number: row.verdict for row in rows}


def sheet_of(content: bytes) -> list[list[Any]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page is not None
    return [[cell.value or "" for cell in row] for row in page.iter_rows()]


def test_import_goes_from_file_to_list_and_out_again(lan: Person) -> None:
    task = upload(lan, "phu-luc.xlsx", official())
    assert (task.state, task.header_row, task.counts) == ("mapping", 7, {"total": 3})
    assert "Ghép cột" in lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)
    task = choose(lan, task)
    assert (task.state, verdicts(task)) == ("ready", {11: "new", 12: "new", 16: "new"})
    assert "Thêm 3 người mới, sửa 0 người." in lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)
    assert named(*NAMES) == []
    task = put_in(lan, task)
    assert (task.state, task.counts["added"], task.counts["edited"], task.counts["bodies"]) == ("stored", 3, 0, [])
    found = named(*NAMES)
    assert [(d.full_name, d.posts, d.phone, d.phone_key, d.group_id, d.body.name) for d in loaded(found)] == [
        ("Trần Thị Nga", ["Phó Chủ tịch"], "0905111222", "0905111222", 8, "UBND huyện Đăk Hà"),
        ("Y Mửi", ["Trưởng phòng"], None, None, 8, "UBND huyện Đăk Hà"),
        ("Nguyễn Văn Ánh", ["Chuyên viên"], "(0260) 3862 123", "02603862123", 7, "Sở Nội vụ"),
    ]
    assert [d.address_form for d in found] == ["đồng chí"] * 3
    assert "Đã nạp" in lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)
    lan.post(f"{IMPORTS}/{task.id}/undoing", expect=302)
    work()
    assert (newest().state, newest().counts["removed"], named(*NAMES)) == ("undone", 3, [])
    lines = db.session.scalars(sa.select(Entry.sentence).where(Entry.verb.in_(("import.stored", "import.undone"))).order_by(Entry.id))
    assert list(lines) == [
        "Nạp tệp “phu-luc.xlsx”: thêm 3, sửa 0 đại biểu.",
        "Hoàn tác lần nạp “phu-luc.xlsx”: bỏ 3, trả lại 0 đại biểu.",
    ]


def loaded(rows: list[Delegate]) -> list[Delegate]:
    ids = [row.id for row in rows]
    wanted = sa.select(Delegate).where(Delegate.id.in_(ids)).options(sa.orm.joinedload(Delegate.body)).order_by(Delegate.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_every_kind_of_list_is_read(lan: Person, kind: str) -> None:
    name, data = GOOD[kind]()
    task = choose(lan, upload(lan, name, data))
    assert task.problem is None
    task = put_in(lan, task)
    expected = {"formulas": NAMES[:2]}.get(kind, NAMES)
    known = [row.full_name for row in db.session.scalars(sa.select(Delegate).where(Delegate.origin == "import").order_by(Delegate.id))]
    assert known == expected


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_every_hostile_file_gets_a_sentence(lan: Person, kind: str) -> None:
    name, data = HOSTILE[kind]()
    if not data:
        assert "Tệp trống" in lan.post(IMPORTS, expect=422, files=True, file=(io.BytesIO(data), name)).get_data(as_text=True)
        return
    task = upload(lan, name, data)
    assert task.state == "unread"
    assert task.problem and task.problem.endswith(".") and task.problem in lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)


def test_sensitive_columns_are_not_even_kept(lan: Person) -> None:
    task = upload(lan, *GOOD["sensitive column"]())
    kept = [row.cells[-2:] for row in db.session.scalars(sa.select(ImportRow))]
    assert kept == [["", ""]] * 3
    assert task.notes == [
        "Cột “Dân tộc” là dữ liệu nhạy cảm nên không đọc.", "Cột “Số CCCD” là dữ liệu nhạy cảm nên không đọc.",
    ]


def test_preview_tells_new_changed_same_alike_and_wrong(lan: Person) -> None:
    put_in(lan, choose(lan, upload(lan, "a.xlsx", xlsx([HEAD, *PEOPLE]))))
    rows = [
        ["1", "Trần Thị Nga", "Chủ tịch", "UBND huyện Đăk Hà", "0000.111.222"],
        ["2", "Y Mui", "Trưởng phòng", "UBND huyện Kon Plông", ""],
        ["3", "Nguyễn Văn Ánh", "Chánh Văn phòng", "UBND huyện Sa Thầy", "0000 111 444"],
        ["4", "Nguyễn Văn 5", "", "#REF!", "0905 12"],
        ["5", "A Phương", "Chuyên viên", "Trạm Y tế xã Mẫu", ""],
        ["6", "A Phương", "Chuyên viên", "Trạm Y tế xã Mẫu", ""],
    ]
    task = choose(lan, upload(lan, "b.xlsx", xlsx([HEAD, *rows])))
    assert verdicts(task) == {2: "changed", 3: "alike", 4: "same", 5: "wrong", 6: "new", 7: "alike"}
    found = {row.number: row for row in db.session.scalars(sa.select(ImportRow).where(ImportRow.import_id == task.id))}
    assert found[2].changes == {"posts": [["Phó Chủ tịch"], ["Chủ tịch"]]}
    assert found[3].read["reason"] == "Khác dấu, cùng đơn vị, cùng chức vụ"
    assert [field for field, _ in found[5].problems] == ["body", "full_name"]
    assert found[5].notes == ["Số “0905 12” thiếu 4 chữ số; vẫn giữ đúng như đã ghi."]
    assert (found[7].choice, found[7].read["reason"][:19]) == ("skip", "Giống dòng 6 trong ")
    page = lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)
    assert "Sẽ thêm 1 đơn vị mới: Trạm Y tế xã Mẫu." in page
    assert page.index("Dòng 5<") < page.index("Dòng 3<") < page.index("Dòng 2<")
    task = put_in(lan, task, **{"choice-3": "same"})
    assert (task.counts["added"], task.counts["edited"]) == (1, 1)
    assert named("Y Mui") == []
    assert [d.posts for d in named("Trần Thị Nga")] == [["Chủ tịch"]]
    lan.post(f"{IMPORTS}/{task.id}/undoing", expect=302)
    work()
    assert [d.posts for d in named("Trần Thị Nga")] == [["Phó Chủ tịch"]]
    assert db.session.scalars(sa.select(Body.archived_at.is_not(None)).where(Body.name == "Trạm Y tế xã Mẫu")).all() == [True]


def test_list_with_names_fills_the_posts_that_were_invited(lan: Person) -> None:
    rows = [["TT", "Họ và tên", "Chức vụ"], ["1", "Nguyễn Thị Mẫu", "Bí thư Tỉnh ủy"], ["2", "Lê Văn Mẫu", "Chủ tịch HĐND tỉnh"]]
    task = choose(lan, upload(lan, "ds.xlsx", xlsx(rows)), group="")
    assert verdicts(task) == {2: "alike", 3: "alike"}
    assert task.counts["alike_same"] == 2
    put_in(lan, task)
    assert [(d.id, d.full_name, d.first_post, d.group_id) for d in named("Nguyễn Thị Mẫu", "Lê Văn Mẫu")] == [
        (1, "Nguyễn Thị Mẫu", "Bí thư Tỉnh ủy", 1), (4, "Lê Văn Mẫu", "Chủ tịch HĐND tỉnh", 2),
    ]


def test_wrong_cell_is_mended_in_place(lan: Person) -> None:
    task = choose(lan, upload(lan, "a.xlsx", xlsx([HEAD, ["1", "Tr4n Thị Nga", "Phó Chủ tịch", "Cơ quan Mẫu", ""]])), group="")
    assert [field for field, _ in wrong_rows(task)[0].problems] == ["full_name", "group"]
    lan.post(
        f"{IMPORTS}/{task.id}/rows", expect=302,
        **{"fix-2-full_name": "Trần Thị Nga", "was-2-full_name": "Tr4n Thị Nga", "fix-2-group": GROUP},
    )
    task = newest()
    assert (task.counts["wrong"], task.counts["new"]) == (0, 1)
    put_in(lan, task)
    assert [(d.full_name, d.group_id) for d in named("Trần Thị Nga")] == [("Trần Thị Nga", 8)]


def wrong_rows(task: Import) -> list[ImportRow]:
    return list(db.session.scalars(sa.select(ImportRow).where(ImportRow.import_id == task.id, ImportRow.verdict == "wrong")))


def test_wrong_rows_come_home_and_may_come_again(lan: Person) -> None:
    rows = [["1", "=cmd|' /C calc'!A0", "Phó Chủ tịch", "UBND huyện Đăk Hà", "+84 905"], *PEOPLE[1:]]
    task = put_in(lan, choose(lan, upload(lan, "a.csv", ("\r\n".join(";".join(row) for row in [HEAD, *rows])).encode())))
    assert task.counts["added"] == 2
    answer = lan.get(f"{IMPORTS}/{task.id}/wrong.xlsx")
    home = sheet_of(answer.data)
    assert home == [
        ["Lý do chưa nạp được", *HEAD],
        ["Họ tên chỉ gồm chữ cái, dấu nháy, gạch nối và dấu chấm; ở đây có “=”.", *rows[0]],
    ]
    home[1][2] = "Trần Thị Nga"
    task = choose(lan, upload(lan, "a - dòng sai.xlsx", xlsx(home)))
    assert verdicts(task) == {2: "new"}


def test_choice_of_columns_is_remembered(lan: Person) -> None:
    rows = [["Tên gọi", "Vai trò"], ["Trần Thị Nga", "Phó Chủ tịch"]]
    assert upload(lan, "a.xlsx", xlsx(rows)).state == "unread"
    first = newest()
    lan.post(f"{IMPORTS}/{first.id}/reading", expect=302, header_row="1")
    work()
    assert newest().fields == ["skipped", "skipped"]
    lan.post(f"{IMPORTS}/{first.id}/columns", expect=422, **{"column-0": "skipped"})
    choose(lan, newest(), **{"column-0": "full_name", "column-1": "post"})
    second = upload(lan, "b.xlsx", xlsx(rows))
    lan.post(f"{IMPORTS}/{second.id}/reading", expect=302, header_row="1")
    work()
    assert (newest().fields, newest().group_id) == (["full_name", "post"], 8)
    assert newest().notes == ["Đã nhớ cách ghép cột của lần nạp trước có cùng tiêu đề."]


def test_second_press_changes_nothing(lan: Person) -> None:
    task = choose(lan, upload(lan, "a.xlsx", xlsx([HEAD, *PEOPLE])))
    lan.post(f"{IMPORTS}/{task.id}/storage", expect=302)
    lan.post(f"{IMPORTS}/{task.id}/storage", expect=302)
    work()
    lan.post(f"{IMPORTS}/{task.id}/storage", expect=302)
    work()
    assert len(named(*NAMES)) == 3


def test_nothing_goes_in_when_the_list_changed_since_the_preview(lan: Person) -> None:
    task = choose(lan, upload(lan, "a.xlsx", xlsx([HEAD, *PEOPLE])))
    put_in(lan, choose(lan, upload(lan, "b.xlsx", xlsx([HEAD, PEOPLE[0]]))))
    lan.post(f"{IMPORTS}/{task.id}/storage", expect=302)
    work()
    task = db.session.get_one(Import, task.id)
    assert (task.state, verdicts(task)) == ("ready", {2: "same", 3: "new", 4: "new"})
    assert task.problem and "đã thay đổi sau khi xem trước" in task.problem
    assert len(named(*NAMES)) == 1


def test_import_fails_as_a_whole(lan: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from eventmgr.services import import_storing  # slow

    task = choose(lan, upload(lan, "a.xlsx", xlsx([HEAD, *PEOPLE])))
    monkeypatch.setattr(import_storing.Store, "_change", lambda self, changed: 1 / 0)
    put_in(lan, task)
    assert (named(*NAMES), [state for state in verdicts(task).values()]) == ([], ["new"] * 3)
    assert "Lỗi khi tạo tệp." in lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)
    monkeypatch.undo()
    assert put_in(lan, task).state == "stored"


def test_undo_is_refused_once_a_letter_went_out(app: Flask, lan: Person) -> None:
    task = put_in(lan, choose(lan, upload(lan, "a.xlsx", xlsx([HEAD, *PEOPLE]))))
    settle_date(lan)
    issue_all(lan)
    page = lan.client.post(f"{IMPORTS}/{task.id}/undoing", data={"csrf_token": lan._csrf()}, follow_redirects=True)
    assert "Không hoàn tác được nữa: trong lần nạp này đã có giấy mời đã phát hành." in page.get_data(as_text=True)
    work()
    assert (newest().state, len(named(*NAMES))) == ("stored", 3)


def test_edits_made_since_survive_the_undo(lan: Person) -> None:
    put_in(lan, choose(lan, upload(lan, "a.xlsx", xlsx([HEAD, *PEOPLE]))))
    more = [[*HEAD, "Ghi chú"], ["1", "Trần Thị Nga", "Chủ tịch", "UBND huyện Đăk Hà", "", "Ăn chay"]]
    task = put_in(lan, choose(lan, upload(lan, "b.xlsx", xlsx(more))))
    with transaction():
        named("Trần Thị Nga")[0].note = "Sửa tay"
    lan.post(f"{IMPORTS}/{task.id}/undoing", expect=302)
    work()
    assert [(d.posts, d.note) for d in named("Trần Thị Nga")] == [(["Phó Chủ tịch"], "Sửa tay")]


def test_old_fonts_are_shown_and_may_stay(lan: Person) -> None:
    task = upload(lan, *GOOD["old font"]())
    page = lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)
    assert '<del class="old">TrÇn ThÞ Nga</del> <ins class="new">Trần Thị Nga</ins>' in page
    choose(lan, task, converts="0")
    said = [row.read["full_name"] for row in db.session.scalars(sa.select(ImportRow).order_by(ImportRow.number))]
    assert said[0] == "TrÇn ThÞ Nga"


def test_lost_letters_are_flagged(lan: Person) -> None:
    rows = [["TT", "Hä vµ tªn", "Chøc vô"], ["1", "NguyÔn V¨n Phíc", "Gi¸m ®èc"]]
    task = choose(lan, upload(lan, "a.xlsx", xlsx(rows)))
    assert [problem[0] for row in wrong_rows(task) for problem in row.problems] == ["full_name"]
    assert "mất chữ “ư”" in wrong_rows(task)[0].problems[0][1]


def test_file_is_deleted_when_given_up(app: Flask, lan: Person) -> None:
    task = upload(lan, "a.xlsx", xlsx([HEAD, *PEOPLE]))
    folder = app.extensions["eventmgr"].settings.instance / "files"
    assert (folder / str(task.kept_as)).exists()
    name = task.kept_as
    lan.post(f"{IMPORTS}/{task.id}/dropping", expect=302)
    assert (newest().state, (folder / str(name)).exists(), verdicts(task)) == ("dropped", False, {})


def test_another_conference_s_import_is_not_there(lan: Person) -> None:
    task = upload(lan, "a.xlsx", xlsx([HEAD, *PEOPLE]))
    with transaction():
        row = db.session.execute(sa.select(sa.inspect(Conference).local_table)).mappings().one()
        other = Conference(**{**row, "id": None, "slug": "khac"})
        db.session.add(other)
        db.session.flush()
        db.session.execute(sa.update(Import).values(conference_id=other.id))
    for address in ("", "/columns", "/wrong.xlsx", ".json"):
        lan.get(f"{IMPORTS}/{task.id}{address}", expect=404)


def test_no_file_is_told(lan: Person) -> None:
    assert "Chọn tệp danh sách." in lan.post(IMPORTS, expect=422, files=True).get_data(as_text=True)


def test_columns_wait_until_the_file_is_read(lan: Person) -> None:
    lan.post(IMPORTS, expect=302, files=True, file=(io.BytesIO(xlsx([HEAD, *PEOPLE])), "a.xlsx"))
    task = newest()
    assert "Đang đọc tệp" in lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)
    lan.post(f"{IMPORTS}/{task.id}/columns", expect=302)
    lan.get(f"{IMPORTS}/{task.id}/columns", expect=302)
    assert lan.get(f"{IMPORTS}/{task.id}.json").json == {
        "done": 0, "total": 1, "state": "working", "word": "Đang đọc tệp", "result_url": None,
    }
    work()
    assert lan.get(f"{IMPORTS}/{task.id}.json").json["state"] == "done"  # type: ignore[index]


def test_rows_with_doubts_are_to_be_looked_at(lan: Person) -> None:
    head = ["TT", "Họ và tên", "Chức vụ", "Điện thoại", "Email", "Nam", "Nữ"]
    rows = [
        ["1", "Trần Thị Nga", "Phó Chủ tịch", "0905 12", "", "", "x"],
        ["2", "Y Mửi", "Trưởng phòng", "", "nga(at)vn", "", "x"],
        ["3", "Nguyễn Văn Ánh", "Chuyên viên", "", "", "x", "x"],
        ["4", "A PHƯƠNG", "Chuyên viên", "", "", "x", ""],
    ]
    task = choose(lan, upload(lan, "a.xlsx", xlsx([head, *rows])))
    assert (task.counts["new"], task.counts["doubtful"], task.counts["doubtful_new"]) == (4, 3, 3)
    page = lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)
    assert [f'id="row-{number}"' in page for number in (2, 3, 4, 5)] == [True, True, True, False]
    assert "3 dòng có lưu ý vẫn nạp đúng như đã ghi." in page
    assert "Đánh dấu cả Nam và Nữ; dùng cách xưng hô của nhóm." in page
    lan.post(f"{IMPORTS}/{task.id}/rows", expect=302, **{"choice-4": "skip"})
    task = newest()
    assert (task.counts["doubtful"], task.counts["skipped"]) == (2, 1)
    assert 'id="row-4"' not in lan.get(f"{IMPORTS}/{task.id}?show=look").get_data(as_text=True)
    task = put_in(lan, task)
    assert (task.state, task.counts["added"]) == ("stored", 3)
    assert "2 dòng có lưu ý (số điện thoại" in lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)


def test_two_columns_of_one_kind_are_pointed_out(lan: Person) -> None:
    task = upload(lan, "a.xlsx", xlsx([["Họ và tên", "Đơn vị", "Cơ quan"], ["Trần Thị Nga", "Sở Nội vụ", "Phòng Mẫu"]]))
    assert task.fields == ["full_name", "body", "skipped"]
    said = "Cột “Đơn vị” và cột “Cơ quan” có vẻ cùng là “Đơn vị”; chỉ đọc cột đứng trước. Chọn lại ở dưới nếu không đúng."
    assert task.notes == [said]
    assert said in lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)


def test_text_called_xlsx_is_told(lan: Person) -> None:
    told = "Tệp mang đuôi bảng tính nhưng bên trong chỉ là chữ, không phải tệp Excel đọc được."
    task = upload(lan, "a.xlsx", "Kính gửi các đơn vị".encode())
    assert task.state == "unread" and task.problem is not None and task.problem.startswith(told)
    task = upload(lan, "a.xlsx", "\r\n".join(";".join(row) for row in [HEAD, *PEOPLE]).encode())
    assert (task.state, task.notes[0]) == ("mapping", f"{told} Đã đọc như tệp CSV.")


def test_file_given_up_takes_a_second_step_and_leaves_its_columns(lan: Person) -> None:
    rows = [["Họ và tên", "Vai trò", "Đơn vị"], ["Trần Thị Nga", "Phó Chủ tịch", "Sở Nội vụ"]]
    lan.post(f"{IMPORTS}/{upload(lan, 'a.xlsx', xlsx(rows)).id}/dropping", expect=302)
    task = upload(lan, "b.xlsx", xlsx(rows))
    assert (task.fields, task.notes) == (["full_name", "skipped", "body"], [])
    task = choose(lan, task, **{"column-1": "post"})
    page = lan.get(f"{IMPORTS}/{task.id}").get_data(as_text=True)
    assert page.index("<summary>Bỏ tệp này, không nạp</summary>") < page.index(f"{IMPORTS}/{task.id}/dropping")
    lan.post(f"{IMPORTS}/{task.id}/dropping", expect=302)
    assert upload(lan, "c.xlsx", xlsx(rows)).fields == ["full_name", "post", "body"]
