from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.invitees import DelegateFacts
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.journal import Entry
from eventmgr.services import conferences, delegate_lists, delegates
from eventmgr.services.delegate_keys import fill_keys, ranks_of

# The order that ICU gives for these names.
IN_ORDER = [
    "Nguyễn Văn An",
    "Phạm Ánh",
    "Lê Ân",
    "Trần Bình",
    "Bùi Thị Dung",
    "Hoàng Đức Dũng",
    "Đặng Văn Đạt",
    "Vũ Đức Đô",
    "Lý Văn Đông",
    "Y Mửi",
    "A Nga",
    "Nguyễn Hoàng Nga",
    "Trần Thị Nga",
    "Y Nga",
    "Nguyễn Thị Ngà",
    "A Pớt",
    "Lê Thị Thùy",
    "Lê Thị Thủy",
    "Phạm Thị Thúy",
]


@pytest.fixture
def group(conference: Conference) -> Group:
    wanted = sa.select(Group).where(Group.conference_id == conference.id, Group.position == 6)
    return db.session.scalars(wanted).one()


def add(group: Group, name: str | None = "Trần Thị Nga", **more: Any) -> Delegate:
    facts = DelegateFacts(group_id=group.id, full_name=name, **more)
    return delegates.add_delegate(group.conference_id, facts, by=1).delegate


def names(conference: Conference, query: str = "", **more: Any) -> list[str | None]:
    return [row.delegate.full_name for row in delegate_lists.delegate_page(conference.id, query, **more).rows]


def letter(delegate: Delegate, *, issued: bool, number: int = 45) -> Invitation:
    now = clock.now()
    made = Invitation(conference_id=delegate.conference_id, delegate_id=delegate.id, drafted_at=now)
    if issued:
        made.approved_at = made.issued_at = now
        made.number, made.number_symbol, made.number_year = number, "GM-VP", 2015
        made.dated_on, made.signer_name = now.date(), "Nguyễn Văn Ký"
    with transaction():
        db.session.add(made)
    return made


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("nga", ["Trần Thị Nga", "Nguyễn Thị Ngà"]),
        ("NGA", ["Trần Thị Nga", "Nguyễn Thị Ngà"]),
        ("Ngà", ["Nguyễn Thị Ngà", "Trần Thị Nga"]),
        (unicodedata.normalize("NFD", "Ngà"), ["Nguyễn Thị Ngà", "Trần Thị Nga"]),
        ("nga tran", ["Trần Thị Nga"]),
        ("  thi   nga tr ", ["Trần Thị Nga"]),
        ("dang", ["Đặng Văn Đạt"]),
        ("ĐẶNG", ["Đặng Văn Đạt"]),
        ("hhen", ["H'Hen Niê"]),
        ("H’Hen", ["H'Hen Niê"]),
        ("y mui", ["Y Mửi"]),
        ("ga", []),
        ("nga xyz", []),
        ("%", []),
        ("🎉", []),
        ("ng%", ["Trần Thị Nga", "Nguyễn Thị Ngà"]),
        ("=nga", ["Trần Thị Nga", "Nguyễn Thị Ngà"]),
    ],
)
def test_search(query: str, found: list[str], conference: Conference, group: Group) -> None:
    for name in ("Trần Thị Nga", "Nguyễn Thị Ngà", "Đặng Văn Đạt", "Y Mửi", "H'Hen Niê"):
        add(group, name)
    named = [name for name in names(conference, query, order="given") if name]
    assert named == found


@pytest.mark.parametrize(
    "query", ["so ldtbxh", "Sở LĐTBXH", "sở lđ-tb&xh", "so lao dong thuong binh", "xã hội lao động sở"]
)
def test_a_body_is_found_by_its_short_and_long_names(query: str, conference: Conference, group: Group) -> None:
    body = db.session.scalars(
        sa.select(Body).where(Body.conference_id == conference.id, Body.name == "Sở Lao động - Thương binh và Xã hội")
    ).one()
    add(group, "Nguyễn Văn Giám", posts=("Giám đốc",), body_id=body.id)
    add(group, "Trần Y Tá", posts=("Giám đốc Sở Y tế",))
    assert [name for name in names(conference, query) if name] == ["Nguyễn Văn Giám"]


