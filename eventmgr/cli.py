"""The `flask …` commands."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import click
from flask import Flask, current_app

from eventmgr import clock, migrating
from eventmgr.domain.errors import Mistake
from eventmgr.domain.privacy import KINDS
from eventmgr.services import (
    accounts,
    aside,
    backups,
    certificates,
    conferences,
    erasing,
    event_pack,
    import_runs,
    plans,
    retention,
    seals,
)

T = TypeVar("T")

PLAN = Path(__file__).parent / "plans" / "ke-hoach-2809.yaml"


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(init)
    app.cli.add_command(seed)
    app.cli.add_command(make_demo)
    app.cli.add_command(user)
    app.cli.add_command(worker)
    app.cli.add_command(import_delegates)
    for command in (backup, verify, restore, move_database, make_event_pack, certificate, erase):
        app.cli.add_command(command)


@click.command()
@click.argument("names", nargs=-1)
def certificate(names: tuple[str, ...]) -> None:
    """Make an own authority and a certificate for the server's NAMES or addresses in the hall's network."""
    settings = current_app.extensions["eventmgr"].settings
    wanted = names or (urlsplit(settings.base_url).hostname or "",)
    try:
        made = certificates.make_certificate(settings.certificate_folder, wanted, clock.now())
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo(f"Đã làm chứng chỉ cho {', '.join(made.names)}, dùng đến {made.until:%d/%m/%Y}.")
    click.echo("Chạy hệ thống với:")
    click.echo("    EVENTMGR_BIND=0.0.0.0:8443")
    click.echo(f"    EVENTMGR_BASE_URL=https://{made.names[0]}:8443")
    click.echo(f"    EVENTMGR_CERTIFICATE={made.certificate}")
    click.echo(f"    EVENTMGR_CERTIFICATE_KEY={made.key}")
    if made.new_authority:
        click.echo(f"Cài {made.authority} lên điện thoại ở cửa: xem docs/https-trong-hoi-truong.md.")
    else:
        click.echo("Cơ quan chứng thực giữ nguyên: điện thoại không phải cài lại.")


def bring_up_to_date(revision: str = "head") -> None:
    """Apply the migrations that the database does not have yet; commands work on an empty folder too."""
    migrating.upgrade(revision)


@click.command()
def init() -> None:
    """Make the first administrator and print the one-time password."""
    bring_up_to_date()
    try:
        password = accounts.create_first_administrator()
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo("Tên đăng nhập: quantri")
    click.echo(f"Mật khẩu dùng một lần: {password}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Chỉ xem sẽ thay đổi gì, không ghi.")
@click.option("--update", is_flag=True, help="Ghi các thay đổi của tệp kế hoạch đã sửa.")
def seed(file: Path, dry_run: bool, update: bool) -> None:
    """Load a plan: twice changes nothing; a changed file shows what would change, `--update` stores it."""
    bring_up_to_date()
    try:
        outcome = plans.load_file(file, update=update, dry_run=dry_run)
    except plans.PlanFileProblem as problem:
        for sentence in problem.sentences:
            click.echo(f"- {sentence}", err=True)
        raise click.ClickException("Tệp kế hoạch chưa dùng được; chưa ghi gì vào cơ sở dữ liệu.") from problem
    for line in outcome.lines():
        click.echo(line)


@click.command("demo")
def make_demo() -> None:
    """Make a rehearsal of the plan's conference, full of invented people; the second time only say that it is there."""
    bring_up_to_date()
    try:
        from eventmgr.services import demo  # slow: made-up people and all they touch, for this command only

        if not demo.has_plan():
            plans.load_file(PLAN)
        made = demo.make_demo()
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    if made.made:
        click.echo(
            f"Đã tạo hội nghị diễn tập {made.slug}: {made.delegates} đại biểu (tên giả định), {made.letters} giấy mời "
            f"đã phát hành, {made.admitted} người đã vào, chương trình đang ở mục {made.step}."
        )
    else:
        click.echo(f"Hội nghị diễn tập {made.slug} đã có từ trước; không thay đổi gì.")


@click.group()
def user() -> None:
    """Accounts of the staff."""


@user.command("add")
@click.argument("username")
@click.argument("display_name")
@click.option("--administrator", is_flag=True, help="Tài khoản quản trị.")
def user_add(username: str, display_name: str, administrator: bool) -> None:
    """Make an account and print its one-time password."""
    try:
        _, password = accounts.add_account(username, display_name, is_administrator=administrator)
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo(f"Mật khẩu dùng một lần: {password}")


