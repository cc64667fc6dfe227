"""Which mailbox a letter goes to: the delegate's own, else that of the body; one mail for each mailbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from eventmgr.domain.mailing import mailbox, mailbox_key
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.services.letter_words import addressee_of

Held = tuple[Invitation, Pass | None]
EVERYBODY = "Quý cơ quan, đơn vị"


@dataclass(frozen=True)
class Box:
    """One mailbox with its letters in printing order; `name` is whom the mail greets."""

    address: str
    letters: list[Held] = field(default_factory=list)
    body_id: int | None = None
    body_name: str | None = None

    @property
    def key(self) -> str:
        """What two spellings of the mailbox share."""
        return mailbox_key(self.address)

    @property
    def name(self) -> str:
        """The person when the mailbox is a person's own, the body when it is the body's, else everybody."""
        if self.body_name is not None:
            return self.body_name
        if len(self.letters) == 1 and mailbox(self.letters[0][0].delegate.email):
            invitation = self.letters[0][0]
            return invitation.addressee or addressee_of(invitation.delegate)
        bodies = {one.delegate.body.name for one, _ in self.letters if one.delegate.body}
        return bodies.pop() if len(bodies) == 1 else EVERYBODY


def mailbox_of(delegate: Delegate) -> str | None:
    """Return the address that letters of this delegate go to, None when there is none; needs the body loaded."""
    return mailbox(delegate.email) or (mailbox(delegate.body.email) if delegate.body else None)


def boxed(held: Sequence[Held]) -> tuple[list[Box], list[Held]]:
    """Return letters by mailbox, in the order of their first letter, and those that have no mailbox."""
    boxes: dict[str, Box] = {}
    without: list[Held] = []
    for one in held:
        address = mailbox_of(one[0].delegate)
        if address is None:
            without.append(one)
        else:
            boxes.setdefault(mailbox_key(address), Box(address)).letters.append(one)
    return list(boxes.values()), without
