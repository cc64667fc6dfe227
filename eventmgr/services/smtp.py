"""Handing one mail to the mail server; the only import of smtplib.

The end of the data is the point of no return: before it a broken connection leaves nothing behind, after it only the
server's answer tells. So the two are sent apart, with the caller's word in between.
"""

from __future__ import annotations

import os
import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

from eventmgr.domain.mailing import Answer, Outcome, judged
from eventmgr.settings import MailServer

TIMEOUT = 30.0
ANSWER_TIMEOUT = 300.0
"""How long the server may think about a whole mail (RFC 5321, 4.5.3.2.6 asks for ten minutes, a claim lasts eight)."""


class Abandoned(Exception):
    """The caller took his word back before the end of the data: nothing was sent."""


class Connection:
    """An open connection to the mail server; used for one mail after the other, opened again when it broke."""

    def __init__(self, server: MailServer, timeout: float = TIMEOUT, answer_timeout: float = ANSWER_TIMEOUT) -> None:
        self._server, self._timeout, self._answer_timeout = server, timeout, answer_timeout
        self._smtp: smtplib.SMTP | None = None

    def hand_over(self, recipient: str, message: bytes, before_end: Callable[[], bool]) -> Answer:
        """Hand one mail over and return what the server said.

        `before_end()` is asked when everything but the end of the data is sent; False abandons the mail (Abandoned).
        """
        try:
            smtp = self._ready()
            if refused := self._envelope(smtp, recipient):
                return refused
            smtp.send(_stuffed(message))
        except (OSError, smtplib.SMTPException) as problem:
            self.close(hard=True)
            return Answer(Outcome.LOST, self._words_of(problem))
        try:
            goes = before_end()
        except BaseException:
            self.close(hard=True)
            raise
        if not goes:
            self.close(hard=True)
            raise Abandoned
        return self._end(smtp)

    def close(self, *, hard: bool = False) -> None:
        """Say good-bye, or with `hard` only hang up."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        with suppress(OSError, smtplib.SMTPException):
            if not hard:
                smtp.quit()
        smtp.close()

    def _envelope(self, smtp: smtplib.SMTP, recipient: str) -> Answer | None:
        """Say from whom and to whom and begin the data; return an answer when the server does not want the mail."""
        code, words = smtp.mail(self._server.sender)
        if code != 250:
            answer = judged(code, self._clean(words))
            # Who may not send now may not send anything: that is about the channel, a size that is too large is not.
            if code != 552:
                self.close(hard=code == 421)
                return Answer(Outcome.LOST, answer.words)
            return answer
        for code, words in ((smtp.rcpt(recipient)), (smtp.docmd("DATA"))):
            if code not in {250, 251, 354}:
                answer = judged(code, self._clean(words))
                if answer.outcome is Outcome.LOST:
                    self.close(hard=True)
                else:
                    smtp.rset()
                return answer
            if code == 354:
                return None
        return Answer(Outcome.LOST, "Máy chủ không mời gửi nội dung.")

    def _end(self, smtp: smtplib.SMTP) -> Answer:
        try:
            if smtp.sock is None or _has_hung_up(smtp.sock):
                raise ConnectionResetError
            smtp.sock.settimeout(self._answer_timeout)
            smtp.send(b".\r\n")
        except (OSError, smtplib.SMTPException) as problem:  # three bytes go whole or not at all
            self.close(hard=True)
            return Answer(Outcome.LOST, self._words_of(problem))
        try:
            code, words = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._timeout)
        except (OSError, smtplib.SMTPException) as problem:
            self.close(hard=True)
            return Answer(Outcome.UNCLEAR, self._words_of(problem))
        answer = judged(code, self._clean(words))
        if code == 421:  # it says that it is closing, and so that it has not taken the mail
            self.close(hard=True)
            return Answer(Outcome.LATER, answer.words)
        return answer

    def _ready(self) -> smtplib.SMTP:
        if self._smtp is not None:
            try:
                if self._smtp.rset()[0] == 250:
                    return self._smtp
            except (OSError, smtplib.SMTPException):
                pass
            self.close(hard=True)
        server = self._server
        context = ssl.create_default_context()
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        self._smtp = smtp
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
        if server.username is not None:
            self._sign_in(smtp, server.username, server.password or "")
        return smtp

    @staticmethod
    def _sign_in(smtp: smtplib.SMTP, username: str, password: str) -> None:
        """Sign in once: trying every way, as the library does, would hide a refusal behind a server that hangs up."""
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        smtp.user, smtp.password = username, password
        if "PLAIN" in offered:
            smtp.auth("PLAIN", smtp.auth_plain)
        elif "LOGIN" in offered:
            smtp.auth("LOGIN", smtp.auth_login)
        else:
            smtp.login(username, password)

    def _words_of(self, problem: BaseException) -> str:
        if isinstance(problem, smtplib.SMTPResponseException):
            return f"{problem.smtp_code} {self._clean(problem.smtp_error)}"
        if isinstance(problem, ssl.SSLCertVerificationError):
            return f"Chứng chỉ của máy chủ thư không đúng: {problem.verify_message}."
        if isinstance(problem, TimeoutError):
            return "Máy chủ thư không trả lời kịp."
        if isinstance(problem, ConnectionRefusedError):
            return "Máy chủ thư từ chối kết nối."
        if isinstance(problem, smtplib.SMTPServerDisconnected | ConnectionError | EOFError):
            return "Máy chủ thư ngắt kết nối giữa chừng."
        if isinstance(problem, smtplib.SMTPNotSupportedError):
            return "Máy chủ thư không hỗ trợ cách kết nối hoặc đăng nhập đã cài đặt."
        return self._clean(f"Không kết nối được máy chủ thư: {type(problem).__name__}.")

    def _clean(self, words: str | bytes) -> str:
        """Return a server's words for people: one line, no control signs, and never the password."""
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        text = " ".join(re.sub(r"[\x00-\x1f\x7f]+", " ", text).split())
        for secret in filter(None, (self._server.password,)):
            text = text.replace(secret, "…")
        return text[:400]


def _has_hung_up(sock: socket.socket) -> bool:
    """Tell whether the server closed the connection while the data went out: then it has taken nothing."""
    if not select.select([sock], [], [], 0)[0]:
        return False
    with socket.socket(fileno=os.dup(sock.fileno())) as bare:  # below the encryption, where one may look ahead
        try:
            return bare.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False


def _stuffed(message: bytes) -> bytes:
    """Return the lines of a mail as SMTP sends them: CRLF ends, a second dot before a dot that begins a line."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"