@user.command("password")
@click.argument("username")
def user_password(username: str) -> None:
    """Give an account a new one-time password and end its sessions."""
    try:
        password = accounts.reset_password(accounts.account_id_of(username))
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo(f"Mật khẩu dùng một lần: {password}")


@click.command()
def worker() -> None:
    """Run the job process until it is told to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    from eventmgr.jobs import caretaker  # slow
    from eventmgr.jobs import worker as job_worker  # slow

    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def look_after() -> None:
        with app.app_context():
            caretaker.run(stop)

    threading.Thread(target=look_after, name="eventmgr-caretaker", daemon=True).start()
    paper = app.extensions["eventmgr_paper"]()
    aside.run_with(paper.run_paper)
    try:
        # The thread that hands mails over needs a context, and so a database session, of its own.
        job_worker.run(stop, context=app.app_context)
    finally:
        paper.close()


@click.command("import-delegates")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--conference", "slug", help="Tên hội nghị trong địa chỉ; không cần khi chỉ có một hội nghị.")
@click.option("--group", help="Nhóm cho dòng không ghi nhóm.")
@click.option("--sheet", help="Tên trang tính.")
@click.option("--header-row", type=int, help="Dòng tiêu đề, tính từ 1.")
@click.option("--dry-run", is_flag=True, help="Chỉ xem sẽ thay đổi gì, không ghi.")
@click.option("--wrong", type=click.Path(path_type=Path), help="Ghi các dòng sai ra tệp .xlsx này.")
def import_delegates(
    file: Path, slug: str | None, group: str | None, sheet: str | None, header_row: int | None, dry_run: bool, wrong: Path | None
) -> None:
    """Bring a list of delegates in by the rules of the office's pages: good rows go in, wrong ones are told."""
    try:
        done = import_runs.run_import(file.name, file.read_bytes(), slug, group, sheet, header_row, dry_run=dry_run)
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    for line in done.lines:
        click.echo(line)
    if wrong is not None and done.wrong_file is not None:
        wrong.write_bytes(done.wrong_file)
        click.echo(f"Dòng sai: {wrong}")