def test_the_order_by_given_name_is_the_vietnamese_one_and_the_unnamed_come_last(
    conference: Conference, group: Group
) -> None:
    for name in sorted(IN_ORDER):
        add(group, name)
    rows = delegate_lists.delegate_page(conference.id, order="given").rows
    assert [row.delegate.full_name for row in rows][:19] == IN_ORDER
    assert rows[19].delegate.first_post == "Bí thư Tỉnh ủy"
    add(group, "H'Hen Niê", sort_given="H'Hen")
    order = names(conference, order="given")
    assert order.index("H'Hen Niê") == order.index("Y Mửi") - 1


def test_precedence_follows_the_rank_table_and_a_place_by_hand_wins(conference: Conference, group: Group) -> None:
    with transaction():
        db.session.execute(sa.delete(Delegate).where(Delegate.conference_id == conference.id))
    add(group, "Vũ Lãnh Đạo", posts=("Bí thư Tỉnh ủy",))
    director = add(group, "Lê Giám Đốc", posts=("Giám đốc Sở Y tế",))
    add(group, "An Không Bậc")
    add(group, "Bình Chọn Bậc", rank=30)
    assert names(conference) == ["Vũ Lãnh Đạo", "Bình Chọn Bậc", "Lê Giám Đốc", "An Không Bậc"]
    assert delegate_lists.move(conference.id, director.id, 1, to=1) == 1
    assert names(conference) == ["Lê Giám Đốc", "Vũ Lãnh Đạo", "Bình Chọn Bậc", "An Không Bậc"]
    add(group, "Cao Mới Đến", posts=("Phó Bí thư Thường trực Tỉnh ủy",))
    assert names(conference) == ["Lê Giám Đốc", "Vũ Lãnh Đạo", "Bình Chọn Bậc", "Cao Mới Đến", "An Không Bậc"]
    delegate_lists.by_rank(conference.id, director.id, 1)
    assert names(conference) == ["Vũ Lãnh Đạo", "Bình Chọn Bậc", "Cao Mới Đến", "Lê Giám Đốc", "An Không Bậc"]


def test_every_place_can_be_reached_one_step_at_a_time(conference: Conference) -> None:
    def order() -> list[int]:
        return [row.delegate.id for row in delegate_lists.delegate_page(conference.id).rows]

    wanted = order()
    last = wanted[-1]
    for place in range(len(wanted) - 1, 0, -1):
        assert delegate_lists.move(conference.id, last, 1, step=-1) == place
        wanted.insert(place - 1, wanted.pop(place))
        assert order() == wanted
    assert delegate_lists.move(conference.id, last, 1, step=-1) == 1
    for place in range(2, len(wanted) + 1):
        assert delegate_lists.move(conference.id, last, 1, step=1) == place
    assert delegate_lists.move(conference.id, last, 1, to=9_999) == len(wanted)
    assert delegate_lists.move(conference.id, wanted[5], 1, to=20) == 20
    assert order()[19] == wanted[5]


def test_moving_leaves_an_open_form_fresh(conference: Conference, group: Group) -> None:
    one = add(group)
    delegate_lists.move(conference.id, one.id, 1, to=3)
    facts = DelegateFacts(group_id=group.id, full_name="Trần Thị Nga", seat="A-1")
    assert delegates.edit_delegate(conference.id, one.id, facts, 1, one.version).delegate.seat == "A-1"
    assert names(conference)[2] == "Trần Thị Nga"


def test_the_plans_order_is_by_group_then_body(conference: Conference) -> None:
    rows = delegate_lists.delegate_page(conference.id, order="plan").rows
    positions = [row.delegate.group.position for row in rows]
    assert positions == sorted(positions)
    assert [row.delegate.first_post for row in rows[:3]] == [
        "Bí thư Tỉnh ủy",
        "Phó Bí thư Thường trực Tỉnh ủy",
        "Phó Bí thư Tỉnh ủy",
    ]


