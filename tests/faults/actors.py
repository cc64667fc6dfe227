"""The people of a storm: each goes on as people do when no answer comes, and notes what was answered."""

from __future__ import annotations

import random
import re
import secrets
import threading
import time
import uuid
from collections.abc import Callable

from eventmgr import clock
from eventmgr.domain.dates import to_local
from tests.faults.callers import Caller, Said
from tests.faults.house import House, Ledger
from tests.people import SLUG

HOME = f"/office/{SLUG}"
AT_ONCE = 4
FIRST_NUMBER = 1000
PATIENCE = 60.0
Act = Callable[[], Said | None]


def phone(house: House, ledger: Ledger, over: threading.Event, number: int) -> None:
    """Scan one pass after the other; what is not answered stays in the queue and is sent again, whatever happens."""
    caller, draw = Caller(house.live.port, {"eventmgr_phone": house.tokens[number]}), random.Random(number)
    while not over.is_set():
        facts = [
            {
                "scan_key": uuid.uuid4().hex, "way": "camera", "scanned_at": clock.now().isoformat(), "code": draw.choice(house.codes),
                "decided": {"outcome": "admitted", "snapshot": "1"},
            }
            for _ in range(draw.randint(1, AT_ONCE))
        ]  # fmt: skip
        ledger.sent_scans |= {str(one["scan_key"]): str(one["code"]) for one in facts}
        said = _until_answered(ledger, lambda facts=facts: caller.scan(facts))  # type: ignore[misc]
        if said is None:
            return
        ledger.scans |= {one["scan_key"]: one["verdict"]["outcome"] for one in said.json["results"]}
        over.wait(draw.uniform(0.02, 0.1))


def invitee(house: House, ledger: Ledger, over: threading.Event, number: int) -> None:
    """Answer letters; who sees no answer does not press again, and so may have been heard or not."""
    caller, draw, count = Caller(house.live.port), random.Random(100 + number), 0
    while not over.is_set():
        code, count = draw.choice(house.codes), count + 1
        reason = f"Bận việc số {number}-{count}"
        token = caller.token(f"/i/{code}")
        if token is None:
            over.wait(0.1)
            continue
        ledger.sent_replies.add(reason)
        said = caller.post(f"/i/{code}/reply", [("answer", "absent"), ("reason", reason)], token)
        if said is None:
            ledger.silences += 1
        elif said.status == 302:
            ledger.replies.add(reason)
        elif said.status != 503:
            ledger.refused.append(f"reply: {said.status} {said.text[:400]}")
        over.wait(draw.uniform(0.05, 0.15))


def clerk(house: House, ledger: Ledger, over: threading.Event) -> None:
    """Issue letters a few at a time, ask for a PDF of them, send them out; each press is repeated until it is answered."""
    caller, left, number, round_no = Caller(house.live.port), list(house.waiting), FIRST_NUMBER, 0
    if _until_answered(ledger, lambda: Said(302, {}, b"") if caller.sign_in("lan") else None) is None:
        return
    token = ""
    while not token and not over.is_set():
        token = caller.token("/office/password") or ""
    today = f"{to_local(clock.now()):%d/%m/%Y}"
    while left and not over.is_set():
        few, left, round_no = left[:AT_ONCE], left[AT_ONCE:], round_no + 1
        chosen = [("invitation", one) for one in few]
        facts = [("first_number", number), ("dated_on", today), ("signer_lines", "CHÁNH VĂN PHÒNG"), ("signer_name", "Lê Văn Mẫu")]
        said = _until_answered(ledger, lambda: caller.post(f"{HOME}/invitations/issue", [*chosen, *facts], token))  # noqa: B023
        if said is None:
            return
        before = said.status == 422 and "Không có giấy nào chờ phát hành" in said.text
        if said.status != 302 and not before:  # 422: the press whose answer was lost had been heard
            ledger.refused.append(f"issue: {said.status} {_words(said)}")
            return
        ledger.issued += few
        number += len(few)
        if round_no % 2 == 1:
            said = _until_answered(ledger, lambda: caller.post(f"{HOME}/invitations/batches", [("what", "issued"), ("group", house.group_id)], token))
            if said is not None and (found := re.search(r"/batches/(\d+)", said.headers.get("location", ""))):
                ledger.batches.append(int(found[1]))
        key = secrets.token_hex(8)
        said = _until_answered(
            ledger, lambda: caller.post(f"{HOME}/deliveries/mail", [*chosen, ("do", "send"), ("key", key)], token)  # noqa: B023
        )  # fmt: skip
        if said is not None and said.status == 302:
            ledger.mailed += few
        elif said is not None:
            ledger.refused.append(f"mail: {said.status} {_words(said)}")
        over.wait(0.5)


def _until_answered(ledger: Ledger, act: Act) -> Said | None:
    """Do it until an answer comes that is not "later"; None when the server is away for good."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said = act()
        if said is not None and said.status != 503:
            return said
        ledger.silences += 1
        time.sleep(0.1)
    ledger.refused.append("no answer for a minute")
    return None


def _words(said: Said) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", said.text).split())[:600]
