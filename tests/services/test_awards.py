"""The list, its lock, its order, its announcement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.journal import Entry
from eventmgr.services import awards, conferences, honourees
from eventmgr.services.honourees import HonoureeFacts, WrongLines
from tests.awards import DECISION, account_id, fill, form_of, names

PERSON = HonoureeFacts("individual", "Y Mẫu", "Trưởng thôn, thôn Ví Dụ")


def test_the_plans_forms_are_there_and_empty(conference: Conference) -> None:
    rows = awards.form_rows(conference.id)
    assert [(row.form.key, awards.called(row.form), row.total) for row in rows] == [
        ("W1", "Bằng khen của Chủ tịch UBND tỉnh", 0),
        ("W2", "Trưởng Ban Vì sự tiến bộ phụ nữ tỉnh khen thưởng", 0),
        ("W3", "UBND các huyện, thành phố khen thưởng", 0),
    ]


def test_a_list_counts_and_orders_collectives_before_individuals(conference: Conference) -> None:
    form_id = fill(conference.id)
    listed = awards.award_list(conference.id, form_id)
    assert listed.row.counts == "05 tập thể và 10 cá nhân"
    assert [one.printed_name for one in listed.collectives][:2] == ["Hội Liên hiệp Phụ nữ huyện Mẫu A", "Hội Liên hiệp Phụ nữ huyện Mẫu B"]
    assert [listed.places[one.id] for one in listed.collectives] == [1, 2, 3, 4, 5]
    assert [listed.places[one.id] for one in listed.individuals] == list(range(1, 11))


def test_names_are_stored_as_typed_but_for_nfc_and_control_signs(conference: Conference) -> None:
    typed = ["<script>alert(1)</script>", "{{7*7}}", "=1+1", "Tra\u0302\u0300n Vi\u0301 Du\u0323", "Y Mẫu 🎉", "\u200fLê\u202e Thử\x07", "y ĐẶNG thuý"]
    form_id = form_of().id
    for name in typed:
        honourees.add(conference.id, form_id, replace(PERSON, printed_name=name), account_id())
    assert names(form_id) == ["<script>alert(1)</script>", "{{7*7}}", "=1+1", "Trần Ví Dụ", "Y Mẫu 🎉", "Lê Thử", "y ĐẶNG thuý"]


def test_name_of_300_letters_fits_and_301_does_not(conference: Conference) -> None:
    form_id = form_of().id
    honourees.add(conference.id, form_id, HonoureeFacts("collective", "ắ" * 300), account_id())
    with pytest.raises(Invalid, match="Dài nhất 300 ký tự; đang có 301"):
        honourees.add(conference.id, form_id, HonoureeFacts("collective", "ắ" * 301), account_id())
    assert names(form_id, "collective") == ["ắ" * 300]


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        (replace(PERSON, kind="team"), "kind", "Chọn tập thể hay cá nhân."),
        (replace(PERSON, printed_name=" \u200b"), "printed_name", "Cần điền mục này."),
        (replace(PERSON, post=None), "post", "Ghi chức vụ, đơn vị công tác (hoặc thôn, xã) của cá nhân."),
        (replace(PERSON, address_form="ngài"), "address_form", "Chọn cách xưng hô trong danh sách."),
        (replace(PERSON, kind="collective"), "post", "Tập thể chỉ có tên; ghi cả đơn vị vào tên in."),
    ],
)
def test_what_cannot_be_is_told_at_its_field(conference: Conference, facts: HonoureeFacts, field: str, sentence: str) -> None:
    with pytest.raises(Invalid) as problem:
        honourees.add(conference.id, form_of().id, facts, account_id())
    assert (problem.value.field, problem.value.sentence) == (field, sentence)


def test_a_form_takes_only_the_kinds_it_is_for(conference: Conference) -> None:
    form = form_of()
    form.recipient_kinds = ["collective"]
    db.session.commit()
    with pytest.raises(Invalid, match="Hình thức này không dành cho cá nhân"):
        honourees.add(conference.id, form.id, PERSON, account_id())


def test_the_same_person_twice_is_told_and_twice_in_two_lists_is_fine(conference: Conference) -> None:
    form_id = form_of().id
    honourees.add(conference.id, form_id, PERSON, account_id())
    with pytest.raises(Invalid, match="Tên này với chức vụ, đơn vị này đã có trong danh sách"):
        honourees.add(conference.id, form_id, replace(PERSON, printed_name="Y Ma\u0302\u0303u"), account_id())
    honourees.add(conference.id, form_id, replace(PERSON, post="Giáo viên"), account_id())
    honourees.add(conference.id, form_of("W2").id, PERSON, account_id())
    listed = awards.award_list(conference.id, form_id)
    assert [listed.is_alike(one) for one in listed.individuals] == [True, True]


def test_editing_into_another_person_is_told(conference: Conference) -> None:
    form_id = form_of().id
    honourees.add(conference.id, form_id, PERSON, account_id())
    other = honourees.add(conference.id, form_id, replace(PERSON, printed_name="Lê Thử"), account_id())
    with pytest.raises(Invalid, match="đã có trong danh sách"):
        honourees.edit(conference.id, form_id, other.id, PERSON, account_id())
    assert names(form_id) == ["Y Mẫu", "Lê Thử"]


def test_pasted_lines_are_stored_all_or_not_at_all(conference: Conference) -> None:
    form_id = form_of().id
    honourees.add(conference.id, form_id, PERSON, account_id())
    with pytest.raises(WrongLines) as problem:
        honourees.add_lines(conference.id, form_id, "individual", "Lê Thử; Giáo viên\nY Mẫu; Trưởng thôn, thôn Ví Dụ", account_id())
    assert problem.value.sentences == ("Đã có trong danh sách: Y Mẫu, Trưởng thôn, thôn Ví Dụ.",)
    assert names(form_id) == ["Y Mẫu"]


def test_a_collective_that_becomes_a_person_goes_to_the_end_of_the_persons(conference: Conference) -> None:
    form_id = fill(conference.id)
    first = awards.award_list(conference.id, form_id).collectives[0]
    honourees.edit(conference.id, form_id, first.id, replace(PERSON, printed_name="Lê Thử"), account_id())
    assert names(form_id)[-1] == "Lê Thử"
    assert len(names(form_id, "collective")) == 4


def test_moving_changes_two_places_and_stops_at_the_ends(conference: Conference) -> None:
    form_id = fill(conference.id)
    first, second, *_ = awards.award_list(conference.id, form_id).collectives
    honourees.move(conference.id, form_id, second.id, -1, account_id())
    honourees.move(conference.id, form_id, second.id, -1, account_id())
    assert [name[-1] for name in names(form_id, "collective")] == ["B", "A", "C", "D", "E"]
    honourees.move(conference.id, form_id, first.id, 1, account_id())
    assert [name[-1] for name in names(form_id, "collective")] == ["B", "C", "A", "D", "E"]


def test_search_is_blind_to_marks_and_keeps_the_numbers_of_the_whole_list(conference: Conference) -> None:
    form_id = fill(conference.id)
    listed = awards.award_list(conference.id, form_id, "phu nu mau c")
    assert [(one.printed_name[-1], listed.places[one.id]) for one in listed.collectives] == [("C", 3)]
    assert listed.individuals == ()
    assert [one.printed_name for _, one in awards.find(conference.id, "vi du 10")] == ["Y Mẫu 10"]
    assert awards.find(conference.id, "%") == awards.find(conference.id, "")


def test_a_decision_locks_its_list_and_no_other(conference: Conference) -> None:
    form_id, by = fill(conference.id), account_id()
    fill(conference.id, "W2")
    honouree = awards.award_list(conference.id, form_id).individuals[0]
    awards.decide(conference.id, form_id, DECISION, by)
    acts = [
        lambda: honourees.add(conference.id, form_id, PERSON, by),
        lambda: honourees.add_lines(conference.id, form_id, "collective", "Tập thể Mẫu", by),
        lambda: honourees.edit(conference.id, form_id, honouree.id, PERSON, by),
        lambda: honourees.move(conference.id, form_id, honouree.id, 1, by),
        lambda: honourees.remove(conference.id, form_id, honouree.id, by),
        lambda: awards.edit_form(conference.id, form_id, awards.FormFacts("Chủ tịch UBND tỉnh"), by),
        lambda: awards.decide(conference.id, form_id, DECISION, by),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="Danh sách đã khóa theo Quyết định số 1234/QĐ-UBND"):
            act()
    assert awards.award_list(conference.id, form_id).row.counts == "05 tập thể và 10 cá nhân"
    honourees.add(conference.id, form_of("W2").id, PERSON, by)


def test_taking_the_decision_back_needs_a_reason_and_unlocks(conference: Conference) -> None:
    form_id, by = fill(conference.id), account_id()
    awards.decide(conference.id, form_id, DECISION, by)
    with pytest.raises(Invalid):
        awards.take_back_decision(conference.id, form_id, "  ", by)
    awards.take_back_decision(conference.id, form_id, "Sai chức vụ của Y Mẫu 3", by)
    form = db.session.get_one(AwardForm, form_id)
    assert (form.decision_number, form.decision_on, form.decision_by) == (None, None, None)
    honourees.add(conference.id, form_id, PERSON, by)
    newest = awards.award_list(conference.id, form_id).history[1]
    assert newest.verb == "awards.decision_taken_back"
    assert newest.details == {"reason": "Sai chức vụ của Y Mẫu 3"}
    with pytest.raises(Conflict, match="chưa có Quyết định"):
        awards.take_back_decision(conference.id, form_id, "Lý do", by)


def test_a_decision_needs_names_and_a_day_that_has_come(conference: Conference) -> None:
    form_id, by = form_of().id, account_id()
    with pytest.raises(Conflict, match="Danh sách chưa có ai"):
        awards.decide(conference.id, form_id, DECISION, by)
    fill(conference.id)
    tomorrow = to_local(clock.now()).date() + timedelta(days=1)
    for facts, field in [
        (replace(DECISION, number=" "), "number"),
        (replace(DECISION, decided_by=""), "decided_by"),
        (replace(DECISION, decided_on=tomorrow), "decided_on"),
        (replace(DECISION, decided_on=date(15, 12, 28)), "decided_on"),
    ]:
        with pytest.raises(Invalid) as problem:
            awards.decide(conference.id, form_id, facts, by)
        assert problem.value.field == field


def test_announcement_needs_a_decision_and_holds_it(conference: Conference) -> None:
    form_id, by = fill(conference.id), account_id()
    with pytest.raises(Conflict, match="Chưa có danh sách nào có số Quyết định"):
        awards.announce(conference.id, by)
    awards.decide(conference.id, form_id, DECISION, by)
    awards.announce(conference.id, by)
    with pytest.raises(Conflict, match="đã được công bố"):
        awards.announce(conference.id, by)
    with pytest.raises(Conflict, match="Rút công bố trước"):
        awards.take_back_decision(conference.id, form_id, "Sai tên", by)
    awards.take_back_announcement(conference.id, "Đọc nhầm", by)
    assert awards.announcement(conference.id).announced_at is None
    with pytest.raises(Conflict, match="chưa được công bố"):
        awards.take_back_announcement(conference.id, "Đọc nhầm", by)
    verbs = db.session.scalars(sa.select(Entry.verb).where(Entry.verb.startswith("awards.announced")).order_by(Entry.id))
    assert list(verbs) == ["awards.announced", "awards.announced_taken_back"]


def test_no_line_of_the_journal_names_an_honouree(conference: Conference) -> None:
    form_id, by = fill(conference.id), account_id()
    one = honourees.add(conference.id, form_id, replace(PERSON, printed_name="Tên Kín Đáo"), by)
    honourees.edit(conference.id, form_id, one.id, replace(PERSON, printed_name="Tên Kín Đáo Hai"), by)
    honourees.move(conference.id, form_id, one.id, -1, by)
    honourees.remove(conference.id, form_id, one.id, by)
    awards.decide(conference.id, form_id, DECISION, by)
    awards.take_back_decision(conference.id, form_id, "Sai tên của Tên Kín Đáo", by)
    entries = list(db.session.scalars(sa.select(Entry).where(Entry.verb.startswith("awards."))))
    assert len(entries) == 8
    assert [entry.sentence for entry in entries if "Kín Đáo" in entry.sentence or "Mẫu" in entry.sentence] == []


def test_nobody_reaches_another_conferences_list(conference: Conference) -> None:
    form_id, by = fill(conference.id), account_id()
    one = awards.award_list(conference.id, form_id).individuals[0]
    other = conferences.copy(conference.id, "Hội nghị khác", "Hội nghị khác", by)
    own_form = db.session.scalars(sa.select(AwardForm.id).where(AwardForm.conference_id == other.id).limit(1)).one()
    acts = [
        lambda: awards.award_list(other.id, form_id),
        lambda: awards.edit_form(other.id, form_id, awards.FormFacts("Khác"), by),
        lambda: awards.decide(other.id, form_id, DECISION, by),
        lambda: honourees.add(other.id, form_id, PERSON, by),
        lambda: honourees.get(other.id, form_id, one.id),
        lambda: honourees.edit(other.id, own_form, one.id, PERSON, by),
        lambda: honourees.remove(other.id, own_form, one.id, by),
        lambda: honourees.move(other.id, own_form, one.id, 1, by),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert db.session.scalar(sa.select(sa.func.count(Honouree.id))) == 15


def test_a_new_form_stands_at_the_end(conference: Conference) -> None:
    made = awards.add_form(conference.id, awards.FormFacts("Giám đốc Sở Mẫu", "Giấy khen"), account_id())
    assert [row.form.id for row in awards.form_rows(conference.id)][-1] == made.id
    with pytest.raises(Invalid):
        awards.add_form(conference.id, awards.FormFacts(" "), account_id())