PASSWORD_FILE = click.option(
    "--password-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Tệp chứa mật khẩu của bản sao lưu (dòng đầu)."
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--encrypt", is_flag=True, help="Khóa bằng mật khẩu (hỏi khi chạy); khi ấy khóa bí mật đi cùng.")
@PASSWORD_FILE
def backup(file: Path, encrypt: bool, password_file: Path | None) -> None:
    """Write a backup while everything runs; with a password it holds the secret key too."""
    password = read_password(password_file)
    if encrypt and password is None:
        password = click.prompt("Mật khẩu của bản sao lưu", hide_input=True, confirmation_prompt="Nhập lại mật khẩu")
    try:
        made = backups.make_backup(current_app.extensions["eventmgr"].settings, file, password)
        backups.verify(file, password)
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo(f"Đã sao lưu và kiểm tra {made.path}: {made.rows} dòng, {made.files} tệp, {made.bytes / 1024 / 1024:.1f} MB.")
    if made.has_key:
        click.echo("Khóa bí mật nằm trong bản này; giữ mật khẩu ở nơi khác.")
    else:
        click.echo("Khóa bí mật KHÔNG nằm trong bản này: chép riêng tệp secret.key, hoặc sao lưu có mật khẩu (--encrypt).")


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@PASSWORD_FILE
def verify(file: Path | None, password_file: Path | None) -> None:
    """Prove a backup by restoring it to a scratch place; without a file prove the journal of the running copy."""
    if file is None:
        state = seals.prove_chain()
        if state.wrong:
            raise click.ClickException(state.wrong)
        number, digest = state.head or (0, "")
        click.echo(f"Nhật ký nguyên vẹn: {state.chained} dòng đã niêm phong, {state.waiting} dòng đang chờ; dòng cuối {number}, dấu {digest[:16]}.")
        click.echo(f"Theo quy định về dữ liệu cá nhân: {state.blanked} dòng đã làm trống phần cá nhân, {state.gone} dòng đã hết hạn giữ.")
        return
    try:
        manifest = asking(file, password_file, backups.verify)
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    rows = sum(count for count, _ in manifest.tables.values())
    click.echo(f"Bản sao lưu lúc {manifest.made_at} tốt: {len(manifest.tables)} bảng, {rows} dòng, {len(manifest.members)} tệp khớp bản kê.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@PASSWORD_FILE
def restore(file: Path, password_file: Path | None) -> None:
    """Bring a backup back into an empty place, compare every table, and migrate on to this version."""
    settings = current_app.extensions["eventmgr"].settings
    try:
        done = asking(file, password_file, lambda path, password: backups.restore(settings, path, bring_up_to_date, password))
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    echo_compared(done.tables)
    click.echo(f"Đã khôi phục bản sao lưu lúc {done.manifest.made_at}: {len(done.tables)} bảng khớp từng bảng, {done.files} tệp.")
    click.echo(done.key)


@click.command("move-database")
@click.argument("source")
def move_database(source: str) -> None:
    """Copy everything from the database SOURCE (sqlite:///… or postgresql://…) into the empty one of DATABASE_URL."""
    if source.startswith(("postgres://", "postgresql://")):
        source = "postgresql+psycopg://" + source.split("://", 1)[1]
    try:
        tables = backups.move_from(source, bring_up_to_date)
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    echo_compared(tables)
    click.echo(f"Đã chuyển {sum(one.after.rows for one in tables)} dòng của {len(tables)} bảng; số dòng và dấu kiểm của từng bảng khớp.")


@click.command("event-pack")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--with-packages", is_flag=True, help="Tải kèm thư viện Python, để máy thay cài được khi không có mạng.")
@PASSWORD_FILE
def make_event_pack(folder: Path, with_packages: bool, password_file: Path | None) -> None:
    """Fill a folder on a USB stick from which a spare laptop takes over."""
    password = read_password(password_file)
    if password is None:
        password = click.prompt("Mật khẩu của bộ dự phòng", hide_input=True, confirmation_prompt="Nhập lại mật khẩu")
    try:
        made = event_pack.make_pack(current_app.extensions["eventmgr"].settings, folder, password, click.echo)
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    if with_packages:
        click.echo("Tải thư viện Python")
        needed = [str(folder / "phan-mem" / "requirements.txt"), "--dest", str(folder / "goi-python")]
        if subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--requirement", *needed]).returncode:
            raise click.ClickException("Không tải được thư viện Python; bộ dự phòng vẫn dùng được trên máy có mạng hoặc đã cài sẵn.")
    click.echo(f"Bộ dự phòng đã xong và đã thử: {made.backup.rows} dòng dữ liệu, {made.papers} tập giấy để in. Đọc {folder / 'DOC-TRUOC.txt'}.")


@click.command()
@click.option("--conference", "slug", help="Tên hội nghị trong địa chỉ; không có: xóa những gì đã hết hạn giữ.")
@click.option("--delegate", "delegate_id", type=int, help="Số của một đại biểu trong hội nghị; không có: cả hội nghị đã kết thúc.")
@click.option("--reason", default="", help="Lý do xóa, không ghi họ tên.")
@click.option("--dry-run", is_flag=True, help="Chỉ xem sẽ xóa gì.")
def erase(slug: str | None, delegate_id: int | None, reason: str, dry_run: bool) -> None:
    """Erase personal data: of a person, of a closed conference, or what is past its time. Statistics stay."""
    verb = "Sẽ xóa" if dry_run else "Đã xóa"
    try:
        if slug is None:
            for due in retention.due() if dry_run else retention.run():
                click.echo(f"{verb}: {KINDS[due.kind].what} ({due.conference or 'mọi hội nghị'}): {due.rows} dòng.")
            return
        conference_id = conferences.by_slug(slug).id
        if delegate_id is not None:
            done = erasing.erase_person(conference_id, delegate_id, reason, None, dry_run=dry_run)
        else:
            done = erasing.erase_conference(conference_id, None, dry_run=dry_run)
    except Mistake as problem:
        raise click.ClickException(problem.sentence) from problem
    for name, rows in done.rows.items():
        click.echo(f"{verb} phần cá nhân của {rows} dòng trong bảng {name}.")
    click.echo(f"{verb} phần cá nhân của {done.lines} dòng nhật ký. Bản sao lưu cũ vẫn còn dữ liệu này cho đến khi được thay hết.")


def read_password(file: Path | None) -> str | None:
    """Return the first line of the file, or None without a file."""
    return file.read_text().split("\n", 1)[0].strip("\r") if file is not None else None


def asking(file: Path, password_file: Path | None, work: Callable[[Path, str | None], T]) -> T:
    """Do the work with the password of the file or, when the backup is locked, one that is asked for."""
    password = read_password(password_file)
    if password is None and backups.is_locked(file):
        password = click.prompt("Mật khẩu của bản sao lưu", hide_input=True)
    return work(file, password)


def echo_compared(tables: list[backups.Compared]) -> None:
    """Print a line for each table: rows and digest on both sides."""
    for one in tables:
        click.echo(f"{one.name:<24} {one.before.rows:>8} = {one.after.rows:<8} {one.before.digest[:12]} = {one.after.digest[:12]}")
