"""Numbers, words and bodies that nobody means well with: an answer with a sentence, never a broken server."""

from __future__ import annotations

import itertools

import pytest
from flask import Flask

from eventmgr.models.conferences import Conference
from tests import nominating
from tests.people import SLUG, Person

HOME = f"/office/{SLUG}"
HUGE = ("2147483648", "9223372036854775808", "9" * 20)


@pytest.mark.database("sqlite")
def test_numbers_that_no_row_has_lead_nowhere(app: Flask, quantri: Person, conference: Conference) -> None:
    got, own = {}, {"slug": SLUG, "code": nominating.body(conference)[1]}
    for rule in app.url_map.iter_rules():
        numbers = {name for name, kind in rule._converters.items() if type(kind).__name__ == "RowConverter"}
        for number, method in itertools.product(HUGE if numbers else (), (rule.methods or set()) & {"GET", "POST"}):
            with app.test_request_context():
                known: dict[str, str] = {name: value for name, value in own.items() if name in rule.arguments}
                url = app.url_for(rule.endpoint, **known, **dict.fromkeys(numbers, int(number)))  # type: ignore[arg-type]
            answer = quantri.client.open(url, method=method, data={"csrf_token": quantri._csrf()} if method == "POST" else None)
            got[method, url] = answer.status_code
    assert len(got) > 150
    assert {key: code for key, code in got.items() if code not in {404, 405}} == {}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("number", ["0", "-1", *HUGE, "²", "٣", "1e9", "nan", "0x10", "1_0", "", "1 OR 1=1"])
def test_numbers_in_the_query_are_bounded_or_passed_over(lan: Person, number: str) -> None:
    addresses = {
        "/invitations": ("group", "page"), "/delegates": ("group", "body", "page"), "/bodies": ("group", "page"),
        "/gates/arrivals": ("gate", "page"), "/invitations/issue": ("group", "invitation"), "/delegates/new": ("group", "body"),
    }
    for path, names in addresses.items():
        for name in names:
            answer = lan.client.get(f"{HOME}{path}", query_string={name: number})
            assert answer.status_code in {200, 302, 404}, (path, name)
    assert lan.client.get(f"{HOME}/gates/sign-in.pdf", query_string={"gate": number}).status_code in {200, 404}


@pytest.mark.database("sqlite")
def test_numbers_in_forms_are_bounded_and_none_means_everybody(lan: Person, quantri: Person) -> None:
    for number in (*HUGE, "-1", "²", "٣", "nan"):
        lan.post(f"{HOME}/invitations/drafts", expect=302, group="1000000", delegate=number)
        lan.post(f"{HOME}/invitations/drafts", expect=404, group=number)
        lan.post(f"{HOME}/invitations/approvals", expect=404, all="1", group=number)
        lan.post(f"{HOME}/invitations/approvals", expect=302, invitation=number)
        lan.post(f"{HOME}/invitations/batches", expect=404, what="issued", group=number)
        lan.post(f"{HOME}/agenda", expect=404, title="Thử", parent_id=number)
        if number != "٣":  # a three, for Python and for an Arab
            quantri.post(f"{HOME}/people", expect=422, account_id=number, role="office")
        typed = {"title": "T", "short_title": "T", "kind": "K", "organiser": "O", "capacity": number, "version": number}
        assert lan.post(f"{HOME}/settings", **typed).status_code in {302, 409, 422}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("when", ["00:00 01/01/0001", "23:59 31/12/9999", "07:00 01/01/1944", "24:00 01/01/2015", "7h 31/02/2015"])
def test_moments_outside_of_time_are_refused(lan: Person, when: str) -> None:
    facts = {"letterhead": "office", "letter_form": "nd30", "province": "K", "number_symbol": "GM", "place": "K"}
    page = lan.post(f"{HOME}/letterhead", expect=422, reply_by=when, **facts).get_data(as_text=True)
    assert 'id="reply_by-error"' in page


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000, b'{"order":' * 20_000, b'{"order":[NaN],"parent":null}', b'{"order":[1e400]}', b'{"order":[true]}',
        b'{"order":[99999999999999999999]}', b'{"order":[1],"parent":99999999999999999999}', b'{"order":[-1]}', b"\xff\xfe",
        b'{"order":"1"}', b'{"order":{"1":1}}', b"[]", b"null", b"", b"\0", b'{"order":[1],"seen":{}}', b'"\\ud800"',
    ],
)
def test_an_order_that_is_none_is_refused(lan: Person, body: bytes) -> None:
    answer = lan.client.post(
        f"{HOME}/agenda/order", data=body, content_type="application/json", headers={"X-CSRFToken": lan._csrf()}
    )
    assert answer.status_code in {409, 422}


def test_control_characters_in_addresses_and_names(stranger: Person, quantri: Person) -> None:
    for path in ("/e/%00/", "/e/a%00/press", "/e/%1F/stream", "/i/%00", "/i/0000%00", "/door/pair/%00", "/e/%0d%0aX:1/"):
        stranger.get(path, expect=404)
    quantri.get("/office/%00/", expect=404)
    stranger.post("/sign-in", expect=422, username="lan\0", password="x\0")
    stranger.get("/e/%FF%FE/", expect=404)
    stranger.get("/e/' OR 1=1--/", expect=404)


@pytest.mark.database("sqlite")
def test_bodies_beyond_all_measure_are_refused(stranger: Person, lan: Person) -> None:
    form = "application/x-www-form-urlencoded"
    for path in ("/sign-in", "/i/0000000000000000/reply", "/door/pair/AAAA"):
        stranger.post(path, expect=413, username="a" * 70_000)
    strangers = stranger.client.post(f"{HOME}/settings", data=b"a&" * 600_000, content_type=form)
    assert strangers.status_code == 403
    crowd = stranger.client.post(f"{HOME}/settings", data=b"a=b&" * 50_000, content_type=form)
    assert crowd.status_code == 403 and len(crowd.data) < 20_000
    for size, kind in ((1_100_000, form), (1_100_000, "application/json"), (13_000_000, "multipart/form-data; boundary=x")):
        answer = lan.client.post(f"{HOME}/settings", data=b"a&" * (size // 2), content_type=kind)
        assert answer.status_code == 413
    many = {f"f{number}": "1" for number in range(20_000)}
    assert lan.post(f"{HOME}/settings", **many).status_code == 422
    drafted = lan.post(f"{HOME}/invitations/drafts", delegate=[str(number) for number in range(10**6, 10**6 + 40_000)])
    assert drafted.status_code == 302


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "127.0.0.1:1@evil.example"])
def test_another_host_is_refused_without_an_echo(stranger: Person, host: str) -> None:
    answer = stranger.get(f"/e/{SLUG}/", expect=400, headers={"Host": host})
    assert "evil" not in answer.get_data(as_text=True) and "not trusted" not in answer.get_data(as_text=True)
