import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from eventmgr.domain.checkin import (
    Answer,
    Entry,
    GateFacts,
    Hold,
    Outcome,
    PassFacts,
    Scan,
    Substitute,
    Tone,
    Verdict,
    WalkIn,
    decide,
    decide_exit,
    decide_hold,
    decide_naming,
    decide_walk_in,
)
from eventmgr.domain.names import AddressForm
from eventmgr.domain.namings import named_person

CASES = json.loads((Path(__file__).parents[1] / "cases" / "verdicts.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_decide(case: dict[str, Any]) -> None:
    assert json.loads(json.dumps(asdict(decided(case)), default=datetime.isoformat)) == case["verdict"]


def decided(case: dict[str, Any]) -> Verdict:
    """What the rule says to one of the cases; `kind` is entry, exit, hold, named or walk_in."""
    said, facts = case["scan"], facts_from(case["pass"])
    row = case["gate"]
    elsewhere = {int(group): name for group, name in row["elsewhere"].items()}
    gate = GateFacts(row["conference_id"], row["name"], frozenset(row["group_ids"]), row["open"], elsewhere)
    scan = Scan(said["readable"], frozenset(Answer(answer) for answer in said["answers"]), said.get("on_phone", False))
    kind = case.get("kind", "entry")
    if kind == "walk_in":
        guest = case["walk_in"]
        return decide_walk_in(WalkIn(**{**guest, "address_form": AddressForm(guest["address_form"])}), gate)
    if kind == "hold":
        return decide_hold(facts, gate, scan, case["reason"])
    if kind == "named":
        return decide_naming(facts, gate, scan, named_person(**case["person"]))
    return (decide_exit if kind == "exit" else decide)(facts, gate, scan)


def test_cases_show_every_outcome_with_one_tone_and_word() -> None:
    shown = {case["verdict"]["outcome"] for case in CASES}
    assert shown == set(Outcome)
    looks = {(case["verdict"]["outcome"], case["verdict"]["tone"], case["verdict"]["word"]) for case in CASES}
    assert len(looks) == len(Outcome)
    assert {case["verdict"]["outcome"] for case in CASES if case["verdict"]["tone"] == Tone.GO} == {
        Outcome.ADMITTED,
        Outcome.LEFT,
        Outcome.NAMED,
    }


def test_every_answer_has_its_button() -> None:
    assert [answer.label for answer in Answer] == [
        "Cho vào lại",
        "Đúng, mời vào",
        "Chính đại biểu đến",
        "Vẫn mời vào cửa này",
        "Đã rõ, mời vào",
    ]


def facts_from(row: dict[str, Any] | None) -> PassFacts | None:
    if row is None:
        return None
    plain = {**row, "posts": tuple(row["posts"]), "address_form": AddressForm(row["address_form"])}
    plain["revoked_at"] = row["revoked_at"] and datetime.fromisoformat(row["revoked_at"])
    if other := row["substitute"]:
        form = AddressForm(other["address_form"])
        plain["substitute"] = Substitute(**{**other, "posts": tuple(other["posts"]), "address_form": form})
    if entry := row["entry"]:
        plain["entry"] = Entry(datetime.fromisoformat(entry["at"]), entry["gate"], entry["name"])
    if left := row.get("left_at"):
        plain["left_at"] = datetime.fromisoformat(left)
    if held := row.get("hold"):
        plain["hold"] = Hold(datetime.fromisoformat(held["at"]), held["gate"], held["reason"])
    return PassFacts(**plain)
