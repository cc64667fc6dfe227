import copy
from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventmgr.domain.delegates import suggest_rank
from eventmgr.domain.plan import PlanError, read_plan
from eventmgr.domain.plan_words import Origin

PLANS = Path(__file__).parents[2] / "eventmgr" / "plans"
DATA = yaml.safe_load((PLANS / "ke-hoach-2809.yaml").read_text("utf-8"))
LINES = (PLANS / "ke-hoach-2809.txt").read_text("utf-8").split("\n")


@pytest.fixture
def data() -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(DATA)
    return found


def problems_of(data: object) -> list[str]:
    with pytest.raises(PlanError) as caught:
        read_plan(data)
    return caught.value.problems


def test_shipped_plan_has_everything() -> None:
    plan = read_plan(DATA)
    assert plan.slug == "so-ket-binh-dang-gioi-2015"
    assert plan.conference.short_title == "Sơ kết giai đoạn I về bình đẳng giới"
    counts = [len(rows) for rows in (plan.groups, plan.agenda.items, plan.tasks, plan.documents, plan.budget)]
    assert counts == [10, 8, 18, 16, 3]
    assert [len(rows) for rows in (plan.recipients, plan.awards, plan.oddities, plan.ranks)] == [10, 3, 30, 19]
    assert [len(group.members) for group in plan.groups] == [1, 1, 1, 1, 3, 20, 2, 10, 0, 2]
    assert [sum(len(member.posts) for member in group.members) for group in plan.groups] == [
        *[3, 3, 3, 2, 3, 20, 2, 10, 0, 2]
    ]


def test_shipped_programme_has_thirteen_spoken_steps() -> None:
    steps = read_plan(DATA).agenda.spoken()
    assert [number for number, _ in steps] == [
        *["1a", "1b", "2", "3a", "3b", "4.(1)", "4.(2)", "4.(3)", "4.(4)", "5", "6", "7", "8"]
    ]
    assert [item.minutes for _, item in steps] == [None] * 13
    assert steps[6][1].presenter == "Lãnh đạo Ban Dân tộc tỉnh"


def test_what_the_plan_leaves_open_stays_open() -> None:
    plan = read_plan(DATA)
    facts = plan.conference
    assert (facts.date, facts.starts_at, facts.ends_at, facts.capacity, facts.venue_address) == (None,) * 5
    assert [line.amount for line in plan.budget] == [None] * 3
    assert [group.quota for group in plan.groups] == [None] * 10
    assert (plan.awards[1].form, plan.letter.signer_name) == (None, None)
    assert plan.ranks_origin is Origin.ASSUMED


def test_corrected_labels_keep_the_printed_string() -> None:
    plan = read_plan(DATA)
    group = plan.groups[4]
    assert (group.label, group.printed) == (
        "Lãnh đạo Ban Tuyên giáo Tỉnh ủy, Ban Dân vận Tỉnh ủy, Ban Văn hóa - Xã hội HĐND tỉnh",
        "Lãnh đạo: Ban Tuyên giáo Tỉnh ủy; Ban Dân vận Tỉnh ủy; Ban VHXX - Hội đồng nhân dân tỉnh",
    )
    models = plan.agenda.items[2].sub_items[1]
    assert (models.title[:16], (models.printed or "")[:15]) == ("Báo cáo tổng kết", "Báo cáo ổng kết")
    assert (plan.document.number, plan.document.number_printed) == ("2809/KH-UBND", "2809/KH - UBND")


def test_every_printed_string_stands_on_its_line() -> None:
    quotes = [quote for quote in printed_in(DATA)]
    assert len(quotes) > 120
    assert [(text, line) for text, line in quotes if text not in LINES[line - 1].replace("*", "")] == []


def printed_in(node: object) -> Iterator[tuple[str, int]]:
    """Every (printed string, line) of the file; * marks bold and italic in the text and is no content."""
    if isinstance(node, dict):
        for name, line in (("printed", "line"), ("number_printed", "number_line"), ("presenter_printed", "line")):
            value = node.get(name)
            if value is not None and node.get(line):
                yield from ((text, node[line]) for text in ([value] if isinstance(value, str) else value))
        if "printed" not in node and node.get("line"):
            texts = [node[key] for key in ("text", "title", "name") if key in node and node.get("origin") == "stated"]
            yield from ((text, node["line"]) for text in texts if "section" not in node and "audience" not in node)
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from printed_in(child)


