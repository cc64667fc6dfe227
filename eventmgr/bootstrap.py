"""create_app(settings): the one file that knows all the parts and joins them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from eventmgr import cli
from eventmgr.live import hub as live_hub
from eventmgr.live.bell import Bell
from eventmgr.migrating import MIGRATIONS
from eventmgr.models import all as _tables  # noqa: F401 - the tables must be known before the first query
from eventmgr.models.database import db, tell_after_commit
from eventmgr.paper_process import PaperProcess
from eventmgr.services import body_links, copies, door_snapshot, mail_channel, pass_codes, shelf
from eventmgr.services import second_factor as second_factor_codes
from eventmgr.settings import Settings
from eventmgr.web import (
    access,
    addresses,
    assets,
    authority,
    award_release,
    body,
    body_dossiers,
    body_lists,
    discussion,
    door,
    door_files,
    errors,
    figures,
    filters,
    form_words,
    hall,
    handing,
    headers,
    health,
    invitee,
    logs,
    messages,
    packing,
    presenters,
    press,
    privacy,
    programme,
    public,
    sessions,
    sign_in,
    stage,
    waves,
    wrong_codes,
)
from eventmgr.web.office import (
    accounts,
    agenda,
    answers,
    award_papers,
    awards,
    backups,
    batches,
    ceremony,
    conferences,
    data_register,
    data_rights,
    delegates,
    deliveries,
    desk,
    door_conflicts,
    earlier,
    exports,
    gates,
    groups,
    imports,
    incoming,
    invitations,
    journal,
    letterhead,
    letters_again,
    merging,
    nav,
    outbox,
    paper_entry,
    papers,
    people,
    register,
    reminders,
    second_factor,
    wording,
)

ROOT = Path(__file__).parent.parent

STAGE = (stage, discussion, messages, presenters, waves, handing)
OFFICE = (
    conferences, desk, letterhead, wording, groups, earlier, delegates, answers, incoming, imports, exports, merging, agenda, papers,
    batches, invitations, letters_again, register, awards, award_papers, ceremony, gates, door_conflicts, paper_entry, people, accounts,
)
DELIVERY = (deliveries, outbox, reminders)
ADMINISTRATION = (backups, journal, data_register, data_rights, privacy, second_factor)

csrf = CSRFProtect()


@dataclass(frozen=True)
class Parts:
    """What the parts may ask the application for."""

    settings: Settings
    newest_migration: str | None


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for these settings (by default those of the environment)."""
    settings = settings or Settings.from_env()
    app = Flask("eventmgr", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"), root_path=str(ROOT))
    _configure(app, settings)
    db.init_app(app)
    for part in (addresses, sessions, figures, logs, packing, assets, headers, wrong_codes, filters, form_words, errors, access, nav):
        part.init_app(app)
    csrf.init_app(app)  # behind the guards, which say how much of a body may be read
    for part in (health, sign_in, public, hall, programme, press, award_release, invitee, body, body_dossiers, body_lists, *STAGE, door, door_files, authority, *OFFICE, *ADMINISTRATION):
        app.register_blueprint(part.blueprint)
    for part in DELIVERY:
        app.register_blueprint(part.blueprint)
    app.register_blueprint(door.api)
    csrf.exempt(door.api)  # its guard asks for a header that no foreign page can send
    shelf.open_shelf(settings.instance / "files")
    copies.use(settings)
    second_factor_codes.use(settings.secret_key)
    pass_codes.use(settings.secret_key, settings.base_url)
    body_links.use(settings.secret_key, settings.base_url)
    door_snapshot.use(settings.secret_key)
    hub = live_hub.Hub(limit=settings.max_streams, bell=Bell(settings.redis_url))
    app.extensions["eventmgr_hub"] = hub
    mail_channel.use(settings.mail)
    app.extensions["eventmgr_paper"] = PaperProcess  # the job process makes the PDFs of mails beside its batches
    hall.join(app, hub)
    tell_after_commit(hub.ring)
    cli.init_app(app)
    return app


def newest_migration() -> str | None:
    """Return the revision that no other migration builds upon, without importing Alembic."""
    texts = [path.read_text() for path in (MIGRATIONS / "versions").glob("*.py")]
    made = {found[1] for text in texts if (found := re.search(r'^revision(?:: str)? = ["\'](\w+)', text, re.M))}
    built_upon = {found[1] for text in texts if (found := re.search(r'^down_revision.*? = ["\'](\w+)', text, re.M))}
    newest = made - built_upon
    return newest.pop() if len(newest) == 1 else None


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        SESSION_COOKIE_NAME="eventmgr",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        TRUSTED_HOSTS=sorted(settings.hosts),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # the pages send no referrer; the token and SameSite stand guard
        TESTING=settings.testing,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["eventmgr"] = Parts(settings, newest_migration())
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _engine_options(settings: Settings) -> dict[str, object]:
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"timeout": 10, "check_same_thread": False}, "hide_parameters": True}
    return {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True, "hide_parameters": True}
