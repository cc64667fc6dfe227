"""Presses around awards as pages send them: one button names verb and honouree, the page says what it has seen."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from eventmgr.domain.ceremony import Verb
from eventmgr.domain.errors import Invalid
from eventmgr.services import ceremony
from eventmgr.services.ceremony import Press, Pressed
from eventmgr.web.forms import number_or_none


def new_key() -> str:
    """Return the name of a press that has not been made yet."""
    return secrets.token_hex(16)


def press_of_form() -> Press:
    """Return the press that the form describes: `act` is "verb" or "verb-number"; raises Invalid."""
    form = request.form
    verb, _, number = form.get("act", "").partition("-")
    seen, key = number_or_none(form.get("seen")), form.get("press_key", "")
    if seen is None or not re.fullmatch(r"[A-Za-z0-9_-]{8,40}", key):
        raise Invalid("Thao tác thiếu mã; mở lại trang rồi bấm lại.")
    about = number_or_none(number)
    return Press(
        verb, key, seen, None if verb == Verb.UNDO else about, about if verb == Verb.UNDO else None, form.get("address_form", ""),
        form.get("name", ""), form.get("post", ""), form.get("note", ""),
    )  # fmt: skip


def press(wanted: Press, allowed: Collection[Verb] | None = None) -> Pressed:
    """Make the press for the signed-in person."""
    return ceremony.press(g.conference.id, wanted, g.who.account_id, g.who.display_name, allowed)


def answer(done: Pressed, back: str) -> ResponseReturnValue:
    """Answer a script with what was done, a page with the way back."""
    if request.accept_mimetypes.best == "application/json":
        return {"version": done.version, "sentence": done.sentence}
    return redirect(back)
