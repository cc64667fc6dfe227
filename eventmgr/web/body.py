"""A body's page without account: its places and people, what it sends, what the office says. The code is the key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField

from eventmgr.domain import body_links as codes
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.names import AddressForm
from eventmgr.domain.nominations import PersonFacts
from eventmgr.domain.releases import Reader
from eventmgr.services import body_links, body_pages, nominating, nominations, paper_release
from eventmgr.services.body_pages import BodyPage, Place
from eventmgr.web.access import holds_pass
from eventmgr.web.forms import LinesField, attempt, chosen_row, number_or_none, options, put_problem, text_field

blueprint = Blueprint("body", __name__)

ADDRESS = options(*((form.value, form.label) for form in AddressForm))


class PersonForm(FlaskForm):
    address_form = SelectField("Cách xưng hô", choices=ADDRESS, validate_choice=False)
    full_name = text_field("Họ và tên", 120, needed=True)
    posts = LinesField("Chức vụ")
    phone = text_field("Điện thoại", 60)
    email = text_field("Thư điện tử", 254)
    words = text_field("Ghi chú cho Văn phòng", 500, area=True)
    is_other = BooleanField("Người khác cùng họ tên")
    mark = HiddenField()
    version = HiddenField()

    def facts(self) -> PersonFacts:
        """Return what was typed."""
        return PersonFacts(
            self.full_name.data, tuple(self.posts.data or ()), self.address_form.data, self.phone.data, self.email.data,
            self.words.data, bool(self.is_other.data),
        )  # fmt: skip


class AbsenceForm(FlaskForm):
    reason = text_field("Lý do", 500, needed=True, area=True)
    mark = HiddenField()


class NoteForm(FlaskForm):
    words = text_field("Lời nhắn", 500, needed=True, area=True)


@blueprint.get("/B/<code>")
@holds_pass
def capital(code: str) -> ResponseReturnValue:
    return redirect(url_for("body.page", code=_tidy(code)), 308)


@blueprint.get("/b/<code>")
@holds_pass
def page(code: str) -> ResponseReturnValue:
    if code != _tidy(code):
        return redirect(url_for("body.page", code=_tidy(code)))
    return _page(code)


@blueprint.post("/b/<code>/opened")
@holds_pass
def opened(code: str) -> ResponseReturnValue:
    body_links.note_opened(body_links.body_of(code)[0].id)
    return "", 204


@blueprint.route("/b/<code>/people", methods=["GET", "POST"])
@holds_pass
def people(code: str) -> ResponseReturnValue:
    shown = _shown(code)
    form = PersonForm()
    if request.method == "GET" and shown.group:
        form.address_form.data = shown.group.address_form
    return _person(shown, code, form, lambda: nominations.name_person(code, form.facts()), "Cử thêm người", "Đã gửi Văn phòng.")


@blueprint.route("/b/<code>/places/<int:delegate_id>/person", methods=["GET", "POST"])
@holds_pass
def person(code: str, delegate_id: int) -> ResponseReturnValue:
    shown = _shown(code)
    place = shown.place(delegate_id)
    form = PersonForm()
    if request.method == "GET":
        form.address_form.data, form.mark.data = place.delegate.address_form, place.mark
        if not place.delegate.full_name and place.letter is None:
            form.posts.data = place.delegate.posts

    def send() -> Any:
        return nominations.name_for_place(code, delegate_id, form.facts(), form.mark.data or "")

    word = "Cử người khác" if place.delegate.full_name else "Ghi họ tên người dự"
    return _person(shown, code, form, send, word, "Đã gửi Văn phòng.", place)


@blueprint.route("/b/<code>/companions", methods=["GET", "POST"])
@holds_pass
def companions(code: str) -> ResponseReturnValue:
    shown = _shown(code)
    delegate_id, parent_id = chosen_row(request.values, "of"), chosen_row(request.values, "with")
    place = shown.place(delegate_id) if delegate_id is not None else None
    parent = shown.nomination(parent_id) if parent_id is not None and place is None else None
    if place is None and parent is None:
        raise Invalid("Chọn người chính trong danh sách của đơn vị.")
    form = PersonForm()
    if request.method == "GET":
        form.posts.data = ["Lái xe"]

    def send() -> Any:
        return nominations.bring_companion(code, form.facts(), delegate_id=delegate_id, parent_id=parent_id)

    return _person(shown, code, form, send, "Thêm người đi cùng", "Đã gửi Văn phòng.", place, parent=parent, companion=True)


@blueprint.route("/b/<code>/sent/<int:nomination_id>", methods=["GET", "POST"])
@holds_pass
def sent(code: str, nomination_id: int) -> ResponseReturnValue:
    shown = _shown(code)
    if nomination_id not in shown.own:
        raise NotFound("Không có nội dung này.")
    place = next((one for one in shown.places if one.sent and one.sent.id == nomination_id), None)
    if request.method == "GET":
        known = shown.nomination(nomination_id)
        form = PersonForm(formdata=None, obj=known)
        form.version.data = str(known.version)
        form.is_other.data = " | " in (known.person_key or "")
    else:
        form = PersonForm()

    def send() -> Any:
        return nominations.change_person(code, nomination_id, form.facts(), number_or_none(form.version.data) or 0)

    return _person(shown, code, form, send, "Sửa người đã cử", "Đã gửi bản sửa.", place, changing=nomination_id)


@blueprint.post("/b/<code>/sent/<int:nomination_id>/withdrawal")
@holds_pass
def withdraw(code: str, nomination_id: int) -> ResponseReturnValue:
    return _done(code, lambda: nominations.withdraw(code, nomination_id, number_or_none(request.form.get("version")) or 0), "Đã rút lại.")


@blueprint.route("/b/<code>/places/<int:delegate_id>/absence", methods=["GET", "POST"])
@holds_pass
def absence(code: str, delegate_id: int) -> ResponseReturnValue:
    shown = _shown(code)
    place = shown.place(delegate_id)
    form = AbsenceForm()
    if request.method == "GET":
        form.mark.data = place.mark
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                nominations.excuse(code, delegate_id, form.reason.data or "", form.mark.data or "")
            except Invalid as problem:
                put_problem(form, problem)
            except Conflict as problem:
                form.form_errors.append(problem.sentence)
                form.mark.data, status = _shown(code).place(delegate_id).mark, 409
            else:
                flash("Đã báo vắng với Văn phòng.", "ok")
                return redirect(url_for("body.page", code=code))
    return render_template("body/absence.html", p=_shown(code), place=place, form=form, code=code), status


@blueprint.post("/b/<code>/places/<int:delegate_id>/attendance")
@holds_pass
def attendance(code: str, delegate_id: int) -> ResponseReturnValue:
    return _done(code, lambda: nominations.confirm(code, delegate_id, request.form.get("mark", "")), "Đã xác nhận dự.")


@blueprint.post("/b/<code>/notes")
@holds_pass
def notes(code: str) -> ResponseReturnValue:
    form = NoteForm()
    if form.validate():
        try:
            nominations.send_note(code, form.words.data or "")
        except Invalid as problem:
            put_problem(form, problem)
        except Conflict as problem:
            form.form_errors.append(problem.sentence)
            return _page(code, form), 409
        else:
            flash("Đã gửi lời nhắn.", "ok")
            return redirect(url_for("body.page", code=code, _anchor="notes"))
    return _page(code, form), 422


def _tidy(code: str) -> str:
    """Return the code as this system writes it; what is no code stays and is answered with 404."""
    return codes.read(code) or code


def _shown(code: str) -> BodyPage:
    if code != _tidy(code):
        abort(404, body_links.UNKNOWN)
    shown = body_pages.page_of(code)
    g.conference = shown.conference
    return shown


def _page(code: str, note: NoteForm | None = None) -> str:
    shown = _shown(code)
    return render_template(
        "body/page.html", p=shown, code=code, note=note or NoteForm(formdata=None), kinds=nominating.KINDS,
        papers=paper_release.shown_papers(g.conference.id, Reader.UNIT),
    )  # fmt: skip


def _person(
    shown: BodyPage, code: str, form: PersonForm, send: Callable[[], Any], title: str, done: str, place: Place | None = None,
    **more: Any,
) -> ResponseReturnValue:
    """Show the form of a person or send it; when it is stale, what was typed stays and the new state stands above."""
    status = 200
    if request.method == "POST":
        status, _ = attempt(form, send)
        if status == 302:
            flash(done, "ok")
            return redirect(url_for("body.page", code=code))
        if status == 409:
            shown = _shown(code)
            place = shown.place(place.delegate.id) if place else None
            _freshen(form, shown, place, more.get("changing"))
    window = place.window if place else shown.window
    values: dict[str, Any] = {"parent": None, "companion": False, "changing": None} | more
    return render_template(
        "body/person.html", p=shown, code=code, form=form, title=title, place=place, window=window, stale=status == 409, **values
    ), status


def _freshen(form: PersonForm, shown: BodyPage, place: Place | None, changing: int | None) -> None:
    """Let the form be sent once more with open eyes, from what stands now."""
    if place is not None:
        form.mark.data = place.mark
    waits = [one.nomination for one in shown.added] + [one.sent for one in shown.places if one.sent]
    if changing is not None and (now := next((one for one in waits if one.id == changing), None)):
        form.version.data = str(now.version)


def _done(code: str, act: Callable[[], Any], word: str) -> ResponseReturnValue:
    try:
        act()
    except (Conflict, Invalid) as problem:
        flash(problem.sentence, "stop")
    else:
        flash(word, "ok")
    return redirect(url_for("body.page", code=code))
