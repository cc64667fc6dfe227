"""The fragments of the live screens: the same for the first paint of a page and for each update."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, render_template

from eventmgr import clock
from eventmgr.domain.agenda import Phase, StepState
from eventmgr.domain.items import ItemKind
from eventmgr.domain.releases import Reader
from eventmgr.domain.script import upper_first
from eventmgr.domain.timer import lateness
from eventmgr.services import (
    award_waves,
    conferences,
    desk,
    discussion,
    introductions,
    paper_release,
    presenters,
    programme_versions,
    stage,
    stage_messages,
)
from eventmgr.services.award_waves import WaveView
from eventmgr.services.discussion import DiscussionState
from eventmgr.services.stage import StageState, StageStep
from eventmgr.web.console import cuts_text

# The pieces of each view; the page includes the same ones. An update carries those that changed.
TEMPLATES = {
    "audience": ("hall/_now.html", "hall/_programme.html"),
    "hall": ("hall/_wall.html",),
    "caption": ("hall/_caption.html",),
    "chair": ("stage/_clock.html", "stage/_chair.html", "stage/_talk.html", "stage/_presence.html", "stage/_sent.html", "stage/_to_come.html"),
    "mc": (
        "stage/_clock.html", "stage/_messages.html", "stage/_left.html", "stage/_right.html", "stage/_presence.html", "stage/_times.html",
        "stage/_more.html", "stage/_foot.html",
    ),
    "watch": ("stage/_clock.html", "stage/_messages.html", "stage/_left.html", "stage/_right.html", "stage/_presence.html", "stage/_times.html"),
    "waves": ("stage/_waves.html", "stage/_waves_foot.html"),
    "tray": ("office/_tray.html",),
    "usher": ("office/_tray.html",),
    "awards": ("office/_ceremony.html",),
    "desk": ("office/_desk_groups.html", "office/_desk_recent.html"),
    "overview": ("office/_desk_groups.html", "office/_desk_recent.html"),
}


def init_app(app: Flask) -> None:
    """Give templates the moment of a datetime in milliseconds, for the clocks of the browser, and the cuts of a proposal."""
    app.jinja_env.filters["ms"] = milliseconds
    app.jinja_env.globals["now_ms"] = lambda: milliseconds(clock.now())
    app.jinja_env.filters["cuts"] = cuts_text
    app.jinja_env.filters["capitalize_first"] = upper_first


def fragments(conference_id: int, view: str) -> list[str]:
    """Return the HTML of one view of a conference in its pieces; needs no request."""
    known = values(conference_id, view)
    return [render_template(name, **known) for name in TEMPLATES[view]]


def values(conference_id: int, view: str) -> dict[str, Any]:
    """Return what the fragment of a view is made of. Only the MC's views hold the script and who is in the room.

    The desk names delegates; the overview is the desk without them.
    """
    if view in {"desk", "overview"}:
        return {"desk": desk.desk_of(conferences.get(conference_id), with_people=view == "desk")}
    if view in {"tray", "awards"}:
        return {"view": award_waves.ceremony(conference_id), "slug": conferences.get(conference_id).slug, "now": clock.now()}
    if view == "usher":
        return {"view": award_waves.for_usher(conference_id), "slug": conferences.get(conference_id).slug, "now": clock.now()}
    if view == "waves":
        return {"view": award_waves.for_stage(conference_id), "slug": conferences.get(conference_id).slug, "now": clock.now()}
    common: dict[str, Any] = {"phases": Phase, "states": StepState, "kinds": ItemKind, "lateness": lateness}
    if view not in {"mc", "watch"}:
        common |= {"stage": stage.stage_state(conference_id), "talk": discussion.discussion_state(conference_id)}
        common["wave"] = award_waves.shown_wave(conference_id) if view in {"hall", "caption"} else None
        common["on_wall"] = on_wall(common["stage"], common["talk"], common["wave"])
        common["talk_aside"] = talk_aside(common["stage"])
        if view == "audience":
            common["papers"] = paper_release.shown_papers(conference_id, Reader.PUBLIC, common["stage"].begun)
        if view == "audience" and common["stage"].phase is Phase.NOT_BEGUN:
            common["published"] = programme_versions.published(conference_id)
        if view != "chair":
            return common
        return common | presence(conference_id, common["stage"]) | {"sent": stage_messages.messages(conference_id)}
    state, script = stage.stage_with_script(conference_id)
    people = introductions.introduction_list(conference_id, introduced_until(state))
    common |= presence(conference_id, state) | {"talk": discussion.discussion_state(conference_id)}
    common["on_wall"] = on_wall(state, common["talk"])
    common["messages"] = stage_messages.messages(conference_id)
    return common | {"stage": state, "script": script, "people": people, "runs": view == "mc", "buttons": buttons(state)}


def presence(conference_id: int, state: StageState) -> dict[str, Any]:
    """Return who speaks now and next, and who of the next two is missing; for the stage's staff alone."""
    known = presenters.presenters(conference_id)
    coming = [step.id for step in state.to_come]
    soon = [step for step in (state.now, *state.to_come[: presenters.AHEAD]) if step is not None]
    return {"known": known, "soon": soon, "missing": presenters.missing_soon(known, coming)}