def test_signature_and_sections_stand_on_their_lines() -> None:
    document = read_plan(DATA).document
    assert [LINES[(quote.line or 0) - 1] for quote in document.signature] == [q.text for q in document.signature]
    assert [LINES[s.line - 1] for s in document.sections] == [f"{s.number}. {s.title}" for s in document.sections]


def test_every_invited_post_finds_a_rank() -> None:
    plan = read_plan(DATA)
    posts = {post.key: post.title for group in plan.groups for member in group.members for post in member.posts}
    ranks = {key: suggest_rank([title], plan.ranks) for key, title in posts.items()}
    assert [key for key, rank in ranks.items() if rank is None] == []
    assert [ranks[key] for key in ("bi-thu-tinh-uy", "pho-bi-thu-thuong-truc", "chu-tich-hdnd")] == [20, 30, 40]
    assert [ranks[key] for key in ("vstbpn-truong-ban", "lanh-dao-ban-vhxh", "lanh-dao-kpl")] == [100, 130, 150]
    assert Counter(ranks[post.key] for member in plan.groups[5].members for post in member.posts) == {
        100: 1,
        120: 1,
        140: 18,
    }


@pytest.mark.parametrize("nothing", [None, "", "KẾ HOẠCH", [], 3, date(2015, 12, 2)])
def test_a_file_that_is_no_mapping_is_refused(nothing: object) -> None:
    assert problems_of(nothing) == ["Tệp không phải là một kế hoạch: dòng đầu phải là các khóa như “slug:”, “plan:”."]


def test_an_empty_file_names_each_part_that_is_missing() -> None:
    assert problems_of({}) == [
        "schema: thiếu.",
        "slug: thiếu.",
        "plan: thiếu.",
        "conference: thiếu.",
        "letterhead: thiếu.",
        "bodies: thiếu.",
        "groups: thiếu.",
        "agenda: thiếu.",
    ]


def test_missing_key(data: dict[str, Any]) -> None:
    del data["groups"][3]["label"]
    assert problems_of(data) == ["groups[3].label: thiếu."]


