"""What a plan file holds, as values. `line` is 1-based in the plan's text; `printed` is the plan's own spelling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.delegates import Bloc, GroupRole, Level, RankRule
from eventmgr.domain.invitations import DeadlineRule, LetterForm, LetterheadKind
from eventmgr.domain.items import ItemKind, PresenterKind, step_number
from eventmgr.domain.plan_words import Audience, InvitedAs, Origin, Stage


@dataclass(frozen=True)
class Quote:
    """A fact with the words of the plan that state it."""

    text: str
    printed: str | None = None
    line: int | None = None
    origin: Origin = Origin.STATED


@dataclass(frozen=True)
class Section:
    """A heading of the plan."""

    number: str
    title: str
    line: int


@dataclass(frozen=True)
class Term:
    """A word that the plan defines."""

    term: str
    meaning: str
    printed: str | None
    line: int | None


@dataclass(frozen=True)
class Citation:
    """Another paper that the plan rests on or names."""

    kind: str
    number: str
    printed: str | None
    date: date | None
    issuer: str
    subject: str
    line: int | None


@dataclass(frozen=True)
class PlanDocument:
    """The plan as a paper; `signature` are its last lines, authority first and name last."""

    key: str
    number: str
    number_printed: str | None
    number_line: int | None
    type_code: str
    type_name: str
    date: date | None
    issuer: str
    issuer_short: str
    title: str
    printed: str | None
    line: int | None
    signature: tuple[Quote, ...]
    sections: tuple[Section, ...]
    terms: tuple[Term, ...]
    basis: tuple[Citation, ...]
    cites: tuple[Citation, ...]


@dataclass(frozen=True)
class DateWindow:
    """The days between which the conference can be held; `likely` is where the choice begins."""

    first: date
    last: date
    likely: date | None
    origin: Origin


@dataclass(frozen=True)
class ConferenceFacts:
    """The conference; what the plan leaves open is None. Hours are local."""

    title: str
    title_origin: Origin
    short_title: str
    kind: str
    level: Level
    organiser: str
    standing_body: str | None
    invitation_issuer: str | None
    invitation_issuer_line: int | None
    chair: Quote | None
    sessions: Quote | None
    date: date | None
    date_text: Quote | None
    date_note: Quote | None
    date_window: DateWindow | None
    starts_at: time | None
    ends_at: time | None
    venue: Quote | None
    venue_address: str | None
    capacity: int | None
    principles: Quote | None
    objectives: tuple[Quote, ...]


@dataclass(frozen=True)
class LetterheadFacts:
    """One of the two letterheads; `signers` are the lines above a signer's name, one choice each."""

    superior: str | None
    agency: tuple[str, ...]
    symbol: str
    symbol_variants: tuple[str, ...]
    opening: str
    signers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class LetterFacts:
    """Everything the Giấy mời takes from the plan file."""

    default: LetterheadKind
    form: LetterForm
    province: str
    place: Quote
    origin: Origin
    office: LetterheadFacts
    committee: LetterheadFacts
    signer_name: str | None
    subject: str
    purpose: str
    wording_origin: Origin
    recipients: tuple[str, ...]

    def chosen(self) -> LetterheadFacts:
        """Return the letterhead that letters carry by default."""
        return self.office if self.default is LetterheadKind.OFFICE else self.committee


@dataclass(frozen=True)
class BodyFacts:
    """An agency or unit; a `reference` one is only offered for choosing."""

    key: str
    name: str
    printed: str | None
    line: int | None
    code: str | None
    parent: str | None
    bloc: Bloc
    origin: Origin
    reference: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class PostFacts:
    """A post that is invited; the person comes later."""

    key: str
    title: str
    origin: Origin


@dataclass(frozen=True)
class MemberFacts:
    """A body within a group: `seat` is what it is in the group ('Ủy viên'), `posts` who of it is invited."""

    body: str
    seat: str | None
    origin: Origin
    posts: tuple[PostFacts, ...]


