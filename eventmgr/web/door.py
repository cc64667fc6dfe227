"""The scanner: its page, pairing, and the JSON that a paired phone talks to."""

from __future__ import annotations

import base64
import gzip
from dataclasses import asdict
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from eventmgr import clock
from eventmgr.domain.errors import Invalid, Mistake, NotAllowed
from eventmgr.domain.scans import ScanFact, UnreadScan, read_scan, unread
from eventmgr.services import arrivals, checkin, conferences, door_search, door_snapshot, phone_health, phones
from eventmgr.web.access import check_phones_with, open_to_all, paired_phone
from eventmgr.web.forms import put_problem, text_field

blueprint = Blueprint("door", __name__, url_prefix="/door")
api = Blueprint("door_api", __name__, url_prefix="/api/door")

COOKIE = "eventmgr_phone"
COOKIE_DAYS = 30
LARGEST_BODY = 64 * 1024
LARGEST_BATCH = 200
LAST_SHOWN = 5


class PairForm(FlaskForm):
    name = text_field("Tên của máy này", 80, needed=True)


@blueprint.get("/")
@open_to_all
def page() -> ResponseReturnValue:
    try:
        phone = phones.known_by(request.cookies.get(COOKIE))
    except NotAllowed as problem:
        return render_template("door/not_paired.html", sentence=problem.sentence)
    return render_template("door/scanner.html", phone=phone, conference=conferences.get(phone.conference_id))


@blueprint.route("/pair/<code>", methods=["GET", "POST"])
@open_to_all
def pair(code: str) -> ResponseReturnValue:
    form = PairForm()
    try:
        offer = phones.offer_of(code)
    except Mistake as problem:
        return render_template("door/not_paired.html", sentence=problem.sentence), _status(problem)
    if form.validate_on_submit():
        try:
            token = phones.pair(code, form.name.data or "", request.cookies.get(COOKIE))
        except Invalid as problem:
            put_problem(form, problem)
        else:
            return _with_token(redirect(url_for("door.page")), token)
    return render_template("door/pair.html", form=form, offer=offer), 422 if request.method == "POST" else 200


@api.get("/key")
@paired_phone
def key() -> ResponseReturnValue:
    """Under what the phone seals its list; a phone that was paired anew seals under another one."""
    sealing = door_snapshot.sealing_key(request.cookies[COOKIE])
    return jsonify(key=base64.b64encode(sealing).decode(), **door_snapshot.head(g.phone, clock.now()))


@api.get("/snapshot")
@paired_phone
def snapshot() -> ResponseReturnValue:
    whole = door_snapshot.whole(g.phone.conference_id)
    if request.accept_encodings["gzip"]:
        answer = Response(whole.packed, mimetype="application/json")
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer = Response(gzip.decompress(whole.packed), mimetype="application/json")
    answer.vary.add("Accept-Encoding")
    return answer


@api.get("/changes")
@paired_phone
def changes() -> ResponseReturnValue:
    since = request.args.get("since", "")
    if not since.isascii() or not since.isdigit() or len(since) > 12:
        raise Invalid("Bản danh sách của máy chưa đúng.", "since")
    return jsonify(door_snapshot.changes(g.phone, int(since)))


@api.post("/sign-out")
@paired_phone
def sign_out() -> ResponseReturnValue:
    """Leave the gate. The phone asks for this only when all its scans are stored here."""
    phones.leave(g.phone)
    answer = jsonify(left=True)
    answer.delete_cookie(COOKIE, path="/")
    return answer


@api.get("/state")
@paired_phone
def state() -> ResponseReturnValue:
    return jsonify(_state())


@api.post("/presence")
@paired_phone
def presence() -> ResponseReturnValue:
    phone_health.note(g.phone, _body())
    return jsonify(_state())


@api.post("/scans")
@paired_phone
def scans() -> ResponseReturnValue:
    said = _body()
    if isinstance(said, list):
        if len(said) > LARGEST_BATCH:
            abort(413, f"Mỗi lần gửi nhiều nhất {LARGEST_BATCH} lượt quét.")
        return jsonify(results=_results(said))
    if not isinstance(said, dict):
        abort(400, "Nội dung gửi lên không phải lượt quét dạng JSON.")
    [receipt] = checkin.record_scans(g.phone, [_read(said)])
    if receipt.problem:
        return jsonify(problem=receipt.problem), 422
    return jsonify(asdict(receipt))


@api.get("/search")
@paired_phone
def search() -> ResponseReturnValue:
    hits = door_search.find(g.phone.conference_id, request.args.get("q", "")[:200])
    return jsonify(hits=[asdict(hit) | {"entered_at": _iso(hit.entered_at)} for hit in hits])


@api.get("/counters")
@paired_phone
def counters() -> ResponseReturnValue:
    conference_id = g.phone.conference_id
    counted = arrivals.counters(conference_id)
    last = arrivals.latest(conference_id, LAST_SHOWN)
    return jsonify(
        inside=counted.inside,
        awaited=counted.awaited,
        at_this_gate=counted.by_gate.get(g.phone.gate_id, 0),
        groups=[asdict(group) for group in counted.by_group],
        last=[{"name": one.name, "about": one.about, "gate": one.gate, "at": _iso(one.at)} for one in last],
    )


def _check_phone() -> None:
    """Let a paired phone through; a page of somebody else cannot send the header."""
    if request.headers.get("X-Eventmgr-Phone") != "1":
        raise NotAllowed("Địa chỉ này chỉ dành cho máy quét.")
    if request.method != "GET":
        if request.mimetype != "application/json":
            abort(make_response({"problem": "Lượt quét phải gửi dạng application/json."}, 415))
        request.max_content_length = LARGEST_BODY
        if (request.content_length or 0) > LARGEST_BODY:
            abort(413, "Gói lượt quét quá lớn; gửi làm nhiều lần.")
    g.phone = phones.known_by(request.cookies.get(COOKIE))


check_phones_with(_check_phone)


def _body() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        return None


def _results(said: list[Any]) -> list[dict[str, Any]]:
    """Store a batch; what cannot be read is kept with what is wrong and holds up nothing."""
    if not said:
        return []
    return [_told(receipt) for receipt in checkin.record_scans(g.phone, [_read(one) for one in said])]


def _read(said: object) -> ScanFact | UnreadScan:
    try:
        return read_scan(said)
    except Invalid as problem:
        return unread(said, problem.sentence)


def _told(receipt: checkin.Receipt) -> dict[str, Any]:
    if receipt.problem:
        return {"scan_key": receipt.scan_key, "stored": True, "problem": receipt.problem}
    return asdict(receipt)


def _state() -> dict[str, Any]:
    conference = conferences.get(g.phone.conference_id)
    return {
        "server_ms": int(clock.now().timestamp() * 1000),
        "conference": conference.short_title or conference.title,
        "gate": g.phone.gate_name,
        "phone": g.phone.name,
        "inside": arrivals.inside(conference.id),
    }


def _with_token(response: Any, token: str) -> Response:
    settings = current_app.extensions["eventmgr"].settings
    made: Response = response
    made.set_cookie(
        COOKIE, token, max_age=COOKIE_DAYS * 86_400, httponly=True, samesite="Strict", secure=settings.secure, path="/"
    )
    return made


def _status(problem: Mistake) -> int:
    return {"NotFound": 404, "Conflict": 409}.get(type(problem).__name__, 400)


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
