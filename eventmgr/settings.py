"""What the environment decides, read once and checked; every name stands in the README."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit


class UnsafeSetting(Exception):
    """A setting that stops the start; the message says which and what to do."""


@dataclass(frozen=True)
class MailServer:
    """The server that takes our mail, and whose name stands as the sender; the password is never shown."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    sender: str
    sender_name: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    per_hour: int = 300
    max_bytes: int = 10 * 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """The settings of one running copy; every default is safe in production."""

    instance: Path
    database_url: str
    bind: str = "127.0.0.1:8000"
    base_url: str = "http://127.0.0.1:8000"
    workers: int = 1
    redis_url: str | None = None
    secret_key: bytes = b""
    key_is_given: bool = False
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    max_streams: int = 5000
    client_seconds: int = 30
    log_level: str = "warning"
    second_factor: str = "optional"
    max_upload_bytes: int = 12 * 1024 * 1024
    mail: MailServer | None = None
    backup_dir: Path | None = None
    backup_hours: int = 24
    backup_keep: int = 14
    backup_password_file: Path | None = None
    certificate: Path | None = None
    certificate_key: Path | None = None
    testing: bool = False

    @property
    def certificate_folder(self) -> Path:
        """Where the command `certificate` keeps the hall's own authority."""
        return self.instance / "certificates"

    @property
    def secure(self) -> bool:
        """Whether the public address is HTTPS, so that cookies may demand it."""
        return self.base_url.startswith("https://")

    @property
    def backup_folder(self) -> Path:
        """Where the job process puts its backups."""
        return self.backup_dir or self.instance / "backups"

    @property
    def only_here(self) -> bool:
        """Whether the public address leads to this machine alone, so that no phone can open it."""
        return (urlsplit(self.base_url).hostname or "") in {"127.0.0.1", "localhost", "::1"}

    @property
    def hosts(self) -> frozenset[str]:
        """The host names (without port) that requests may carry."""
        own = urlsplit(self.base_url).hostname or ""
        bound = self.bind.rsplit(":", 1)[0].strip("[]")
        loopback = {"127.0.0.1", "localhost", "::1"} if bound in {"127.0.0.1", "localhost", "::1"} else set()
        return frozenset({own, *loopback, *self.allowed_hosts} - {""})

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from the environment.

        Raises UnsafeSetting with one Vietnamese sentence when a value cannot be used safely.
        """
        env = os.environ if env is None else env
        instance = Path(env.get("EVENTMGR_INSTANCE") or Path(__file__).parent.parent / "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        bind = env.get("EVENTMGR_BIND") or "127.0.0.1:8000"
        if not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}", bind):
            raise UnsafeSetting("EVENTMGR_BIND phải có dạng địa chỉ:cổng, ví dụ 127.0.0.1:8000.")
        certificate, certificate_key = _certificate(env)
        scheme = "https" if certificate else "http"
        base_url = (env.get("EVENTMGR_BASE_URL") or f"{scheme}://{bind}").rstrip("/")
        _check_base_url(base_url)
        if certificate and not base_url.startswith("https://"):
            raise UnsafeSetting("Có EVENTMGR_CERTIFICATE thì EVENTMGR_BASE_URL phải bắt đầu bằng https://.")
        redis_url = env.get("REDIS_URL") or None
        database_url = _database_url(env.get("DATABASE_URL"), instance)
        workers = _whole(env, "EVENTMGR_WORKERS", 1, 1, 64)
        if workers > 1 and (redis_url is None or database_url.startswith("sqlite")):
            raise UnsafeSetting("EVENTMGR_WORKERS lớn hơn 1 cần cả DATABASE_URL (PostgreSQL) và REDIS_URL.")
        return cls(
            instance=instance,
            database_url=database_url,
            bind=bind,
            base_url=base_url,
            workers=workers,
            redis_url=redis_url,
            secret_key=_secret_key(env.get("EVENTMGR_SECRET_KEY"), instance),
            key_is_given=bool(env.get("EVENTMGR_SECRET_KEY")),
            allowed_hosts=tuple(h.strip() for h in env.get("EVENTMGR_HOSTS", "").split(",") if h.strip()),
            trusted_proxies=_whole(env, "EVENTMGR_TRUSTED_PROXIES", 0, 0, 5),
            log_level=_one_of(env, "EVENTMGR_LOG_LEVEL", "warning", ("debug", "info", "warning", "error", "critical")),
            second_factor=_one_of(env, "EVENTMGR_SECOND_FACTOR", "optional", ("optional", "required")),
            max_streams=_whole(env, "EVENTMGR_MAX_STREAMS", 5000, 1, 100_000),
            client_seconds=_whole(env, "EVENTMGR_CLIENT_SECONDS", 30, 1, 600),
            backup_dir=_path(env, "EVENTMGR_BACKUP_DIR"),
            backup_hours=_whole(env, "EVENTMGR_BACKUP_HOURS", 24, 0, 168),
            backup_keep=_whole(env, "EVENTMGR_BACKUP_KEEP", 14, 1, 1000),
            backup_password_file=_path(env, "EVENTMGR_BACKUP_PASSWORD_FILE"),
            max_upload_bytes=_whole(env, "EVENTMGR_MAX_UPLOAD_MB", 12, 1, 200) * 1024 * 1024,
            mail=_mail_server(env),
            certificate=certificate,
            certificate_key=certificate_key,
        )


def _check_base_url(base_url: str) -> None:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise UnsafeSetting(
            "EVENTMGR_BASE_URL phải là địa chỉ gốc mà giấy mời sẽ in, ví dụ https://hoinghi.tinh.gov.vn (không kèm đường dẫn)."
        )


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdigit() or not low <= int(text) <= high:
        raise UnsafeSetting(f"{name} phải là số nguyên từ {low} đến {high}.")
    return int(text)


_MAIL_KINDS: dict[str, tuple[Literal["none", "starttls", "tls"], int]] = {
    "smtp": ("none", 25), "starttls": ("starttls", 587), "smtps": ("tls", 465),
}  # fmt: skip
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")


def _mail_server(env: Mapping[str, str]) -> MailServer | None:
    """Return the mail server, None without SMTP_URL; no sentence repeats the address, which may hold a password."""
    url, sender = env.get("SMTP_URL", "").strip(), env.get("EVENTMGR_MAIL_FROM", "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, SplitResult("", "", "", "", "")
    if parts.scheme not in _MAIL_KINDS or not host or parts.path.strip("/") or parts.query or parts.fragment or port == 0:
        raise UnsafeSetting("SMTP_URL phải có dạng smtp://, starttls:// hoặc smtps://tên:mật-khẩu@máy-chủ:cổng, không kèm đường dẫn.")
    security, usual = _MAIL_KINDS[parts.scheme]
    username, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    if (username is None) != (password is None):
        raise UnsafeSetting("SMTP_URL cần cả tên và mật khẩu, hoặc không có cả hai; ký tự đặc biệt viết dạng %40.")
    if password is not None and security == "none" and host not in {"127.0.0.1", "localhost", "::1"}:
        raise UnsafeSetting("SMTP_URL dạng smtp:// gửi mật khẩu không mã hóa; dùng starttls:// hoặc smtps://.")
    if any(ord(char) < 32 or ord(char) == 127 for char in (username or "") + (password or "")):
        raise UnsafeSetting("Tên hoặc mật khẩu trong SMTP_URL có ký tự điều khiển.")
    if not _MAILBOX.fullmatch(sender):
        raise UnsafeSetting("SMTP_URL cần kèm EVENTMGR_MAIL_FROM là địa chỉ thư gửi đi, ví dụ vanphong@tinh.gov.vn.")
    name = " ".join(env.get("EVENTMGR_MAIL_NAME", "").split()) or None
    if name and (len(name) > 120 or not name.isprintable()):
        raise UnsafeSetting("EVENTMGR_MAIL_NAME dài nhất 120 ký tự, không có ký tự điều khiển.")
    return MailServer(
        host=host, port=port or usual, security=security, sender=sender, sender_name=name, username=username, password=password,
        per_hour=_whole(env, "EVENTMGR_MAIL_PER_HOUR", 300, 1, 100_000),
        max_bytes=_whole(env, "EVENTMGR_MAIL_MAX_MB", 10, 1, 50) * 1024 * 1024,
    )


def _one_of(env: Mapping[str, str], name: str, default: str, known: tuple[str, ...]) -> str:
    text = (env.get(name) or default).lower()
    if text not in known:
        raise UnsafeSetting(f"{name} phải là một trong: {', '.join(known)}.")
    return text


def _certificate(env: Mapping[str, str]) -> tuple[Path | None, Path | None]:
    """Return the certificate that the server shows and its key: both or neither."""
    names = ("EVENTMGR_CERTIFICATE", "EVENTMGR_CERTIFICATE_KEY")
    certificate, key = (_path(env, name) for name in names)
    if (certificate is None) != (key is None):
        raise UnsafeSetting("EVENTMGR_CERTIFICATE và EVENTMGR_CERTIFICATE_KEY phải đặt cùng nhau.")
    for name, path in zip(names, (certificate, key), strict=True):
        if path is not None and not os.access(path, os.R_OK):
            raise UnsafeSetting(f"{name}: không đọc được tệp {path.name}. Làm chứng chỉ bằng lệnh “flask --app app certificate”.")
    return certificate, key


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]).resolve() if env.get(name) else None


def _database_url(url: str | None, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'eventmgr.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith(("postgresql+psycopg://", "sqlite:///")):
        return url
    raise UnsafeSetting("DATABASE_URL phải bắt đầu bằng postgresql:// hoặc sqlite:///.")


def _secret_key(given: str | None, instance: Path) -> bytes:
    if given:
        if len(given) < 32:
            raise UnsafeSetting("EVENTMGR_SECRET_KEY phải dài ít nhất 32 ký tự; bỏ trống để hệ thống tự tạo.")
        return given.encode()
    path = instance / "secret.key"
    if not path.exists():
        _write_once(path, secrets.token_hex(32))
    text = path.read_text().strip()
    if len(text) < 32:
        raise UnsafeSetting(f"Tệp khóa {path.name} trong thư mục instance bị hỏng; hãy khôi phục từ bản sao lưu.")
    return text.encode()


def _write_once(path: Path, text: str) -> None:
    """Create the key file for the owner only; when two processes start at once, the first one wins."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
