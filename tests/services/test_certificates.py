from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from eventmgr.domain.errors import Invalid
from eventmgr.services.certificates import authority_of, make_certificate

AT = datetime(2015, 12, 28, 1, 0, tzinfo=UTC)


def test_a_certificate_is_for_these_names_and_its_keys_are_the_owners_alone(tmp_path: Path) -> None:
    made = make_certificate(tmp_path / "c", ["192.168.1.10", "HoiTruong.lan", "192.168.1.10"], AT)
    server, authority = x509.load_pem_x509_certificates(made.certificate.read_bytes())
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert (made.names, made.new_authority) == (("192.168.1.10", "hoitruong.lan"), True)
    assert [str(name) for name in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.10"]
    assert names.get_values_for_type(x509.DNSName) == ["hoitruong.lan"]
    server.verify_directly_issued_by(authority)
    assert made.until - AT <= timedelta(days=398)
    assert [stat.S_IMODE(path.stat().st_mode) for path in sorted((tmp_path / "c").iterdir())] == [0o644, 0o600, 0o644, 0o600]


def test_the_authority_stays_for_the_same_names_and_changes_for_others(tmp_path: Path) -> None:
    first = make_certificate(tmp_path, ["hoitruong.lan", "10.0.0.5"], AT)
    known = authority_of(tmp_path)
    again = make_certificate(tmp_path, ["hoitruong.lan"], AT + timedelta(days=100))
    assert (again.new_authority, authority_of(tmp_path) == known, again.until) == (False, True, first.until)
    assert make_certificate(tmp_path, ["khac.lan"], AT).new_authority
    assert authority_of(tmp_path) != known


def test_an_authority_about_to_end_is_made_anew(tmp_path: Path) -> None:
    make_certificate(tmp_path, ["hoitruong.lan"], AT)
    assert make_certificate(tmp_path, ["hoitruong.lan"], AT + timedelta(days=380)).new_authority


def test_the_authority_may_vouch_for_nothing_else(tmp_path: Path) -> None:
    make_certificate(tmp_path, ["hoitruong.lan", "10.0.0.5"], AT)
    der = authority_of(tmp_path)
    assert der is not None
    limits = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.NameConstraints)
    allowed = [str(one.value) for one in limits.value.permitted_subtrees or []]
    assert (limits.critical, allowed) == (True, ["hoitruong.lan", "10.0.0.5/32"])


@pytest.mark.parametrize("name", ["", "a b", "https://x", "-x.lan", "x..lan", "hội.lan", "x" * 64, "*.lan"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid):
        make_certificate(tmp_path, [name], AT)


def test_no_name_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        make_certificate(tmp_path, [], AT)


def test_there_is_no_authority_before_one_was_made(tmp_path: Path) -> None:
    assert authority_of(tmp_path) is None
