import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.passes import ALPHABET, derive_code, digest, grouped, link, read

CASES = json.loads((Path(__file__).parents[1] / "cases" / "passcodes.json").read_text("utf-8"))
codes = st.text(alphabet=ALPHABET, min_size=16, max_size=16)


def test_code_is_the_first_80_bits_of_the_hmac() -> None:
    assert derive_code(b"secret", b"seed") == "ZPCVBMWRRP1081XF"


def test_code_changes_with_seed_and_with_secret() -> None:
    made = {derive_code(secret, seed) for secret in (b"a", b"b") for seed in (b"c", b"d")}
    assert len(made) == 4


@given(st.binary(min_size=1, max_size=40), st.binary(max_size=40))
def test_every_derived_code_can_be_read_back(secret: bytes, seed: bytes) -> None:
    code = derive_code(secret, seed)
    assert read(code) == read(grouped(code)) == read(link("https://hop.kontum.gov.vn", code)) == code


@given(codes)
def test_code_is_read_as_people_write_it(code: str) -> None:
    typed = grouped(code).lower().replace("0", "o").replace("1", "l").replace(" ", "-")
    assert read(typed) == code


@given(codes, st.randoms(use_true_random=False))
def test_one_wrong_letter_gives_another_digest(code: str, chance: random.Random) -> None:
    place = chance.randrange(16)
    other = chance.choice([letter for letter in ALPHABET if letter != code[place]])
    assert digest(code[:place] + other + code[place + 1 :]) != digest(code)


@given(st.text(max_size=60))
def test_reading_anything_gives_a_code_or_none(text: str) -> None:
    found = read(text)
    assert found is None or len(digest(found)) == 64


@pytest.mark.parametrize("case", CASES["read"], ids=lambda case: repr(case["text"]))
def test_read(case: dict[str, str | None]) -> None:
    assert read(str(case["text"])) == case["code"]


@pytest.mark.parametrize("case", CASES["digests"], ids=lambda case: case["code"])
def test_digest(case: dict[str, str]) -> None:
    assert digest(case["code"]) == case["digest"]


@pytest.mark.parametrize("wrong", ["", "0123 4567 89AB CDEF", "0123456789abcdef", "U123456789ABCDEF"])
def test_digest_refuses_what_is_no_code(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a pass code"):
        digest(wrong)


def test_link_is_upper_case_and_keeps_the_port() -> None:
    code = "0123456789ABCDEF"
    assert link("https://hop.kontum.gov.vn/", code) == "HTTPS://HOP.KONTUM.GOV.VN/I/0123456789ABCDEF"
    assert link("http://127.0.0.1:8000", code) == "HTTP://127.0.0.1:8000/I/0123456789ABCDEF"
    assert set(link("https://hop.kontum.gov.vn:8443", code)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize("base", ["", "hop.vn", "ftp://hop.vn", "https://", "https://hop.vn/sub", "https://a@hop.vn"])
def test_link_refuses_an_address_that_cannot_stand_in_a_pass(base: str) -> None:
    with pytest.raises(ValueError, match=r"not a web address|only scheme"):
        link(base, "0123456789ABCDEF")
