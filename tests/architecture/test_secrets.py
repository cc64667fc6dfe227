"""No secret is compared letter by letter: each is looked up by its digest, or compared in constant time by a library."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_wtf.csrf
import itsdangerous.signer
import pytest

ROOT = Path(__file__).parents[2] / "eventmgr"
SECRET = re.compile(r"(^|_)(tokens?|secrets?|passwords?|digest|codes?|otp|totp|csrf|signature|h?mac|seed)$")

# Each kind of secret and the one expression that decides whether what somebody sent is it.
BY_DIGEST = {
    "session of staff": ("services/accounts.py", "SignIn.token_digest == _digest(token)"),
    "pass of an invitee": ("services/replies.py", "Pass.digest == passes.digest(code)"),
    "pass at the door": ("services/door_facts.py", "p.digest == sa.bindparam('digest')"),
    "link of a body": ("services/body_links.py", "Body.link_digest == body_links.digest(code)"),
    "pairing code of a gate": ("services/phones.py", "Phone.pair_digest == _digest('pair', code.strip().upper())"),
    "token of a phone": ("services/phones.py", "_p.token_digest == sa.bindparam('digest')"),
    "token of a phone that signs off": ("services/phones.py", "Phone.token_digest == _digest('token', token)"),
    "recovery code": ("services/second_factor.py", "RecoveryCode.digest == _digest(typed)"),
}
IN_CONSTANT_TIME = {
    "code of the second factor": ("services/second_factor.py", "hmac.compare_digest(totp.generate_otp(step), code)"),
    "password": ("services/passwords.py", "_hasher.verify(stored, password)"),
    "password of a backup": ("documents/sealed.py", "AESGCM(_key(password, salt, log2_n, r, p))"),
    "mark of a known browser": ("web/known_browsers.py", "_signer().loads(request.cookies.get(COOKIE, ''), max_age=KEPT)"),
}
IN_LIBRARIES: dict[str, Callable[..., Any]] = {
    "form token": flask_wtf.csrf.validate_csrf,
    "cookie of a session, mark of a known browser": itsdangerous.signer.SigningAlgorithm.verify_signature,
}
# Metrics have no secret (this machine only), downloads neither (their page's own guard), nor has the event pack (see backups).

# What sounds like a secret and is none.
HARMLESS = {
    "code != _tidy(code)": "what was typed with itself, tidied",
    "passes.read(code) != code": "what was typed with itself, tidied",
    "one.digest == upload.sha256": "whether a file is there already",
    "Import.signature == task.signature": "the columns of a list",
    "stored.digest != digest": "whether a plan has changed",
    "row.personal != chain.personal_digest(row.salt, row.actor, row.sentence, row.details)": "the journal proves itself",
    "code in PAGES": "an HTTP status",
    "code == 302": "an HTTP status",
}
STATUS = re.compile(r"(response\.status_)?code (==|!=|in|not in) [{\d]")


def compared(source: str) -> list[str]:
    """The comparisons of a source that name a secret."""
    kinds = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], kinds) and any(SECRET.search(_name(side)) for side in (node.left, *node.comparators))
    ]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_nothing_else_compares_a_secret() -> None:
    known = {expression for _, expression in BY_DIGEST.values()} | set(HARMLESS)
    found = {(str(file.relative_to(ROOT)), one) for file in ROOT.rglob("*.py") for one in compared(file.read_text())}
    assert {(file, one) for file, one in found if one not in known and not STATUS.match(one)} == set()
    assert known - {one for _, one in found} == set(), "what is no longer in the code"


@pytest.mark.parametrize("kind", [*BY_DIGEST, *IN_CONSTANT_TIME])
def test_each_kind_of_secret_is_compared_in_its_way(kind: str) -> None:
    file, expression = (BY_DIGEST | IN_CONSTANT_TIME)[kind]
    wanted = ast.dump(ast.parse(expression, mode="eval").body)
    assert wanted in ast.dump(ast.parse((ROOT / file).read_text()))


@pytest.mark.parametrize("kind", IN_LIBRARIES)
def test_libraries_compare_in_constant_time(kind: str) -> None:
    assert re.search(r"\b(hmac\.compare_digest|constant_time_compare)\(", inspect.getsource(IN_LIBRARIES[kind])), kind


def test_a_careless_comparison_is_seen() -> None:
    careless = "if given == phone.token: ...\nif body.code != code: ...\nif code in known: ...\nif stored_password() == typed: ...\nif title == name: ..."
    assert compared(careless) == ["given == phone.token", "body.code != code", "code in known", "stored_password() == typed"]
