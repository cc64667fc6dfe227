"""What the letters say, block by block, with a letter to a real person beside it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.wording import Block, Field
from eventmgr.services import groups, wording
from eventmgr.web.access import needs
from eventmgr.web.forms import chosen_row

blueprint = Blueprint("wording", __name__, url_prefix="/office/<slug>/wording")


@blueprint.get("")
@needs(Right.EDIT_CONFERENCE)
def page(slug: str) -> ResponseReturnValue:
    return _page(wording.level(g.conference, chosen_row(request.args, "group")))


@blueprint.post("")
@needs(Right.EDIT_CONFERENCE)
def save(slug: str) -> ResponseReturnValue:
    group_id, typed = chosen_row(request.form, "group"), _typed()
    level = wording.level(g.conference, group_id)
    if request.form.get("do") == "preview":
        return _page(level, typed)
    errors = {block: found for block, text in typed.items() if (found := wording.problems_of(block, text))}
    if errors:
        return _page(level, typed, errors), 422
    try:
        changed = wording.save(
            g.conference.id, group_id, typed, g.who.account_id, request.form.get("seen", ""),
            confirmed=request.form.get("confirmed") == "1",
        )
    except Invalid as problem:
        return _page(level, typed, {Block(problem.field or ""): [problem.sentence]}, asked=True), 422
    except Conflict as problem:
        return _page(wording.level(g.conference, group_id), typed, conflict=problem.sentence), 409
    flash("Đã lưu lời giấy mời." if changed else "Lời giấy mời không có gì thay đổi.", "ok")
    return redirect(url_for("wording.page", slug=slug, group=group_id, person=request.form.get("person") or None))


@blueprint.post("/preview")
@needs(Right.EDIT_CONFERENCE)
def preview(slug: str) -> ResponseReturnValue:
    draft = wording.draft(g.conference, chosen_row(request.form, "group"), _typed(), chosen_row(request.form, "person"))
    return {"html": render_template("office/_wording_preview.html", draft=draft, preview=draft.preview)}


@blueprint.post("/resets")
@needs(Right.EDIT_CONFERENCE)
def reset(slug: str) -> ResponseReturnValue:
    group_id, name = chosen_row(request.form, "group"), request.form.get("block", "")
    if name and name not in {block.value for block in Block}:
        raise NotFound()
    gone = wording.reset(g.conference.id, group_id, Block(name) if name else None, g.who.account_id)
    flash("Đã trả về lời mẫu." if gone else "Đoạn này đang là lời mẫu.", "ok")
    return redirect(url_for("wording.page", slug=slug, group=group_id))


def _typed() -> dict[Block, str]:
    """What stands in the fields; one that the form does not bring stays out."""
    return {block: request.form[block.value] for block in Block if block.value in request.form}


def _page(
    level: wording.Level,
    typed: dict[Block, str] | None = None,
    errors: dict[Block, list[str]] | None = None,
    asked: bool = False,
    conflict: str | None = None,
) -> str:
    group_id = level.group.id if level.group else None
    people = wording.people(g.conference.id, group_id)
    person = chosen_row(request.values, "person") or (people[0].id if people else None)
    texts: dict[Block, Any] = {block: (typed or {}).get(block, level.words[block]) for block in Block}
    draft = wording.draft(g.conference, group_id, texts, person)
    return render_template(
        "office/wording.html", level=level, group_id=group_id, groups=groups.list_groups(g.conference.id), texts=texts,
        errors=errors or {}, asked=asked, conflict=conflict, blocks=list(Block), fields=list(Field), people=people,
        person=person, draft=draft, preview=draft.preview,
    )
