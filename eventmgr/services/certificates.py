"""HTTPS in a closed hall: an own small authority, and a certificate for the server's name on the hall's network.

Everything lies in one folder of the instance: `authority.crt` goes to the phones, the keys stay with the owner alone.
The authority may vouch for these names and no other, so that a phone that trusts it risks nothing else.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from eventmgr.domain.errors import Invalid
from eventmgr.domain.text import clean

AUTHORITY, AUTHORITY_KEY, CERTIFICATE, KEY = "authority.crt", "authority.key", "server.crt", "server.key"
VALID = timedelta(days=397)
"""Phones refuse certificates of servers that are valid for much longer."""

_AHEAD = timedelta(days=2)
"""Clocks in a closed network are often behind."""


@dataclass(frozen=True)
class Made:
    """Where the files lie, for which names, until when; `new_authority` when phones must install it (again)."""

    folder: Path
    names: tuple[str, ...]
    until: datetime
    new_authority: bool

    @property
    def authority(self) -> Path:
        """What is installed on the phones."""
        return self.folder / AUTHORITY

    @property
    def certificate(self) -> Path:
        """What EVENTMGR_CERTIFICATE names."""
        return self.folder / CERTIFICATE

    @property
    def key(self) -> Path:
        """What EVENTMGR_CERTIFICATE_KEY names."""
        return self.folder / KEY


def make_certificate(folder: Path, names: Sequence[str], at: datetime) -> Made:
    """Write a certificate for these names and addresses; the authority that is there is used again while it covers them.

    Raises Invalid for a name that cannot stand in a certificate.
    """
    wanted = tuple(dict.fromkeys(_checked(name) for name in names))
    if not wanted:
        raise Invalid("Nêu ít nhất một tên máy hoặc địa chỉ IP của máy chủ trong mạng của hội trường.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    known = _known_authority(folder, wanted, at)
    authority, authority_key = known or _new_authority(folder, wanted, at)
    key = ec.generate_private_key(ec.SECP256R1())
    until = min(at + VALID, authority.not_valid_after_utc)
    certificate = (
        _builder(_named(wanted[0]), authority.subject, at, until)
        .public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in wanted]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write(folder / KEY, _private(key), 0o600)
    _write(folder / CERTIFICATE, _pem(certificate) + _pem(authority), 0o644)
    return Made(folder, wanted, until, known is None)


def authority_of(folder: Path) -> bytes | None:
    """Return the authority as phones install it (DER), or None while there is none."""
    path = folder / AUTHORITY
    if not path.exists():
        return None
    return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(serialization.Encoding.DER)


def _checked(name: str) -> str:
    name = clean(name).lower()
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    labels = name.split(".")
    good = all(label and len(label) <= 63 and label.isascii() and label.replace("-", "a").isalnum() for label in labels)
    if not good or len(name) > 253 or name[0] == "-":
        raise Invalid(f"“{name}” không phải tên máy hay địa chỉ IP. Ví dụ: hoitruong.lan hoặc 192.168.1.10.")
    return name


def _known_authority(
    folder: Path, names: Sequence[str], at: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None:
    """The authority in the folder, if it may vouch for all these names for a while yet."""
    if not (folder / AUTHORITY).exists() or not (folder / AUTHORITY_KEY).exists():
        return None
    authority = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
    allowed = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    if authority.not_valid_after_utc < at + timedelta(days=30) or not {_limit(name) for name in names} <= set(allowed):
        return None
    key = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return authority, key


def _new_authority(
    folder: Path, names: Sequence[str], at: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    own = _named(f"Hoi truong {names[0]} {secrets.token_hex(2)}")
    authority = (
        _builder(own, own, at, at + VALID)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints([_limit(name) for name in names], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(folder / AUTHORITY_KEY, _private(key), 0o600)
    _write(folder / AUTHORITY, _pem(authority), 0o644)
    return authority, key


def _builder(subject: x509.Name, issuer: x509.Name, at: datetime, until: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _AHEAD)
        .not_valid_after(until)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _general(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.IPAddress(address) if address is not None else x509.DNSName(name)


def _limit(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.IPAddress(ip_network(address)) if address is not None else x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all; a key is never readable for others, not even for a moment."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
