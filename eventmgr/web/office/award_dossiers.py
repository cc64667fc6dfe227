"""Dossiers that came in, and the council's list; registered beside the award lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.dossiers import DossierState, EntryState, FileKind
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.services import award_progress, awards, council, dossier_desk, dossier_files
from eventmgr.web.access import needs
from eventmgr.web.downloads import attachment, file_response, pdf_response
from eventmgr.web.forms import number_or_none
from eventmgr.web.office.imports import XLSX

blueprint = Blueprint("dossiers", __name__, url_prefix="/dossiers")
council_pages = Blueprint("council", __name__, url_prefix="/council")

STATES = [("submitted", "Chờ thẩm định"), ("returned", "Trả lại"), ("checked", "Đã thẩm định"), ("withdrawn", "Đơn vị rút"), ("", "Tất cả")]
PILLS = {"submitted": "doing", "returned": "warn", "checked": "ok", "withdrawn": "idle"}
ENTRY_PILLS = {
    EntryState.PROPOSED: "todo", EntryState.AGREED: "ok", EntryState.DECIDED: "locked", EntryState.REFUSED: "warn",
    EntryState.WITHDRAWN: "idle", EntryState.CANCELLED: "stop",
}  # fmt: skip
FACTS = {
    "created": "Lập hồ sơ", "submitted": "Gửi hồ sơ", "returned": "Trả lại", "checked": "Thẩm định xong", "reopened": "Thẩm định lại",
    "withdrawn": "Rút hồ sơ", "entry_withdrawn": "Đơn vị rút một tên", "agreed": "Thống nhất", "refused": "Không thống nhất",
    "back": "Đưa về đang xét", "decided": "Có Quyết định", "undecided": "Gỡ Quyết định", "cancelled": "Hủy khen thưởng",
    "invited": "Mời dự", "certified": "Bằng đã sẵn sàng", "uncertified": "Bằng chưa sẵn sàng",
}  # fmt: skip


@blueprint.get("")
@needs(Right.SEE_AWARDS)
def index(slug: str) -> ResponseReturnValue:
    state, query = request.args.get("state", "submitted"), request.args.get("q", "")[:200]
    if state not in {name for name, _ in STATES}:
        state = ""
    found = dossier_desk.came(g.conference.id, state, query)
    counts = found.counts | {"": sum(found.counts.values())}
    chips = [(word, url_for("awards.dossiers.index", slug=slug, state=name, q=query or None), name == state, counts[name]) for name, word in STATES]
    return render_template(
        "office/awards_dossiers.html", came=found, q=query, state=state, chips_of_states=chips, state_pill=_state_pill,
    )  # fmt: skip


@blueprint.get("/<int:dossier_id>")
@needs(Right.SEE_AWARDS)
def page(slug: str, dossier_id: int) -> ResponseReturnValue:
    return _page(dossier_id)


@blueprint.get("/<int:dossier_id>/files/<int:file_id>")
@needs(Right.SEE_AWARDS)
def download(slug: str, dossier_id: int, file_id: int) -> ResponseReturnValue:
    held, content, kind = dossier_files.read(g.conference.id, dossier_id, file_id)
    return attachment(content, held.file_name, kind)


@blueprint.post("/<int:dossier_id>/check")
@needs(Right.EDIT_AWARDS)
def check(slug: str, dossier_id: int) -> ResponseReturnValue:
    return _act(dossier_id, lambda: dossier_desk.check(g.conference.id, dossier_id, _version(), g.who.account_id), "Đã ghi: thẩm định xong.")


@blueprint.post("/<int:dossier_id>/return")
@needs(Right.EDIT_AWARDS)
def give_back(slug: str, dossier_id: int) -> ResponseReturnValue:
    words = request.form.get("words", "")
    return _act(dossier_id, lambda: dossier_desk.give_back(g.conference.id, dossier_id, words, _version(), g.who.account_id), "Đã trả lại đơn vị.")


@blueprint.post("/<int:dossier_id>/reopening")
@needs(Right.EDIT_AWARDS)
def reopen(slug: str, dossier_id: int) -> ResponseReturnValue:
    return _act(dossier_id, lambda: dossier_desk.reopen(g.conference.id, dossier_id, _version(), g.who.account_id), "Hồ sơ chờ thẩm định lại.")


@council_pages.get("")
@needs(Right.SEE_AWARDS)
def page_of_council(slug: str) -> ResponseReturnValue:
    return _council()


@council_pages.post("")
@needs(Right.EDIT_AWARDS)
def judge(slug: str) -> ResponseReturnValue:
    chosen, problem, status = [number_or_none(text) for text in request.form.getlist("entry")], None, 422
    if None in chosen:
        raise NotFound()
    ids = [number for number in chosen if number is not None]
    try:
        changed = council.judge(g.conference.id, ids, request.form.get("verb", ""), request.form.get("reason"), g.who.account_id)
    except Invalid as wrong:
        problem = "Ghi lý do không thống nhất; đơn vị đọc được lý do này." if wrong.field == "reason" and not request.form.get("reason", "").strip() else wrong.sentence
    except Conflict as wrong:
        problem, status = wrong.sentence, 409
    else:
        flash(f"Đã ghi ý kiến cho {changed} tên." if changed else "Không có gì thay đổi.", "ok" if changed else "info")
        return redirect(url_for("awards.council.page_of_council", slug=slug))
    return _council(problem, set(ids)), status


@council_pages.post("/place")
@needs(Right.EDIT_AWARDS)
def move(slug: str) -> ResponseReturnValue:
    one, past = (number_or_none(part) for part in (request.form.get("move", "").partition("-")[::2]))
    if one is None or past is None:
        raise NotFound()
    try:
        council.move(g.conference.id, one, past, g.who.account_id)
    except Conflict as problem:
        return _council(problem.sentence), 409
    return redirect(url_for("awards.council.page_of_council", slug=slug, _anchor=f"entry-row-{one}"))


@council_pages.get("/list.pdf")
@needs(Right.SEE_AWARDS)
def pdf(slug: str) -> ResponseReturnValue:
    return pdf_response(council.council_pdf(g.conference.id), "danh-sach-xet-khen-thuong.pdf")


@council_pages.post("/list.xlsx")
@needs(Right.SEE_AWARDS)
def workbook(slug: str) -> ResponseReturnValue:
    name, content = council.council_file(g.conference.id, g.who.account_id)
    return file_response(content, name, XLSX, download=True)


def _version() -> int:
    return number_or_none(request.form.get("version")) or 0


def _act(dossier_id: int, act: Callable[[], Any], word: str) -> ResponseReturnValue:
    dossier_desk.opened(g.conference.id, dossier_id)
    try:
        act()
    except Invalid as problem:
        told = problem.sentence if request.form.get("words", "").strip() else "Ghi một câu để đơn vị biết cần sửa gì."
        return _page(dossier_id, told), 422
    except Conflict as problem:
        return _page(dossier_id, problem.sentence), 409
    flash(word, "ok")
    return redirect(url_for("awards.dossiers.page", slug=g.conference.slug, dossier_id=dossier_id))


def _page(dossier_id: int, problem: str | None = None) -> str:
    opened = dossier_desk.opened(g.conference.id, dossier_id)
    decided = any(one.state in {"decided", "cancelled"} for one in opened.entries)
    return render_template(
        "office/awards_dossier.html", d=opened, steps=award_progress.progress_of(g.conference.id) if decided else {}, called=awards.called, problem=problem,
        words=request.form.get("words", ""), days_left=dossier_desk.days_left(g.conference.id), fact_words=FACTS, entry_pill=_entry_pill,
        state_pill=_state_pill, file_word=lambda kind: FileKind(kind).label,
    )  # fmt: skip


def _council(problem: str | None = None, chosen: set[int] | None = None) -> str:
    return render_template(
        "office/awards_council.html", parts=council.council(g.conference.id), called=awards.called, problem=problem, chosen=chosen or set(),
        reason=request.form.get("reason", ""), days_left=dossier_desk.days_left(g.conference.id), entry_pill=_entry_pill,
    )  # fmt: skip


def _state_pill(state: str) -> tuple[str, str]:
    return PILLS[state], DossierState(state).label


def _entry_pill(state: str) -> tuple[str, str]:
    return ENTRY_PILLS[EntryState(state)], EntryState(state).label