def test_pages_hold_fifty_and_cost_the_same_queries(conference: Conference, group: Group) -> None:
    with transaction():
        db.session.execute(sa.delete(Delegate).where(Delegate.conference_id == conference.id))
        ranks = ranks_of(conference.id)
        many = [
            Delegate(
                conference_id=conference.id,
                group_id=group.id,
                address_form="ông",
                full_name=f"Nguyễn Văn {word}",
                created_at=clock.now(),
            )
            for word in ("A", *("BCDĐEGHIKL"[number % 10] + "a" * (number // 10 + 1) for number in range(119)))
        ]
        for one in many:
            fill_keys(one, ranks, None, group)
        db.session.add_all(many)
    db.session.close()
    with counted_queries() as with_many:
        page = delegate_lists.delegate_page(conference.id, number=3, order="given")
    assert (page.total, page.pages, page.number, page.first, page.last, len(page.rows)) == (120, 3, 3, 101, 120, 20)
    assert delegate_lists.delegate_page(conference.id, number=99).number == 3
    seen = [
        row.delegate.id
        for number in (1, 2, 3)
        for row in delegate_lists.delegate_page(conference.id, number=number).rows
    ]
    assert (len(seen), len(set(seen))) == (120, 120)
    with transaction():
        db.session.execute(
            sa.delete(Delegate).where(Delegate.conference_id == conference.id, Delegate.full_name != "Nguyễn Văn A")
        )
    db.session.close()
    with counted_queries() as with_one:
        page = delegate_lists.delegate_page(conference.id, order="given")
    assert (page.total, page.pages, page.first, page.last) == (1, 1, 1, 1)
    assert (len(with_many), len(with_one)) == (5, 5)


def test_rows_say_what_was_answered_and_how_far_the_letter_is(conference: Conference, group: Group) -> None:
    comes, sends, refused, silent, draft = (add(group, f"Lê Văn {word}") for word in ("Một", "Hai", "Ba", "Bốn", "Năm"))
    letter(draft, issued=False)
    for number, (one, values) in enumerate(
        [
            (comes, {"answer": "comes"}),
            (sends, {"answer": "substitute", "substitute_name": "Y Thay"}),
            (refused, {"answer": "substitute", "substitute_name": "A Thay", "refused_at": clock.now()}),
        ]
    ):
        sent = letter(one, issued=True, number=number + 1)
        with transaction():
            db.session.add(
                Reply(
                    conference_id=conference.id,
                    invitation_id=sent.id,
                    delegate_id=one.id,
                    answer="absent",
                    source="invitee",
                    at=clock.now(),
                    superseded_at=clock.now(),
                )
            )
            db.session.add(
                Reply(
                    conference_id=conference.id,
                    invitation_id=sent.id,
                    delegate_id=one.id,
                    source="invitee",
                    at=clock.now(),
                    **values,
                )
            )
    page = delegate_lists.delegate_page(conference.id, "le van", order="plan")
    assert [(row.delegate.full_name, row.answer, row.letter) for row in page.rows] == [
        ("Lê Văn Một", "comes", "issued"),
        ("Lê Văn Hai", "waiting", "issued"),
        ("Lê Văn Ba", "silent", "issued"),
        ("Lê Văn Bốn", "silent", "none"),
        ("Lê Văn Năm", "silent", "draft"),
    ]
    assert page.counts == {"all": 5, "comes": 1, "substitute": 1, "absent": 0, "silent": 3, "unnamed": 0}
    assert names(conference, "le van", reply="substitute") == ["Lê Văn Hai"]
    assert silent.full_name in names(conference, reply="silent", order="given")


def test_a_post_without_a_name_is_a_full_invitee(conference: Conference, group: Group) -> None:
    one = add(group, None, posts=("Phó Bí thư Thường trực Tỉnh ủy", "Chủ tịch HĐND tỉnh"))
    assert (one.full_name, one.first_post, one.shown_name) == (
        None,
        "Phó Bí thư Thường trực Tỉnh ủy",
        "Phó Bí thư Thường trực Tỉnh ủy",
    )
    assert one.posts_text == "Phó Bí thư Thường trực Tỉnh ủy, Chủ tịch HĐND tỉnh"
    assert [
        row.delegate.id
        for row in delegate_lists.delegate_page(conference.id, "pho bi thu thuong truc hdnd", reply="unnamed").rows
    ] == [one.id]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (unicodedata.normalize("NFD", "Nguyễn Thị Ngà"), "Nguyễn Thị Ngà"),
        ("  Trần\u00a0 Thị\tNga ", "Trần Thị Nga"),
        ("\u202eTrần Thị Nga\u202c\u200b", "Trần Thị Nga"),
        ("Y Mửi", "Y Mửi"), ("A", "A"), ("H'Hen Niê", "H'Hen Niê"), ("H’Hen Niê", "H’Hen Niê"), ("Rơ Châm H'Yéo", "Rơ Châm H'Yéo"),
        ("TRẦN THỊ NGA", "TRẦN THỊ NGA"), ("Anne-Marie St. Jean", "Anne-Marie St. Jean"), ("Kơ\u0306 Pớt", "Kơ\u0306 Pớt"),
        ("Đ/c Trần Thị Nga", "Trần Thị Nga"), ("Ông Thị Mai", "Ông Thị Mai"),
    ],
)  # fmt: skip
def test_names_are_kept_as_they_are_written(typed: str, kept: str, group: Group) -> None:
    assert add(group, typed).full_name == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("<script>", "Họ tên chỉ gồm chữ cái, dấu nháy, gạch nối và dấu chấm; ở đây có “<”."),
        ("{{7*7}}", "Họ tên chỉ gồm chữ cái, dấu nháy, gạch nối và dấu chấm; ở đây có “{”."),
        ("=1+1", "Họ tên chỉ gồm chữ cái, dấu nháy, gạch nối và dấu chấm; ở đây có “=”."),
        ("Nga 2", "Họ tên chỉ gồm chữ cái, dấu nháy, gạch nối và dấu chấm; ở đây có chữ số."),
        ("Nga 🎉", "Họ tên chỉ gồm chữ cái, dấu nháy, gạch nối và dấu chấm; ở đây có “🎉”."),
        ("...", "Họ tên cần có chữ cái."),
        ("Nga " * 75, "Họ tên dài nhất 120 ký tự; đang có 299."),
        ("\u202e \u200b", "Điền họ tên, hoặc chức vụ nếu chưa rõ tên."),
    ],
)
def test_what_is_no_name_is_refused_with_a_sentence(typed: str, said: str, group: Group) -> None:
    with pytest.raises(Invalid) as refused:
        add(group, typed)
    assert (refused.value.sentence, refused.value.field) == (said, "full_name")


