"""The MC's console and the chair's view."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.agenda import StepState
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import introductions as people
from eventmgr.services import stage
from eventmgr.web import screens
from eventmgr.web.access import may, needs, open_to_all
from eventmgr.web.console import press_of, this_console

blueprint = Blueprint("stage", __name__, url_prefix="/stage/<slug>")

QUESTIONS = {
    "start": ("Bắt đầu chương trình?", "Bắt đầu"),
    "next": ("Chuyển sang phần tiếp theo?", "Chuyển"),
    "skip": ("Bỏ qua phần tiếp theo?", "Bỏ qua"),
    "back": ("Quay lại phần vừa xong?", "Quay lại"),
    "end": ("Dừng phần này?", "Dừng"),
    "undo": ("Hoàn tác thao tác vừa rồi?", "Hoàn tác"),
    "take": ("Nhận điều khiển chương trình trên máy này?", "Nhận điều khiển"),
}


@blueprint.get("/")
@needs(Right.SEE_STAGE)
def console(slug: str) -> ResponseReturnValue:
    return _console()


@blueprint.get("/moves/new")
@needs(Right.RUN_STAGE)
def ask(slug: str) -> ResponseReturnValue:
    """The confirm step for whoever cannot hold a button."""
    verb = request.args.get("verb", "")
    if verb not in QUESTIONS:
        raise Invalid("Thao tác này không có.")
    state = stage.stage_state(g.conference.id)
    question, word = QUESTIONS[verb]
    if verb == "end" and state.next is None:
        question, word = "Kết thúc hội nghị?", "Kết thúc"
    step = {"start": state.next, "next": state.next, "skip": state.next, "back": state.last_done, "end": state.now}.get(verb)
    seen = _whole(request.args.get("seen"))
    return render_template(
        "stage/ask.html", verb=verb, question=question, word=word, step=step, holder=state.holder, press_key=_new_key(),
        seen=state.version if seen is None else seen,
    )


@blueprint.post("/moves")
@needs(Right.RUN_STAGE)
def move(slug: str) -> ResponseReturnValue:
    form = request.form
    key, seen = form.get("press_key", ""), _whole(form.get("seen"))
    if seen is None or not re.fullmatch(r"[A-Za-z0-9_-]{8,40}", key):
        raise Invalid("Thao tác thiếu mã; mở lại trang rồi bấm lại.")
    try:
        done = stage.press(
            g.conference.id, form.get("verb", ""), key, seen, _step(form.get("step")), more=press_of(form),
            by=g.who.account_id, actor=g.who.display_name,
        )
    except (Conflict, Invalid) as problem:
        if _wants_json():
            raise
        return _console(problem.sentence), 409 if isinstance(problem, Conflict) else 422
    if _wants_json():
        return {"version": done.version, "sentence": done.sentence}
    return redirect(url_for("stage.console", slug=slug))


@blueprint.get("/introductions")
@needs(Right.SEE_STAGE)
def introduction_page(slug: str) -> ResponseReturnValue:
    state = stage.stage_state(g.conference.id)
    listed = people.introduction_list(g.conference.id, screens.introduced_until(state))
    return render_template(
        "stage/introductions.html", people=listed, runs=may(Right.RUN_STAGE), ranks=people.rank_choices(g.conference.id),
        named_until=people.named_until(g.conference.id),
    )


@blueprint.post("/introductions")
@needs(Right.RUN_STAGE)
def introductions(slug: str) -> ResponseReturnValue:
    if "named_until" in request.form:
        people.set_named_until(
            g.conference.id, _whole(request.form["named_until"]) or 0, by=g.who.account_id, actor=g.who.display_name
        )
        return redirect(url_for("stage.introduction_page", slug=slug))
    if group := request.form.get("group_read") or request.form.get("group_unread"):
        ids = [one for part in group.split(",") if (one := _whole(part)) is not None]
        whole = "group_read" in request.form
        people.set_group_read(g.conference.id, ids, whole, by=g.who.account_id, actor=g.who.display_name)
        return _ticked(slug, {"read": whole, "group": len(ids)})
    read = "read" in request.form
    delegate_id = _whole(request.form.get("read" if read else "unread"))
    if delegate_id is None:
        raise Invalid("Chọn một đại biểu trong danh sách.")
    people.set_read(g.conference.id, delegate_id, read, by=g.who.account_id, actor=g.who.display_name)
    return _ticked(slug, {"read": read, "delegate": delegate_id})


def _ticked(slug: str, answer: dict[str, object]) -> ResponseReturnValue:
    if _wants_json():
        return answer
    page = "stage.introduction_page" if request.form.get("back") == "list" else "stage.console"
    return redirect(url_for(page, slug=slug))


@blueprint.get("/script")
@needs(Right.SEE_STAGE)
def script(slug: str) -> ResponseReturnValue:
    state, told = stage.whole_script(g.conference.id)
    return render_template("stage/script.html", stage=state, told=told, states=StepState)


@blueprint.get("/worker.js")
@open_to_all
def worker(slug: str) -> ResponseReturnValue:
    """The service worker; its place in the address is its reach: the stage of this conference."""
    text = Path(current_app.static_folder or "static") / "stage-worker.js"
    return Response(text.read_bytes(), mimetype="text/javascript")


@blueprint.get("/chair")
@needs(Right.SEE_STAGE)
def chair(slug: str) -> ResponseReturnValue:
    shown = screens.values(g.conference.id, "chair")
    return render_template("stage/chair.html", directs=may(Right.DIRECT_STAGE), message_key=_new_key(), **shown)


def _console(problem: str | None = None) -> str:
    runs = may(Right.RUN_STAGE)
    shown = screens.values(g.conference.id, "mc" if runs else "watch")
    return render_template(
        "stage/console.html", press_key=_new_key(), problem=problem, typed=request.form, mine=this_console().id if runs else "", **shown
    )


def _new_key() -> str:
    return secrets.token_hex(16)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _step(text: str | None) -> int | None:
    """The number of a step; one that was inserted on the spot is below zero."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,9}", text) else None


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None
