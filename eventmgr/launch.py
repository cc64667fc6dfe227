"""Start everything with one command: check, migrate, first administrator, plan, job process, web server."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from eventmgr.bootstrap import create_app
from eventmgr.documents.child import FLOOR
from eventmgr.migrating import MIGRATIONS, upgrade
from eventmgr.models.database import db
from eventmgr.paper_process import PaperProcess
from eventmgr.services import accounts, aside, conferences, outages, plans
from eventmgr.settings import Settings, UnsafeSetting
from eventmgr.slow_clients import PatientWorker, hurried_handshakes

SEED = Path(__file__).parent / "plans" / "ke-hoach-2809.yaml"
JOBS_REST, DATABASE_WAIT = 2.0, 60.0


def main() -> int:
    """Run a whole copy until it is told to stop; return the exit code."""
    try:
        settings = Settings.from_env()
    except UnsafeSetting as problem:
        print(problem, file=sys.stderr)
        return 2
    for sentence in missing_packages():
        print(sentence, file=sys.stderr)
    app = create_app(settings)
    wait_for_database(app)
    prepare(app)
    me, jobs = os.getpid(), JobProcess()
    jobs.start()
    try:
        print(f"Hệ thống chạy tại {settings.base_url} (dừng bằng Ctrl+C).", flush=True)
        # What is loaded by now stays and is shared with the forked workers: the cycle collector need not look through it while
        # people wait at the door, and a collection after the fork would copy it.
        gc.freeze()
        gc.enable()
        Server(app, settings, jobs).run()
    finally:
        if os.getpid() == me:  # gunicorn's forked workers leave through here too
            jobs.end()
    return 0


class JobProcess:
    """The job process beside the web server: started with it, started again when it dies, ended with it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        self._process = subprocess.Popen(command, cwd=MIGRATIONS.parent.parent)
        self._started = time.monotonic()

    def keep(self) -> None:
        """Start it again when it is gone, but not more often than every few seconds."""
        if self._process is None or self._process.poll() is None or time.monotonic() - self._started < JOBS_REST:
            return
        print("Tiến trình nền đã dừng; khởi động lại.", file=sys.stderr, flush=True)
        self.start()

    def end(self) -> None:
        """Tell it to stop, and end it when it does not."""
        worker, self._process = self._process, None
        if worker is None:
            return
        worker.send_signal(signal.SIGTERM)
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            worker.kill()


def wait_for_database(app: Flask) -> None:
    """Wait a while for a database that is still coming up, as after a power cut; then let the start say what is wrong."""
    deadline = time.monotonic() + DATABASE_WAIT
    while time.monotonic() < deadline:
        with app.app_context():
            try:
                db.session.execute(sa.text("SELECT 1"))
            except sa.exc.SQLAlchemyError as problem:
                if not outages.outage_of(problem):
                    return
            else:
                return
            finally:
                outages.start_anew()
        print("Cơ sở dữ liệu chưa trả lời; thử lại sau 2 giây.", file=sys.stderr, flush=True)
        time.sleep(2)


def missing_packages() -> list[str]:
    """Return one sentence for each system package that is not there."""
    needed = {
        "libpango-1.0.so.0": "Thiếu thư viện Pango để làm PDF: cài gói libpango-1.0-0 và libpangoft2-1.0-0.",
        "libharfbuzz-subset.so.0": "Thiếu thư viện HarfBuzz để nhúng phông chữ: cài gói libharfbuzz-subset0.",
    }
    sentences = []
    for name, sentence in needed.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            sentences.append(sentence)
    fonts = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
    found = (path for folder in fonts if folder.exists() for path in folder.rglob("LiberationSerif-Regular.ttf"))
    if not any(_has_vietnamese(path) for path in found):
        sentences.append("Thiếu phông Liberation Serif bản 2 (bản 1 không đủ chữ Việt) để in: cài gói fonts-liberation2.")
    return sentences


def _has_vietnamese(font: Path) -> bool:
    from fontTools.ttLib import TTFont  # slow

    with TTFont(font, lazy=True) as opened:
        return 0x1EBF in opened.getBestCmap()  # ế


def prepare(app: Flask) -> None:
    """Bring the database up to date, and on the first start make an administrator and load the plan."""
    with app.app_context():
        migrate_database(app)
        if not accounts.administrator_exists():
            password = accounts.create_first_administrator()
            print("Lần đầu chạy. Đăng nhập tại /sign-in bằng:", flush=True)
            print("    tên đăng nhập: quantri", flush=True)
            print(f"    mật khẩu dùng một lần: {password}", flush=True)
        if not conferences.all_conferences():
            plans.load_file(SEED)
        db.session.remove()


def migrate_database(app: Flask) -> None:
    """Apply the migrations that this database does not have yet."""
    try:
        current = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    except sa.exc.SQLAlchemyError:
        current = None
    db.session.remove()
    if current != app.extensions["eventmgr"].newest_migration:
        upgrade()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with gevent: many open streams on one worker; long calls go to its thread pool."""

    def __init__(self, app: Flask, settings: Settings, jobs: JobProcess) -> None:
        self.flask_app, self.settings, self.jobs = app, settings, jobs
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn must know."""
        for name, value in {
            "bind": self.settings.bind,
            "workers": self.settings.workers,
            "worker_class": PatientWorker,
            "worker_connections": self.settings.max_streams + 1000,
            "graceful_timeout": 5,
            "timeout": 60,
            "keepalive": self.settings.client_seconds,  # also for a whole head, and what slow_clients counts by
            "ssl_context": hurried_handshakes,
            "limit_request_line": 2048,
            "limit_request_fields": 60,
            "forwarded_allow_ips": "",  # what proxies say is read by the application, when it is told to
            "loglevel": self.settings.log_level,
            "post_fork": _after_fork,
            "post_worker_init": _end_streams_with,
            "control_socket_disable": True,
            "certfile": str(self.settings.certificate) if self.settings.certificate else None,
            "keyfile": str(self.settings.certificate_key) if self.settings.certificate_key else None,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self.flask_app

    def run(self) -> None:
        """Serve until told to stop."""
        _Master(self).run()


class _Master(Arbiter):  # type: ignore[misc]
    """gunicorn's master, which looks after the job process as it looks after its workers: once a second."""

    def manage_workers(self) -> None:
        super().manage_workers()
        self.app.jobs.keep()


def _after_fork(server: Any, worker: Any) -> None:
    from gevent import get_hub  # slow

    with worker.app.flask_app.app_context():
        db.engine.dispose(close=False)
    pool, paper = get_hub().threadpool, PaperProcess()

    def run(work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        is_paper = work.__module__.startswith(FLOOR)
        return paper.run(work, args) if is_paper else pool.apply(work, args)

    aside.run_with(run)


def _end_streams_with(worker: Any) -> None:
    """End the open streams when the worker is told to stop: they would hold it up until somebody kills it."""
    from gevent import sleep, spawn  # slow

    def watch() -> None:
        while worker.alive:
            sleep(0.2)
        worker.app.flask_app.extensions["eventmgr_hub"].close()

    spawn(watch)
