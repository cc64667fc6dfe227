"""How far each award on a list has come: invited, certificate ready, handed over; each with who said so and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.awards import RecipientKind, counts_text
from eventmgr.domain.ceremony import State, Verb, effective
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.accounts import Account
from eventmgr.models.awards import Honouree
from eventmgr.models.database import db, transaction
from eventmgr.services import dossier_deciding
from eventmgr.services.award_parts import form_for_writing, note
from eventmgr.services.award_waves import Material, handed_text, material


@dataclass(frozen=True)
class Step:
    """Something that was done for one award: when, by whom, and words that say more."""

    at: datetime
    by: str
    words: str = ""


@dataclass(frozen=True)
class Progress:
    """The steps of one award after its decision; None for what has not happened."""

    invited: Step | None = None
    certificate: Step | None = None
    handed: Step | None = None


def progress_of(conference_id: int, form_id: int | None = None) -> dict[int, Progress]:
    """Return the steps by honouree, of one list or of all of a conference; a fixed number of queries."""
    wanted = sa.select(Honouree).where(Honouree.conference_id == conference_id)
    listed = list(db.session.scalars(wanted if form_id is None else wanted.where(Honouree.form_id == form_id)))
    people = {by for one in listed for by in (one.certificate_by_id, one.invited_by_id) if by is not None}
    names = {one: name for one, name in db.session.execute(sa.select(Account.id, Account.display_name).where(Account.id.in_(people)))}
    handed = _handed(material(conference_id))
    return {
        one.id: Progress(
            _step(one.invited_at, one.invited_by_id, names) if one.delegate_id is not None else None,
            _step(one.certificate_at, one.certificate_by_id, names), handed.get(one.id),
        )
        for one in listed
    }  # fmt: skip


def unready_counts(conference_id: int) -> dict[int, int]:
    """Return how many certificates of each decided list are not ready, by form; 0 where all are."""
    counted = (
        sa.select(Honouree.form_id, sa.func.count())
        .where(Honouree.conference_id == conference_id, Honouree.cancelled_at.is_(None), Honouree.certificate_at.is_(None))
        .group_by(Honouree.form_id)
    )
    return defaultdict(int, {form_id: int(count) for form_id, count in db.session.execute(counted)})


def mark_certificates(conference_id: int, form_id: int, honouree_ids: Sequence[int], ready: bool, by: int) -> list[int]:
    """Say that these certificates lie ready, or that they do not; return those that changed, for the way back.

    Once more changes nothing. Raises Invalid when nothing was chosen, NotFound for a name of another list, Conflict
    while the list has no decision: its number stands on the certificate.
    """
    if not honouree_ids:
        raise Invalid("Đánh dấu ít nhất một tên.", "one")
    with transaction():
        form = form_for_writing(conference_id, form_id)
        rows = list(db.session.scalars(sa.select(Honouree).where(Honouree.form_id == form.id, Honouree.id.in_(honouree_ids)).order_by(Honouree.id)))
        if len(rows) != len(set(honouree_ids)):
            raise NotFound("Không có tên này trong danh sách.")
        if form.decision_number is None:
            raise Conflict("Chưa có Quyết định nên chưa có Bằng để ghi.")
        changed = [one for one in rows if (one.certificate_at is not None) is not ready and (one.cancelled_at is None or not ready)]
        for one in changed:
            one.certificate_at, one.certificate_by_id = (clock.now(), by) if ready else (None, None)
            dossier_deciding.tell(one.id, "certified" if ready else "uncertified", by)
        if changed:
            kinds = [one.kind for one in changed]
            counts = counts_text(kinds.count(RecipientKind.COLLECTIVE), kinds.count(RecipientKind.INDIVIDUAL))
            note(
                form, "awards.certified" if ready else "awards.uncertified", by,
                f"{'Bằng đã sẵn sàng' if ready else 'Bỏ ghi Bằng đã sẵn sàng'}: {counts}.", honouree_ids=[one.id for one in changed],
            )  # fmt: skip
    return [one.id for one in changed]


def _step(at: datetime | None, by: int | None, names: Mapping[int, str]) -> Step | None:
    return Step(at, names.get(by or 0, "")) if at is not None else None


def _handed(held: Material) -> dict[int, Step]:
    """Who got theirs: on stage when their wave ended or somebody said so, or later, by whom to whom."""
    now, marks = held.replayed(), effective(held.marks)
    found = {}
    for one in held.called:
        state, wave = now.state_of(one.id), now.wave_of(one.id)
        if state is State.HANDED:
            mark = now.handed[one.id]
            found[one.id] = Step(mark.at, mark.by, f"trao sau cho {handed_text(mark)}")
        elif state in {State.RECEIVED, State.RECEIVED_BY} and wave is not None:
            own = [mark for mark in marks if mark.verb is Verb.RECEIVED and mark.honouree_id == one.id]
            ended = [mark for mark in marks if mark.verb is Verb.END and mark.at == wave.ended_at]
            said = (own or ended)[-1]
            words = f"nhận thay: {now.stand_ins[one.id].shown}" if one.id in now.stand_ins else ""
            found[one.id] = Step(said.at, said.by, words)
    return found
