from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain import body_links, passes

codes = st.text(alphabet=passes.ALPHABET, min_size=16, max_size=16)


def test_link_is_an_address_that_people_can_read() -> None:
    assert body_links.link("https://Hop.kontum.gov.vn", "0123456789ABCDEF") == "https://hop.kontum.gov.vn/b/0123456789ABCDEF"


@given(codes)
def test_code_is_read_from_link_qr_and_typing(code: str) -> None:
    link = body_links.link("https://hop.kontum.gov.vn:8443", code)
    assert [body_links.read(text) for text in (link, link.upper(), code, passes.grouped(code).lower())] == [code] * 4


@given(codes)
def test_a_link_is_not_a_pass_and_a_pass_is_not_a_link(code: str) -> None:
    assert body_links.digest(code) != passes.digest(code)
    assert body_links.read(passes.link("https://hop.kontum.gov.vn", code)) is None
    assert passes.read(body_links.link("https://hop.kontum.gov.vn", code)) is None
