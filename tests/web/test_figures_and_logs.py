"""What an administrator may watch: figures for Prometheus, and a log of JSON lines that tells no secrets."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from flask import Flask

from eventmgr.bootstrap import create_app
from eventmgr.services import copies
from eventmgr.settings import Settings, UnsafeSetting
from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")


def figures(person: Person) -> dict[str, float]:
    text = person.get("/metrics").get_data(as_text=True)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [-+0-9.e]+', line)] == []
    assert len({line.split(" ")[0] for line in lines}) == len(lines)
    return {re.sub(r'process="\d+",?', "", line.split(" ")[0]).replace("{}", ""): float(line.split(" ")[1]) for line in lines}


def test_figures_count_what_happened(app: Flask, stranger: Person) -> None:
    before = figures(stranger)
    assert "eventmgr_backup_age_seconds" not in before
    stranger.get(f"/e/{SLUG}/")
    stranger.get("/khong-co", expect=404)
    copies.work()
    after = figures(stranger)
    grown = {name: after[name] - before.get(name, 0) for name in ('eventmgr_answers_total{status="2xx"}', 'eventmgr_answers_total{status="4xx"}')}
    assert grown == {'eventmgr_answers_total{status="2xx"}': 2, 'eventmgr_answers_total{status="4xx"}': 1}
    assert after['eventmgr_answer_seconds_bucket{le="+Inf"}'] == after["eventmgr_answer_seconds_count"]
    assert 0 <= after["eventmgr_backup_age_seconds"] < 600 and 0 <= after["eventmgr_backup_proof_age_seconds"] < 600


def logged(app: Flask, capfd: pytest.CaptureFixture[str], **settings: object) -> tuple[Person, list[dict[str, object]]]:
    made = create_app(replace(app.extensions["eventmgr"].settings, **settings))  # type: ignore[arg-type]
    person = Person(made)
    capfd.readouterr()
    person.get("/i/0123456789ABCDEF", expect=404, headers={"X-Request-Id": "given-by-proxy"})
    return person, [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_each_request_is_a_line_of_json_without_its_code(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    _, (line,) = logged(app, capfd, log_level="info")
    assert {name: line[name] for name in ("logger", "method", "path", "endpoint", "status", "account")} == {
        "logger": "eventmgr.access", "method": "GET", "path": "/i/…", "endpoint": "invitee.page", "status": 404, "account": None,
    }  # fmt: skip
    assert re.fullmatch(r"[0-9a-f]{16}", str(line["request"])), "a stranger does not choose the number"
    assert "0123456789ABCDEF" not in json.dumps(line)


def test_a_trusted_proxy_gives_the_number(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    person, (line,) = logged(app, capfd, log_level="info", trusted_proxies=1)
    assert line["request"] == "given-by-proxy"
    assert person.client.get("/healthz", headers={"X-Request-Id": "bad number!"}).headers["X-Request-Id"] != "bad number!"


def test_by_default_only_trouble_is_logged(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    assert logged(app, capfd)[1] == []


def test_a_level_that_is_none_stops_the_start(tmp_path: object) -> None:
    with pytest.raises(UnsafeSetting, match="EVENTMGR_LOG_LEVEL"):
        Settings.from_env({"EVENTMGR_INSTANCE": str(tmp_path), "EVENTMGR_LOG_LEVEL": "loud"})
