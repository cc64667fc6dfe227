"""The certificates of a decided list: which lie ready, who said so, and what was done for each name; registered beside the lists."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.services import award_progress, awards, certificates_print
from eventmgr.web.access import needs
from eventmgr.web.forms import number_or_none

blueprint = Blueprint("certificates", __name__, url_prefix="/<int:form_id>/certificates")


@blueprint.get("")
@needs(Right.SEE_AWARDS)
def page(slug: str, form_id: int) -> ResponseReturnValue:
    return _page(form_id)


@blueprint.post("")
@needs(Right.EDIT_AWARDS)
def mark(slug: str, form_id: int) -> ResponseReturnValue:
    listed = awards.award_list(g.conference.id, form_id)
    verb, _, only = request.form.get("verb", "").partition("-")  # "ready" for those chosen, "ready-12" for one
    if verb not in {"ready", "unready", "all"}:
        raise Invalid("Chọn thao tác trong trang.")
    if verb == "all":
        asked: list[int | None] = [one.id for one in (*listed.collectives, *listed.individuals)]
    else:
        asked = [number_or_none(text) for text in ([only] if only else request.form.getlist("one"))]
    if None in asked:
        raise NotFound()
    ids = [one for one in asked if one is not None]
    try:
        changed = award_progress.mark_certificates(g.conference.id, form_id, ids, verb != "unready", g.who.account_id)
    except (Invalid, Conflict) as problem:
        return _page(form_id, problem.sentence, frozenset(ids)), 422 if isinstance(problem, Invalid) else 409
    word = "Đã bỏ ghi" if verb == "unready" else "Đã ghi sẵn sàng"
    flash(f"{word}: {len(changed)} Bằng." if changed else "Không có gì thay đổi.", "ok" if changed else "info")
    undo = ",".join(str(one) for one in changed) if len(changed) <= 200 else None
    back = url_for("awards.certificates.page", slug=slug, form_id=form_id, state=request.form.get("state") or None, undo=undo or None, was=verb if undo else None)
    return redirect(back)


def _page(form_id: int, problem: str | None = None, chosen: frozenset[int] = frozenset()) -> str:
    listed = awards.award_list(g.conference.id, form_id)
    steps = award_progress.progress_of(g.conference.id, form_id)
    everyone = [*listed.collectives, *listed.individuals]
    ready = [one for one in everyone if steps[one.id].certificate]
    state = request.values.get("state", "")
    shown = {"ready": ready, "unready": [one for one in everyone if not steps[one.id].certificate]}.get(state, everyone)
    counts = {"": len(everyone), "unready": len(everyone) - len(ready), "ready": len(ready)}
    words = {"": "Tất cả", "unready": "Chưa sẵn sàng", "ready": "Đã sẵn sàng"}
    chips = [
        (word, url_for("awards.certificates.page", slug=g.conference.slug, form_id=form_id, state=name or None), name == (state if state in words else ""), counts[name])
        for name, word in words.items()
    ]
    return render_template(
        "office/awards_certificates.html", listed=listed, award=listed.form, called=awards.called, steps=steps, counts=counts, problem=problem,
        parts=tuple((kind, [one for one in shown if one.kind == kind]) for kind in RecipientKind), chips_of_states=chips, state=state, chosen=chosen,
        wide=certificates_print.unfitting(g.conference.id, form_id) if everyone else [],
        undo=_undo(frozenset(one.id for one in everyone)),
    )  # fmt: skip


def _undo(known: frozenset[int]) -> tuple[str, list[int]] | None:
    """The press that takes the last one back: its verb, and whom it is about."""
    was = request.args.get("was", "")
    ids = [number for text in request.args.get("undo", "").split(",") if (number := number_or_none(text)) in known]
    return ({"unready": "ready"}.get(was, "unready"), [one for one in ids if one is not None]) if ids and was else None
