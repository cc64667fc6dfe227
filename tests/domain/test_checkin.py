import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from eventmgr.domain.checkin import Answer, Entry, GateFacts, Outcome, PassFacts, Scan, Substitute, Tone, decide
from eventmgr.domain.names import AddressForm

CASES = json.loads((Path(__file__).parents[1] / "cases" / "verdicts.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_decide(case: dict[str, Any]) -> None:
    gate, scan = case["gate"], case["scan"]
    verdict = decide(
        facts_from(case["pass"]),
        GateFacts(
            gate["conference_id"],
            gate["name"],
            frozenset(gate["group_ids"]),
            gate["open"],
            {int(group): name for group, name in gate["elsewhere"].items()},
        ),
        Scan(scan["readable"], frozenset(Answer(answer) for answer in scan["answers"])),
    )
    assert json.loads(json.dumps(asdict(verdict), default=datetime.isoformat)) == case["verdict"]


def test_cases_show_every_outcome_with_one_tone_and_word() -> None:
    shown = {case["verdict"]["outcome"] for case in CASES}
    assert shown == set(Outcome)
    looks = {(case["verdict"]["outcome"], case["verdict"]["tone"], case["verdict"]["word"]) for case in CASES}
    assert len(looks) == len(Outcome)
    assert {case["verdict"]["outcome"] for case in CASES if case["verdict"]["tone"] == Tone.GO} == {Outcome.ADMITTED}


def test_every_answer_has_its_button() -> None:
    assert [answer.label for answer in Answer] == [
        "Cho vào lại",
        "Đúng, mời vào",
        "Chính đại biểu đến",
        "Vẫn mời vào cửa này",
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
    return PassFacts(**plain)
