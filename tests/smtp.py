"""Real mail servers for tests: one that takes everything, and the misbehaviours an office meets."""

from __future__ import annotations

import email
import email.policy
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from eventmgr.settings import MailServer
from tests.servers import free_port

SENDER = "vanphong@kontum.example.vn"


@dataclass
class Post:
    """What arrived, and how the server behaves: answers by recipient and by data, each list used up in order."""

    mails: list[tuple[str, bytes]] = field(default_factory=list)
    at_rcpt: dict[str, list[str]] = field(default_factory=dict)
    at_data: list[str] = field(default_factory=list)
    at_mail: list[str] = field(default_factory=list)
    before_data: Callable[[str], None] | None = None
    before_answer: Callable[[str], None] | None = None
    port: int = 0

    @property
    def server(self) -> MailServer:
        """The settings that lead here."""
        return MailServer("127.0.0.1", self.port, "none", SENDER)

    @property
    def arrivals(self) -> Counter[str]:
        """How many mails each mailbox got."""
        return Counter(to for to, _ in self.mails)

    def read(self, number: int = -1) -> EmailMessage:
        """Return a mail as its receiver's program reads it."""
        return cast(EmailMessage, email.message_from_bytes(self.mails[number][1], policy=email.policy.default))

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.at_mail and (said := self.at_mail.pop(0)) != "ok":
            return said
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if answers := self.at_rcpt.get(address):
            return answers.pop(0) if len(answers) > 1 else answers[0]
        if self.before_data is not None:
            self.before_data(address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        said = self.at_data.pop(0) if self.at_data else "250 2.0.0 Da nhan"
        recipient = envelope.rcpt_tos[0]
        if said.startswith("250") or said == "take and hang up":
            self.mails.append((recipient, envelope.content))
        if self.before_answer is not None:
            self.before_answer(recipient)
        if said == "take and hang up":
            server.transport.close()
        return said


class _Dying(SMTP):
    """Hangs up in the middle of the data of the first mails."""

    left = 0

    async def smtp_DATA(self, arg: str) -> None:
        if type(self).left > 0:
            type(self).left -= 1
            await self.push("354 go on")
            await self._reader.read(200)
            self.transport.close()
            return
        await super().smtp_DATA(arg)


@contextmanager
def mail_server(post: Post | None = None, dies: int = 0, **more: Any) -> Iterator[Post]:
    """Run a mail server; with `dies` it hangs up in the middle of the data of that many mails first."""
    post = post or Post()

    class Served(_Dying):
        left = dies

    class Control(Controller):
        def factory(self) -> SMTP:
            return Served(self.handler, **self.SMTP_kwargs)

    controller = Control(post, hostname="127.0.0.1", port=post.port or free_port(), **more)
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop()


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition; fails when it does not come."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