def on_wall(state: StageState, talk: DiscussionState, wave: WaveView | None = None) -> str:
    """Return what the wall shows while a step is on: "wave" for honourees, "talk" for the discussion, else "step".

    A wave is shown while awards are given; a speaker who was called in an earlier step and forgotten there does not
    come back.
    """
    if state.now is None:
        return "step"
    if wave is not None and state.now.kind is ItemKind.AWARDS:
        return "wave"
    begun = state.now.started_at
    called = talk.speaking.called_at if talk.speaking else None
    if called is not None and (begun is None or called >= begun):
        return "talk"
    return "talk" if state.now.kind is ItemKind.DISCUSSION and (talk.is_open or talk.waiting) else "step"


def talk_aside(state: StageState) -> bool:
    """Return whether speaking now would be outside the discussion: then whoever is called takes the screens from the step."""
    return state.now is not None and state.now.kind is not ItemKind.DISCUSSION


def introduced_until(state: StageState) -> datetime | None:
    """Return when the introduction was over; None before."""
    step = introduction_step(state)
    return step.ended_at if step else None


def introduction_step(state: StageState) -> StageStep | None:
    """Return the step in which delegates are introduced."""
    return next((step for step in state.steps if step.kind is ItemKind.INTRODUCTION), None)


def buttons(state: StageState) -> dict[str, Any]:
    """Return which presses are on: `advance` is the large one, each with its verb and words."""
    coming = state.next
    if state.phase is Phase.NOT_BEGUN:
        advance = ("start", f"Bắt đầu {coming.number}") if coming else None
    elif coming is not None:
        advance = ("next", f"Mục tiếp theo: {coming.number}")
    else:
        advance = None
    last = state.now is not None and coming is None
    end = state.now is not None or (state.phase is Phase.PAUSED and coming is None)
    return {
        "advance": advance,
        "pause": _pause(state),
        "end": ("kết thúc hội nghị" if last or state.now is None else f"dừng {state.now.number}") if end else None,
        "back": f"Quay lại {state.last_done.number}" if state.last_done else None,
        "undo": state.undo,
        "last": last,
    }


def _pause(state: StageState) -> tuple[str, str] | None:
    """The verb and the word of the button that stops the running step's clock, or lets it go on."""
    if state.now is None:
        return None
    return ("resume", "Tiếp tục") if state.paused_at else ("pause", "Tạm dừng")


def milliseconds(moment: datetime) -> int:
    """Return a moment as JavaScript counts it."""
    return int(moment.timestamp() * 1000)