def test_a_new_name_is_found_and_sorted_at_once(conference: Conference, group: Group) -> None:
    one = add(group, "Trần Thị Nga", posts=("Giám đốc Sở Y tế",))
    body = db.session.scalars(
        sa.select(Body).where(Body.conference_id == conference.id, Body.name == "Sở Nội vụ")
    ).one()
    facts = DelegateFacts(
        group_id=group.id, full_name="Đặng Văn Đạt", posts=("Bí thư Tỉnh ủy",), body_id=body.id, address_form="ông"
    )
    saved = delegates.edit_delegate(conference.id, one.id, facts, 1, one.version)
    assert (names(conference, "nga"), names(conference, "so noi vu dat")) == ([], ["Đặng Văn Đạt"])
    assert saved.delegate.precedence_key[:5] == "00020"
    entry = db.session.scalars(sa.select(Entry).where(Entry.verb == "delegate.edited")).one()
    assert (entry.account_id, entry.subject, entry.subject_id) == (1, "delegate", one.id)
    assert entry.sentence == "Sửa họ tên, cách xưng hô, chức vụ, đơn vị của Đặng Văn Đạt."


def test_saving_over_somebody_elses_change_is_a_conflict(conference: Conference, group: Group) -> None:
    one = add(group)
    facts = DelegateFacts(group_id=group.id, full_name="Trần Thị Nga", seat="A-1")
    seen = one.version
    delegates.edit_delegate(conference.id, one.id, facts, 1, seen)
    with pytest.raises(Conflict):
        delegates.edit_delegate(conference.id, one.id, facts, 1, seen)