@dataclass(frozen=True)
class GroupFacts:
    """A group of invitees, in the plan's order."""

    key: str
    label: str
    printed: str | None
    line: int | None
    bloc: Bloc
    invited_as: InvitedAs
    role: GroupRole
    quota: int | None
    note: str | None
    members: tuple[MemberFacts, ...]


@dataclass(frozen=True)
class ImpliedFacts:
    """Somebody the programme needs and no group names; `group` may cover them."""

    who: str
    body: str | None
    why: str
    group: str | None
    note: str | None


@dataclass(frozen=True)
class ItemFacts:
    """A row of the programme, or a sub-item of one."""

    key: str
    mark: str
    title: str
    title_origin: Origin
    printed: str | None
    line: int | None
    kind: ItemKind
    presenter: str | None
    presenter_printed: str | None
    presenter_kind: PresenterKind
    body: str | None
    minutes: int | None
    sub_items: tuple[ItemFacts, ...] = ()


@dataclass(frozen=True)
class AgendaFacts:
    """The programme as the plan prints it."""

    title: str
    title_line: int | None
    note: str | None
    note_line: int | None
    columns: tuple[str, ...]
    columns_line: int | None
    items: tuple[ItemFacts, ...]

    def spoken(self) -> tuple[tuple[str, ItemFacts], ...]:
        """Return the steps that are spoken, each with its number: '1a', '2', '4.(2)'."""
        steps: list[tuple[str, ItemFacts]] = []
        for item in self.items:
            if item.sub_items:
                numbered = enumerate(item.sub_items, start=1)
                steps += [(step_number(item.mark, sub.mark, place), sub) for place, sub in numbered]
            else:
                steps.append((step_number(item.mark), item))
        return tuple(steps)


@dataclass(frozen=True)
class TaskFacts:
    """A duty that the plan gives to somebody."""

    key: str
    section: str
    line: int | None
    printed: str | None
    owner: str
    body: str | None
    partners: tuple[str, ...]
    what: str
    deadline: date | None
    rule: DeadlineRule | None
    send_to: str | None
    item: str | None
    conflicts_with: str | None


@dataclass(frozen=True)
class DocumentFacts:
    """A paper that the conference needs."""

    key: str
    title: str
    owner: str
    stage: Stage
    audience: Audience
    origin: Origin
    line: int | None
    item: str | None
    note: str | None


@dataclass(frozen=True)
class BudgetFacts:
    """A source of money; `amount` in whole đồng, None while nobody has said."""

    key: str
    level: str
    source: str
    printed: str | None
    line: int | None
    holder: str | None
    holder_origin: Origin
    purpose: str | None
    amount: int | None


@dataclass(frozen=True)
class AwardFacts:
    """A form of award; `form` is None where the plan does not name it."""

    key: str
    form: str | None
    authority: str
    printed: str | None
    line: int | None
    recipients: tuple[RecipientKind, ...]
    funded_by: str | None
    prepared_by: str | None
    at_conference: bool
    note: str | None


@dataclass(frozen=True)
class RecipientFacts:
    """A line of the plan's "Nơi nhận"."""

    text: str
    printed: str | None
    mark: str | None
    line: int | None


@dataclass(frozen=True)
class OddityFacts:
    """Something odd in the plan's text, and what it likely means."""

    key: str
    line: int
    kind: str
    printed: tuple[str, ...]
    likely: str


@dataclass(frozen=True)
class Plan:
    """A whole plan file."""

    slug: str
    document: PlanDocument
    conference: ConferenceFacts
    letter: LetterFacts
    bodies: tuple[BodyFacts, ...]
    groups: tuple[GroupFacts, ...]
    implied: tuple[ImpliedFacts, ...]
    ranks_origin: Origin
    ranks: tuple[RankRule, ...]
    agenda: AgendaFacts
    tasks: tuple[TaskFacts, ...]
    documents: tuple[DocumentFacts, ...]
    budget: tuple[BudgetFacts, ...]
    awards: tuple[AwardFacts, ...]
    recipients: tuple[RecipientFacts, ...]
    oddities: tuple[OddityFacts, ...]
