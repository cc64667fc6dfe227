"""Reading a plan file: from parsed YAML to values, or all its problems at once."""

from __future__ import annotations

import re

from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.delegates import Bloc, GroupRole, RankRule
from eventmgr.domain.errors import Invalid
from eventmgr.domain.invitations import DeadlineRule
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.plan_check import check_references
from eventmgr.domain.plan_fields import Fields
from eventmgr.domain.plan_head import read_conference, read_document, read_letter
from eventmgr.domain.plan_parts import (
    AgendaFacts,
    AwardFacts,
    BodyFacts,
    BudgetFacts,
    DocumentFacts,
    GroupFacts,
    ImpliedFacts,
    ItemFacts,
    MemberFacts,
    OddityFacts,
    Plan,
    PostFacts,
    RecipientFacts,
    TaskFacts,
)
from eventmgr.domain.plan_words import Audience, InvitedAs, Origin, Stage

__all__ = ["SCHEMA", "Plan", "PlanError", "read_plan"]

SCHEMA = 1
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class PlanError(Invalid):
    """A plan file that cannot be loaded; `problems` are whole sentences, each with its place in the file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Tệp kế hoạch chưa dùng được: " + " ".join(problems))
        self.problems = problems


def read_plan(data: object) -> Plan:
    """Return the plan that a parsed YAML file describes.

    Raises PlanError with every problem found: missing and unknown keys, wrong types, dates that are no
    dates, unknown choices, doubled keys, references to nothing.
    """
    if not isinstance(data, dict):
        raise PlanError(["Tệp không phải là một kế hoạch: dòng đầu phải là các khóa như “slug:”, “plan:”."])
    problems: list[str] = []
    fields = Fields(data, "", problems)
    if fields.number("schema") != SCHEMA:
        fields.problem("schema", f"phiên bản mẫu phải là {SCHEMA}.")
    plan = _plan(fields)
    fields.done()
    if plan.slug and not (_SLUG.fullmatch(plan.slug) and len(plan.slug) <= 80):
        fields.problem("slug", "chỉ gồm chữ thường không dấu, số và dấu gạch nối, nhiều nhất 80 ký tự.")
    problems += check_references(plan)
    if problems:
        raise PlanError(problems)
    return plan


def _plan(f: Fields) -> Plan:
    return Plan(
        slug=f.text("slug"),
        document=f.part("plan", read_document),
        conference=f.part("conference", read_conference),
        letter=f.part("letterhead", read_letter),
        bodies=f.parts("bodies", _body, needed=True),
        groups=f.parts("groups", _group, needed=True),
        implied=f.parts("implied", _implied),
        ranks_origin=f.choice("ranks_origin", Origin, Origin.ASSUMED),
        ranks=f.parts("ranks", _rank),
        agenda=f.part("agenda", _agenda),
        tasks=f.parts("tasks", _task),
        documents=f.parts("documents", _paper),
        budget=f.parts("budget", _budget),
        awards=f.parts("awards", _award),
        recipients=f.parts("recipients", _recipient),
        oddities=f.parts("oddities", _oddity),
    )


def _body(f: Fields) -> BodyFacts:
    return BodyFacts(
        key=f.text("key", 60),
        name=f.text("name", 300),
        printed=f.maybe_text("printed", 300),
        line=f.maybe_number("line"),
        code=f.maybe_text("code", 20),
        parent=f.maybe_text("parent", 60),
        bloc=f.choice("bloc", Bloc),
        origin=f.choice("origin", Origin),
        reference=f.flag("reference"),
        aliases=f.texts("aliases"),
    )


def _group(f: Fields) -> GroupFacts:
    return GroupFacts(
        key=f.text("key", 40),
        label=f.text("label", 300),
        printed=f.maybe_text("printed", 300),
        line=f.maybe_number("line"),
        bloc=f.choice("bloc", Bloc),
        invited_as=f.choice("invited_as", InvitedAs),
        role=f.choice("role", GroupRole),
        quota=f.maybe_number("quota", least=0),
        note=f.maybe_text("note", 500),
        members=f.parts("members", _member),
    )


def _member(f: Fields) -> MemberFacts:
    return MemberFacts(
        body=f.text("body", 60),
        seat=f.maybe_text("seat", 200),
        origin=f.choice("origin", Origin),
        posts=f.parts("posts", _post),
    )


def _post(f: Fields) -> PostFacts:
    return PostFacts(f.text("key", 60), f.text("title", 300), f.choice("origin", Origin))


def _implied(f: Fields) -> ImpliedFacts:
    return ImpliedFacts(
        who=f.text("who", 300),
        body=f.maybe_text("body", 60),
        why=f.text("why", 300),
        group=f.maybe_text("group", 40),
        note=f.maybe_text("note", 300),
    )


def _rank(f: Fields) -> RankRule:
    return RankRule(f.number("value", least=0), f.text("title", 300), f.maybe_choice("bloc", Bloc))


def _agenda(f: Fields) -> AgendaFacts:
    return AgendaFacts(
        title=f.text("title", 200),
        title_line=f.maybe_number("title_line"),
        note=f.maybe_text("note", 300),
        note_line=f.maybe_number("note_line"),
        columns=f.texts("columns"),
        columns_line=f.maybe_number("columns_line"),
        items=f.parts("items", _row, needed=True),
    )


def _row(f: Fields) -> ItemFacts:
    return _item(f, f.parts("sub_items", lambda sub: _item(sub, ())))


def _item(f: Fields, sub_items: tuple[ItemFacts, ...]) -> ItemFacts:
    return ItemFacts(
        key=f.text("key", 40),
        mark=f.text("mark", 10),
        title=f.text("title", 700),
        title_origin=f.choice("title_origin", Origin, Origin.STATED),
        printed=f.maybe_text("printed"),
        line=f.maybe_number("line"),
        kind=f.choice("kind", ItemKind, ItemKind.OTHER),
        presenter=f.maybe_text("presenter", 300),
        presenter_printed=f.maybe_text("presenter_printed", 300),
        presenter_kind=f.choice("presenter_kind", PresenterKind),
        body=f.maybe_text("body", 60),
        minutes=f.maybe_number("minutes"),
        sub_items=sub_items,
    )


def _task(f: Fields) -> TaskFacts:
    task = TaskFacts(
        key=f.text("key", 20),
        section=f.text("section", 20),
        line=f.maybe_number("line"),
        printed=f.maybe_text("printed"),
        owner=f.text("owner", 200),
        body=f.maybe_text("body", 60),
        partners=f.texts("partners"),
        what=f.text("what", 500),
        deadline=f.maybe_day("deadline"),
        rule=f.maybe_choice("rule", DeadlineRule),
        send_to=f.maybe_text("send_to", 200),
        item=f.maybe_text("item", 20),
        conflicts_with=f.maybe_text("conflicts_with", 20),
    )
    if task.deadline and not task.rule:
        f.problem("rule", "có hạn thì phải ghi before (trước ngày) hoặc by (chậm nhất ngày).")
    return task


def _paper(f: Fields) -> DocumentFacts:
    return DocumentFacts(
        key=f.text("key", 20),
        title=f.text("title", 300),
        owner=f.text("owner", 200),
        stage=f.choice("stage", Stage),
        audience=f.choice("audience", Audience),
        origin=f.choice("origin", Origin, Origin.STATED),
        line=f.maybe_number("line"),
        item=f.maybe_text("item", 20),
        note=f.maybe_text("note", 300),
    )


def _budget(f: Fields) -> BudgetFacts:
    return BudgetFacts(
        key=f.text("key", 20),
        level=f.text("level", 40),
        source=f.text("source", 300),
        printed=f.maybe_text("printed"),
        line=f.maybe_number("line"),
        holder=f.maybe_text("holder", 200),
        holder_origin=f.choice("holder_origin", Origin, Origin.STATED),
        purpose=f.maybe_text("purpose", 300),
        amount=f.maybe_number("amount", least=0),
    )


def _award(f: Fields) -> AwardFacts:
    return AwardFacts(
        key=f.text("key", 20),
        form=f.maybe_text("form", 120),
        authority=f.text("authority", 200),
        printed=f.maybe_text("printed"),
        line=f.maybe_number("line"),
        recipients=f.choices("recipients", RecipientKind),
        funded_by=f.maybe_text("funded_by", 20),
        prepared_by=f.maybe_text("prepared_by", 200),
        at_conference=f.flag("at_conference", default=True),
        note=f.maybe_text("note", 300),
    )


def _recipient(f: Fields) -> RecipientFacts:
    return RecipientFacts(
        f.text("text", 200), f.maybe_text("printed", 200), f.maybe_text("mark", 40), f.maybe_number("line")
    )


def _oddity(f: Fields) -> OddityFacts:
    return OddityFacts(
        f.text("key", 20), f.number("line"), f.text("kind", 40), f.texts("printed"), f.text("likely", 300)
    )
