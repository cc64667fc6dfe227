"""A body's dossiers for awards on its own page, without account: draft, entries, files, hand in. The code is the key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField

from eventmgr.domain import body_links as codes
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.dossiers import LARGEST, MOST_FILES, DossierState, EntryFacts, FileKind
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.names import AddressForm
from eventmgr.services import awards, body_links, dossier_files, dossier_import, dossier_lists, dossiers
from eventmgr.services.dossiers import DossierFacts, OwnPage
from eventmgr.web.access import holds_body_link, holds_pass
from eventmgr.web.downloads import attachment, file_response
from eventmgr.web.forms import DayField, attempt, number_or_none, options, text_field, version_of
from eventmgr.web.office.imports import XLSX

blueprint = Blueprint("body_dossiers", __name__, url_prefix="/b/<code>/dossiers")

ADDRESS = options(("", "Không ghi"), *((form.value, form.label) for form in AddressForm))
KINDS = options(*((kind.value, kind.label) for kind in RecipientKind))
FILE_KINDS = [(kind.value, kind.label) for kind in FileKind]


class FactsForm(FlaskForm):
    number = text_field("Số Tờ trình", 60)
    dated_on = DayField("Ngày của Tờ trình")
    words = text_field("Lời kèm theo", 500, area=True)
    version = HiddenField()

    def facts(self) -> DossierFacts:
        """Return what was typed."""
        return DossierFacts(self.number.data, self.dated_on.data, self.words.data)


class EntryForm(FlaskForm):
    form_id = RadioField("Hình thức đề nghị", validate_choice=False)
    kind = RadioField("Tập thể hay cá nhân", choices=KINDS, default=RecipientKind.INDIVIDUAL.value, validate_choice=False)
    printed_name = text_field("Tên in trên bằng", 300, needed=True, area=True)
    address_form = SelectField("Xưng hô (cá nhân)", choices=ADDRESS, default="", validate_choice=False)
    post = text_field("Chức vụ, đơn vị công tác (cá nhân)", 300, area=True)
    leader_name = text_field("Người đứng đầu, đại diện lên nhận (tập thể)", 120)
    leader_form = SelectField("Xưng hô người đứng đầu", choices=ADDRESS, default="", validate_choice=False)
    leader_post = text_field("Chức vụ người đứng đầu", 300)
    achievement = text_field("Tóm tắt thành tích", 1000, area=True)
    version = HiddenField()

    def facts(self) -> EntryFacts:
        """Return what was typed."""
        return EntryFacts(
            number_or_none(self.form_id.data) or 0, self.kind.data or "", self.printed_name.data, self.post.data, self.address_form.data or None,
            self.achievement.data, self.leader_form.data or None, self.leader_name.data, self.leader_post.data,
        )  # fmt: skip


@blueprint.get("")
@holds_pass
def index(code: str) -> ResponseReturnValue:
    return render_template("body/dossiers.html", p=_shown(code), code=code, form=FactsForm(formdata=None), called=awards.called)


@blueprint.post("")
@holds_pass
def create(code: str) -> ResponseReturnValue:
    shown, form = _shown(code), FactsForm()
    status, made = attempt(form, lambda: dossiers.create(code, form.facts()))
    if made is not None:
        return redirect(url_for("body_dossiers.page", code=code, dossier_id=made.id))
    return render_template("body/dossiers.html", p=shown, code=code, form=form, called=awards.called), status


@blueprint.get("/list.xlsx")
@holds_pass
def sample(code: str) -> ResponseReturnValue:
    _shown(code)
    name, content = dossier_import.sample_file()
    return file_response(content, name, XLSX, download=True)


@blueprint.get("/<int:dossier_id>")
@holds_pass
def page(code: str, dossier_id: int) -> ResponseReturnValue:
    return _page(code, dossier_id)


@blueprint.post("/<int:dossier_id>/facts")
@holds_pass
def facts(code: str, dossier_id: int) -> ResponseReturnValue:
    _shown(code).dossier(dossier_id)
    form = FactsForm()
    status, _ = attempt(form, lambda: dossiers.edit_facts(code, dossier_id, form.facts(), version_of(form) or 0))
    if status == 302:
        flash("Đã lưu.", "ok")
        return redirect(url_for("body_dossiers.page", code=code, dossier_id=dossier_id))
    if status == 409:
        form.version.data = str(_shown(code).dossier(dossier_id).dossier.version)
    return _page(code, dossier_id, form), status


@blueprint.route("/<int:dossier_id>/entries/new", methods=["GET", "POST"])
@holds_pass
def new_entry(code: str, dossier_id: int) -> ResponseReturnValue:
    shown = _shown(code)
    shown.dossier(dossier_id)
    asked = request.args.get("kind", "")
    form = EntryForm(kind=asked if asked in set(RecipientKind) else RecipientKind.INDIVIDUAL.value)

    def send() -> Any:
        return dossiers.add_entry(code, dossier_id, form.facts())

    return _entry(shown, code, dossier_id, form, send, "Thêm vào hồ sơ")


@blueprint.route("/<int:dossier_id>/entries/<int:entry_id>", methods=["GET", "POST"])
@holds_pass
def entry(code: str, dossier_id: int, entry_id: int) -> ResponseReturnValue:
    shown = _shown(code)
    held = shown.dossier(dossier_id)
    known = held.entry(entry_id)
    form = EntryForm(obj=known, version=str(held.dossier.version)) if request.method == "GET" else EntryForm()

    def send() -> Any:
        return dossiers.edit_entry(code, dossier_id, entry_id, form.facts(), version_of(form) or 0)

    return _entry(shown, code, dossier_id, form, send, "Sửa tên trong hồ sơ")


@blueprint.post("/<int:dossier_id>/entries/<int:entry_id>/removal")
@holds_pass
def remove_entry(code: str, dossier_id: int, entry_id: int) -> ResponseReturnValue:
    _shown(code).dossier(dossier_id).entry(entry_id)
    return _done(code, dossier_id, lambda: dossiers.remove_entry(code, dossier_id, entry_id, _version()), "Đã bỏ khỏi hồ sơ.")


@blueprint.post("/<int:dossier_id>/files")
@holds_body_link
def add_file(code: str, dossier_id: int) -> ResponseReturnValue:
    _shown(code).dossier(dossier_id)
    name, data = _sent_file()
    try:
        dossiers.add_file(code, dossier_id, request.form.get("kind", ""), name, data)
    except (Invalid, Conflict) as problem:
        return _page(code, dossier_id, file_problem=problem.sentence), 422 if isinstance(problem, Invalid) else 409
    flash("Đã nhận tệp.", "ok")
    return redirect(url_for("body_dossiers.page", code=code, dossier_id=dossier_id, _anchor="files"))


@blueprint.get("/<int:dossier_id>/files/<int:file_id>")
@holds_pass
def download(code: str, dossier_id: int, file_id: int) -> ResponseReturnValue:
    if code != _tidy(code):
        abort(404, body_links.UNKNOWN)
    held, content, kind = dossier_files.read_own(code, dossier_id, file_id)
    return attachment(content, held.file_name, kind)


@blueprint.post("/<int:dossier_id>/files/<int:file_id>/removal")
@holds_pass
def remove_file(code: str, dossier_id: int, file_id: int) -> ResponseReturnValue:
    _shown(code).dossier(dossier_id)
    return _done(code, dossier_id, lambda: dossiers.remove_file(code, dossier_id, file_id), "Đã xóa tệp.")


@blueprint.post("/<int:dossier_id>/list")
@holds_body_link
def import_list(code: str, dossier_id: int) -> ResponseReturnValue:
    shown = _shown(code)
    shown.dossier(dossier_id)
    name, data = _sent_file()
    try:
        list_id = dossier_import.receive(code, dossier_id, name, data, number_or_none(request.form.get("form_id")))
    except (Invalid, Conflict) as problem:
        return _page(code, dossier_id, list_problem=problem.sentence), 422 if isinstance(problem, Invalid) else 409
    return redirect(url_for("body_lists.page", code=code, dossier_id=dossier_id, list_id=list_id))


@blueprint.post("/<int:dossier_id>/submission")
@holds_pass
def submit(code: str, dossier_id: int) -> ResponseReturnValue:
    _shown(code).dossier(dossier_id)
    return _done(code, dossier_id, lambda: dossiers.submit(code, dossier_id, _version()), "Đã gửi hồ sơ.")


@blueprint.post("/<int:dossier_id>/withdrawal")
@holds_pass
def withdraw(code: str, dossier_id: int) -> ResponseReturnValue:
    _shown(code).dossier(dossier_id)
    return _done(code, dossier_id, lambda: dossiers.withdraw(code, dossier_id, request.form.get("reason"), _version()), "Đã rút hồ sơ.")


def _sent_file() -> tuple[str, bytes]:
    sent = request.files.get("file")
    if sent is None:
        return "", b""
    with sent.stream:  # a large one lies on the disk until it is closed
        return sent.filename or "", sent.stream.read()


def _tidy(code: str) -> str:
    return codes.read(code) or code


def _version() -> int:
    return number_or_none(request.form.get("version")) or 0


def _shown(code: str) -> OwnPage:
    if code != _tidy(code):
        abort(404, body_links.UNKNOWN)
    shown = dossiers.page_of(code)
    g.conference = shown.conference
    return shown


def _page(code: str, dossier_id: int, form: FactsForm | None = None, file_problem: str | None = None, list_problem: str | None = None) -> str:
    shown = _shown(code)
    held = shown.dossier(dossier_id)
    one = held.dossier
    form = form or FactsForm(formdata=None, number=one.number, dated_on=one.dated_on, words=one.words, version=str(one.version))
    return render_template(
        "body/dossier.html", p=shown, d=held, code=code, form=form, called=awards.called, file_kinds=FILE_KINDS, file_problem=file_problem,
        list_problem=list_problem, lists=dossier_lists.lists_of(one), most_files=MOST_FILES, largest=LARGEST // 1024 // 1024, is_open=held.state.is_open and not shown.has_ended,
        can_withdraw=held.state in {DossierState.DRAFT, DossierState.SUBMITTED, DossierState.RETURNED} and not shown.has_ended,
        words=_entry_words, kind_word=lambda kind: FileKind(kind).label,
    )  # fmt: skip


def _entry_words(state: str) -> tuple[str, str]:
    """What a body reads about an entry: what the council thinks stays inside until there is a decision."""
    return {
        "decided": ("ok", "Được khen thưởng"), "refused": ("warn", "Không thống nhất"), "withdrawn": ("idle", "Đã rút"),
        "cancelled": ("stop", "Đã hủy"),
    }.get(state, ("doing", "Đang xét"))  # fmt: skip


def _entry(shown: OwnPage, code: str, dossier_id: int, form: EntryForm, send: Callable[[], Any], title: str) -> ResponseReturnValue:
    form.form_id.choices = options(*((one.id, awards.called(one)) for one in shown.forms))
    status = 200
    if request.method == "POST":
        status, _ = attempt(form, send)
        if status == 302:
            flash(f"Đã ghi {form.printed_name.data}.", "ok")
            if "again" in request.form:
                return redirect(url_for("body_dossiers.new_entry", code=code, dossier_id=dossier_id, kind=form.kind.data))
            return redirect(url_for("body_dossiers.page", code=code, dossier_id=dossier_id, _anchor="entries"))
        if status == 409:
            shown = _shown(code)
            form.version.data = str(shown.dossier(dossier_id).dossier.version)
    held = shown.dossier(dossier_id)
    return render_template(
        "body/dossier_entry.html", p=shown, d=held, code=code, form=form, title=title, is_open=held.state.is_open and not shown.has_ended,
    ), status


def _done(code: str, dossier_id: int, act: Callable[[], Any], word: str) -> ResponseReturnValue:
    try:
        act()
    except (Conflict, Invalid) as problem:
        flash(problem.sentence, "stop")
    else:
        flash(word, "ok")
    return redirect(url_for("body_dossiers.page", code=code, dossier_id=dossier_id))
