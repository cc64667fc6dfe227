"""Guards: every route says who may knock; a route that says nothing is shut."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right, Role, rights_of
from eventmgr.domain.errors import NotAllowed
from eventmgr.services import accounts, body_links, conferences

View = TypeVar("View", bound=Callable[..., Any])

# A form is read on the event loop, which the door and the live screens share: 12 MB of fields hold it up for seconds.
STRANGERS_BODY = 64 * 1024
STAFF_BODY = 1024 * 1024
# A file goes to the disk while it comes in; only who holds the link of a body may send one without account.
BODY_FILES = 12 * 1024 * 1024


@dataclass(frozen=True)
class Guard:
    """Who may use a route: `kind` is open, signed_in, right, pass, phone or local."""

    kind: str
    right: Right | None = None
    files: bool = False


def open_to_all(view: View) -> View:
    """Anybody may come in."""
    return _guarded(view, Guard("open"))


def signed_in(view: View) -> View:
    """Any signed-in member of staff."""
    return _guarded(view, Guard("signed_in"))


def needs(right: Right) -> Callable[[View], View]:
    """A member of staff with this right in the conference of the address (or an administrator)."""
    return lambda view: _guarded(view, Guard("right", right))


def holds_pass(view: View) -> View:
    """Whoever holds the code in the address; the view itself looks the code up."""
    return _guarded(view, Guard("pass"))


def holds_body_link(view: View) -> View:
    """Whoever holds the code of a body's page, and may send a file along; checked before the file is read."""
    return _guarded(view, Guard("pass", files=True))


def paired_phone(view: View) -> View:
    """A paired phone; the door's own check names it in `g.phone`."""
    return _guarded(view, Guard("phone"))


def local_only(view: View) -> View:
    """Callers from this machine only."""
    return _guarded(view, Guard("local"))


def _guarded(view: View, guard: Guard) -> View:
    view.__guard__ = guard  # type: ignore[attr-defined]
    return view


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """Return the stated guard of an endpoint, or None when nobody stated one."""
    if endpoint == "static":
        return Guard("open")
    return getattr(app.view_functions[endpoint], "__guard__", None)


class SignedOut(NotAllowed):
    """Something was sent after the session had ended."""


_phone_checks: list[Callable[[], None]] = []


def check_phones_with(check: Callable[[], None]) -> None:
    """Let the door say how a phone is known; `check` sets `g.phone` or raises NotAllowed."""
    _phone_checks[:] = [check]


def init_app(app: Flask) -> None:
    """Stand before every route."""
    app.before_request(_stand_guard)
    app.context_processor(lambda: {"can": may})


def may(right: Right | str) -> bool:
    """Tell whether the signed-in person has the right in the conference of this request."""
    who = g.get("who")
    conference = g.get("conference")
    if who is None:
        return False
    return Right(right) in rights_of(who.roles_in(conference.id if conference else None))


def role_label() -> str:
    """Return the roles of the signed-in person in words, for the top bar."""
    who, conference = g.get("who"), g.get("conference")
    if who is None:
        return ""
    roles = who.roles_in(conference.id if conference else None)
    return ", ".join(role.label for role in Role if role in roles)


def _stand_guard() -> ResponseReturnValue | None:
    g.who = None
    g.conference = None
    if request.endpoint is None:
        return None  # 404 and 405 answer for themselves
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        raise NotAllowed("Trang này chưa được mở cho ai.")
    _limit_body(guard)
    if guard.kind == "local":
        return None if _is_local() else abort(403)
    if request.endpoint == "static" or (request.endpoint or "").startswith("health."):
        return None
    if not _has_administrator():
        return abort(503, "Hệ thống chưa có tài khoản quản trị. Chạy lệnh “flask --app app init” trên máy chủ.")
    find_who()
    if guard.kind == "phone":
        _phone_checks[0]()
        return None
    if guard.kind in {"signed_in", "right"}:
        return _check_staff(guard)
    _find_conference()
    return None


def _limit_body(guard: Guard) -> None:
    """Say how much of the body may be read; files that staff send have the application's own limit."""
    if guard.files:
        body_links.body_of((request.view_args or {}).get("code", ""))
        request.max_content_length = BODY_FILES
    elif guard.kind not in {"signed_in", "right"}:
        request.max_content_length = STRANGERS_BODY
    elif request.mimetype != "multipart/form-data":
        request.max_content_length = STAFF_BODY
    if request.content_length is None and request.mimetype != "multipart/form-data" and "Transfer-Encoding" in request.headers:
        _measure_body(request.max_content_length or STAFF_BODY)


def _measure_body(limit: int) -> None:
    """Read a body that came without its length, or refuse it: the library would cut it off at the limit without a word."""
    try:
        read = request.environ["wsgi.input"].read(limit + 1)
    except Exception:  # the server's own, for chunks that are none
        abort(400)
    if len(read) > limit:
        abort(413)
    request.environ |= {"wsgi.input": io.BytesIO(read), "CONTENT_LENGTH": str(len(read))}


def _is_local() -> bool:
    """Tell whether the caller sits on this machine; what an unnamed proxy passes on does not."""
    passed_on = "X-Forwarded-For" in request.headers and not current_app.extensions["eventmgr"].settings.trusted_proxies
    return request.remote_addr in {"127.0.0.1", "::1"} and not passed_on


def _has_administrator() -> bool:
    if not current_app.extensions.get("eventmgr_administrator"):
        current_app.extensions["eventmgr_administrator"] = accounts.administrator_exists()
    return bool(current_app.extensions["eventmgr_administrator"])


def find_who() -> None:
    """Set `g.who` to whoever the session of this request belongs to, or None."""
    g.who = None
    token = session.get("sign_in")
    if token:
        g.who = accounts.find_signed_in(token)
        if g.who is None:
            session.pop("sign_in", None)


def _find_conference() -> None:
    slug = (request.view_args or {}).get("slug")
    if slug:
        g.conference = conferences.by_slug(slug)


def _needs_second_factor() -> bool:
    """Tell whether this copy wants one of everybody, on pages other than those where it is set up."""
    free = (request.endpoint or "").startswith(("second_factor.", "sign_in."))
    return not free and current_app.extensions["eventmgr"].settings.second_factor == "required"


def _check_staff(guard: Guard) -> ResponseReturnValue | None:
    if g.who is None:
        if request.method == "GET" and request.accept_mimetypes.best != "application/json":
            return redirect(url_for("sign_in.page", next=request.full_path.rstrip("?")))
        raise SignedOut("Phiên làm việc đã hết. Đăng nhập lại rồi thử lần nữa.")
    if g.who.must_change_password and request.endpoint not in {"sign_in.password", "sign_in.sign_out"}:
        return redirect(url_for("sign_in.password"))
    if not g.who.has_second_factor and _needs_second_factor():
        return redirect(url_for("second_factor.page"))
    slug = (request.view_args or {}).get("slug")
    if slug:
        known = {conferences.by_slug(slug)} if g.who.is_administrator else conferences.of_ids(list(g.who.roles))
        g.conference = next((c for c in known if c.slug == slug), None)
        if g.conference is None:
            raise NotAllowed("Tài khoản này chưa được phân công trong hội nghị đó.")
    if guard.right is not None and not may(guard.right):
        raise NotAllowed()
    return None