def test_all_problems_come_at_once(data: dict[str, Any]) -> None:
    del data["groups"][0]["label"]
    data["groups"][1]["bloc"] = "partei"
    data["tasks"][0]["deadline"] = "2015-02-30"
    data["agenda"]["items"][7]["minutes"] = "mười"
    data["budget"][0]["colour"] = "xanh"
    data["implied"][1]["group"] = "G99"
    assert problems_of(data) == [
        "groups[0].label: thiếu.",
        "groups[1].bloc: không có lựa chọn “partei”; chọn một trong: central, party, national_assembly, "
        "peoples_council, government, fatherland_front, armed_forces, district, honouree, press, mixed, other.",
        "agenda.items[7].minutes: phải là số nguyên, không phải chữ.",
        "tasks[0].deadline: “2015-02-30” không phải là một ngày, ghi dạng 2015-12-29.",
        "budget[0].colour: khóa lạ, không có trong mẫu kế hoạch.",
        "implied[1].group: không có nhóm “G99”.",
    ]


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("implied.0.group", "G11", "implied[0].group: không có nhóm “G11”."),
        ("groups.7.members.0.body", "xa-la", "groups[7].members[0].body: không có cơ quan “xa-la”."),
        ("bodies.1.parent", "xa-la", "bodies[1].parent: không có cơ quan “xa-la”."),
        ("agenda.items.1.body", "xa-la", "agenda.items[1].body: không có cơ quan “xa-la”."),
        ("documents.3.item", "A9", "documents[3].item: không có nội dung “A9”."),
        ("tasks.4.conflicts_with", "T99", "tasks[4].conflicts_with: không có nhiệm vụ “T99”."),
        ("awards.0.funded_by", "B9", "awards[0].funded_by: không có nguồn kinh phí “B9”."),
        ("groups.1.key", "G01", "groups[1].key: “G01” bị trùng với groups[0].key."),
        ("bodies.1.key", "thuong-truc-tinh-uy", None),
        ("ranks.1.value", 10, "ranks[1].value: “10” bị trùng với ranks[0].value."),
        ("agenda.items.0.sub_items.1.key", "A1a", None),
        ("plan.date", "hôm qua", "plan.date: “hôm qua” không phải là một ngày, ghi dạng 2015-12-29."),
        ("plan.date", 20151202, "plan.date: “20151202” không phải là một ngày, ghi dạng 2015-12-29."),
        ("plan.title", 2809, "plan.title: phải là chữ, không phải số."),
        ("plan.title", "\u200b ", "plan.title: không được để trống; chưa biết thì ghi null."),
        ("plan.title", "a" * 501, "plan.title: dài 501 ký tự, nhiều nhất là 500."),
        ("plan", "2809", "plan: phải là một nhóm khóa, không phải chữ."),
        ("recipients", {"1": 1}, "recipients: phải là một danh sách, không phải nhóm khóa."),
        ("groups", "G01", None),
        ("groups.9", "báo chí", "groups[9]: phải là một nhóm khóa, không phải chữ."),
        ("groups.0.quota", -1, "groups[0].quota: số -1 ngoài khoảng cho phép (từ 0)."),
        ("groups.0.quota", True, "groups[0].quota: phải là số nguyên, không phải đúng/sai."),
        ("budget.0.amount", 1.5, "budget[0].amount: phải là số nguyên, không phải số lẻ."),
        ("awards.0.at_conference", "có", "awards[0].at_conference: phải là true hoặc false, không phải chữ."),
        ("awards.0.recipients.1", "dog", None),
        ("tasks.0.rule", None, "tasks[0].rule: có hạn thì phải ghi before (trước ngày) hoặc by (chậm nhất ngày)."),
        ("tasks.1.partners", "Sở Nội vụ", "tasks[1].partners: phải là một danh sách chữ, không phải chữ."),
        ("tasks.1.partners.0", 7, "tasks[1].partners[0]: phải là chữ."),
        ("conference.starts_at", 450, 'conference.starts_at: phải là giờ trong dấu ngoặc kép, dạng "07:30".'),
        ("conference.date_window.last", date(2015, 12, 1), None),
        ("slug", "Sơ kết", "slug: chỉ gồm chữ thường không dấu, số và dấu gạch nối, nhiều nhất 80 ký tự."),
        ("schema", 2, "schema: phiên bản mẫu phải là 1."),
        ("letterhead.office.opening", None, "letterhead.office.opening: thiếu."),
        ("lable", "x", "lable: khóa lạ, không có trong mẫu kế hoạch."),
    ],
)
def test_bad_file(data: dict[str, Any], path: str, value: object, problem: str | None) -> None:
    *steps, last = path.split(".")
    node: Any = data
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    node[int(last) if isinstance(node, list) else last] = value
    found = problems_of(data)
    assert (found == [problem]) if problem else (len(found) >= 1 and found[0].startswith(place_of(path)))


def place_of(path: str) -> str:
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in path.split(".")).lstrip(".")


def test_an_end_before_the_start_is_refused(data: dict[str, Any]) -> None:
    data["conference"] |= {"starts_at": "07:30", "ends_at": "07:00"}
    assert problems_of(data) == ["conference.ends_at: giờ kết thúc phải sau giờ bắt đầu."]


def test_day_and_hours_can_be_set(data: dict[str, Any]) -> None:
    data["conference"] |= {"date": date(2015, 12, 29), "starts_at": "07:30", "ends_at": "11:00"}
    facts = read_plan(data).conference
    assert (facts.date, facts.starts_at, facts.ends_at) == (date(2015, 12, 29), time(7, 30), time(11))


def test_the_error_is_one_sentence_for_people(data: dict[str, Any]) -> None:
    del data["slug"]
    with pytest.raises(PlanError) as caught:
        read_plan(data)
    assert caught.value.sentence == "Tệp kế hoạch chưa dùng được: slug: thiếu."


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(DATA)), junk)
def test_junk_is_refused_with_sentences_or_read(part: str, value: object) -> None:
    try:
        read_plan({**DATA, part: value})
    except PlanError as error:
        assert error.problems and all(": " in problem for problem in error.problems)