def test_an_issued_letter_holds_what_it_prints(conference: Conference, group: Group) -> None:
    one = add(group, posts=("Giám đốc Sở Y tế",))
    letter(one, issued=True)
    facts = DelegateFacts(
        group_id=group.id, full_name="Trần Thị Nga", posts=("Giám đốc Sở Y tế", "Ủy viên"), address_form="bà"
    )
    with pytest.raises(Invalid) as refused:
        delegates.edit_delegate(conference.id, one.id, facts, 1, one.version)
    assert refused.value.field == "address_form"
    assert refused.value.sentence == (
        "Giấy mời số 45/GM-VP đã phát hành. Muốn đổi cách xưng hô, chức vụ, hãy đính chính giấy, hoặc thu hồi và phát hành lại."
    )
    allowed = DelegateFacts(
        group_id=group.id, full_name="Trần Thị Nga", posts=("Giám đốc Sở Y tế",), phone="0000 123 456", email="a@b.vn"
    )
    assert delegates.edit_delegate(conference.id, one.id, allowed, 1, one.version).delegate.phone == "0000 123 456"


def test_removing_takes_a_draft_along_and_stops_at_an_issued_letter(conference: Conference, group: Group) -> None:
    drafted, held = add(group, "A Pớt"), add(group, "Y Mửi")
    draft = letter(drafted, issued=False)
    letter(held, issued=True)
    delegates.remove_delegate(conference.id, drafted.id, 1)
    assert names(conference, "pot") == []
    assert db.session.get(Invitation, draft.id).revoked_reason == "Đại biểu đã được bỏ khỏi danh sách."  # type: ignore[union-attr]
    with pytest.raises(Conflict) as refused:
        delegates.remove_delegate(conference.id, held.id, 1)
    assert refused.value.sentence == "Giấy mời số 45/GM-VP đã phát hành. Thu hồi giấy trước khi bỏ đại biểu."
    delegates.restore_delegate(conference.id, drafted.id, 1)
    assert names(conference, "pot") == ["A Pớt"]


@pytest.mark.parametrize("act", ["get", "edit", "remove", "restore", "move", "by_rank"])
def test_a_delegate_of_another_conference_is_not_found(act: str, conference: Conference, group: Group) -> None:
    one = add(group)
    other = conferences.create(conferences.ConferenceFacts("Hội nghị khác", "Hội nghị khác", "UBND tỉnh"), by=1)
    facts = DelegateFacts(group_id=group.id, full_name="X")
    acts = {
        "get": lambda: delegates.get_delegate(other.id, one.id),
        "edit": lambda: delegates.edit_delegate(other.id, one.id, facts, 1, 1),
        "remove": lambda: delegates.remove_delegate(other.id, one.id, 1),
        "restore": lambda: delegates.restore_delegate(other.id, one.id, 1),
        "move": lambda: delegate_lists.move(other.id, one.id, 1, to=1),
        "by_rank": lambda: delegate_lists.by_rank(other.id, one.id, 1),
    }
    with pytest.raises(NotFound):
        acts[act]()


def test_group_and_body_must_be_of_the_conference(conference: Conference, group: Group) -> None:
    other = conferences.create(conferences.ConferenceFacts("Hội nghị khác", "Hội nghị khác", "UBND tỉnh"), by=1)
    with pytest.raises(Invalid) as refused:
        delegates.add_delegate(other.id, DelegateFacts(group_id=group.id, full_name="X"), 1)
    assert refused.value.field == "group_id"
    with pytest.raises(Invalid) as refused:
        add(group, body_id=999_999)
    assert refused.value.field == "body_id"


def test_a_copied_conference_does_not_find_the_names_that_stayed_behind(conference: Conference, group: Group) -> None:
    add(group, "Trần Thị Nga", posts=("Giám đốc Sở Y tế",))
    copied = conferences.copy(conference.id, "Hội nghị năm sau", "Hội nghị năm sau", by=1)
    assert names(copied, "nga") == []
    assert names(copied, "giam doc so y te") == [None]


@pytest.mark.database("postgresql")
def test_keys_are_sorted_by_their_bytes_whatever_the_server_speaks(conference: Conference) -> None:
    wanted = sa.text(
        "SELECT column_name, collation_name FROM information_schema.columns"
        " WHERE table_name = 'delegates' AND column_name IN ('name_key', 'precedence_key') ORDER BY 1"
    )
    assert [tuple(row) for row in db.session.execute(wanted)] == [("name_key", "C"), ("precedence_key", "C")]
