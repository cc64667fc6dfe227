"""Copying the rows of a conference to another one; a private part of the services that make conferences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm
from eventmgr.models.ceremony import AwardBaseSalary, AwardFormSettings, AwardRate, CeremonySettings, CertificateField
from eventmgr.models.checkin import Gate
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group, Rank
from eventmgr.models.wording import WordingBlock
from eventmgr.services.delegate_keys import refresh_keys


def copy_rows(source_id: int, target_id: int, at: datetime, *, with_names: bool) -> None:
    """Copy groups, wording blocks, bodies, ranks, award forms, gates, delegates and the programme inside the open transaction.

    Without names a delegate is copied as the post that it holds; phone numbers, addresses and seats always stay behind.
    """
    _Copier(source_id, target_id, at, with_names=with_names).run()


class _Copier:
    """Copies the rows of one conference to another and keeps the references among them right."""

    def __init__(self, source_id: int, target_id: int, at: datetime, *, with_names: bool) -> None:
        self.source_id, self.target_id, self.at, self.with_names = source_id, target_id, at, with_names
        self.ids: dict[tuple[type[Any], int | None], int] = {}

    def run(self) -> None:
        """Copy table by table, referenced ones first."""
        self._copy(Group, reply_by=None, freeze_at=None)
        self._copy(WordingBlock)
        self._copy(Body, archived_at=None, link_seed=None, link_digest=None, link_made_at=None, link_opened_at=None)
        self._copy(Rank)
        self._copy(AwardForm, decision_number=None, decision_on=None, decision_by=None)
        self._copy(AwardFormSettings, first_book_number=None)
        for rules in (AwardBaseSalary, AwardRate, CertificateField, CeremonySettings):
            self._copy(rules)
        self._copy(Gate)
        fresh: dict[str, Any] = {"phone": None, "email": None, "seat": None, "created_at": self.at, "version": 1}
        if not self.with_names:
            fresh |= {"full_name": None, "sort_given": None, "name_key": "", "alert": None, "note": None}
        self._copy(Delegate, keep=lambda d: self._stays(d) and d.companion_of_id is None, **fresh)
        self._copy(Delegate, keep=lambda d: self._stays(d) and (Delegate, d.companion_of_id) in self.ids, **fresh)
        self._copy(Item, keep=lambda item: item.parent_id is None)
        self._copy(Item, keep=lambda item: item.parent_id is not None)
        refresh_keys(self.target_id)  # names that stayed behind must not be found

    def _stays(self, delegate: Delegate) -> bool:
        """Tell whether a delegate goes along; a companion is nobody without a name."""
        return delegate.removed_at is None and (
            self.with_names or (bool(delegate.first_post) and delegate.companion_of_id is None)
        )

    def _copy(self, table: type[Any], keep: Any = None, **fresh: Any) -> None:
        rows = db.session.scalars(sa.select(table).where(table.conference_id == self.source_id).order_by(table.id))
        for row in list(rows):
            if keep is not None and not keep(row):
                continue
            values = {c.key: getattr(row, c.key) for c in sa.inspect(table).column_attrs if c.key != "id"} | fresh
            values["conference_id"] = self.target_id
            for column, target in (("group_id", Group), ("body_id", Body), ("parent_id", Item), ("delegate_id", Delegate), ("companion_of_id", Delegate), ("form_id", AwardForm)):
                if column in values:
                    values[column] = self.ids.get((target, values[column]))
            if "group_ids" in values:
                values["group_ids"] = [self.ids[(Group, old)] for old in values["group_ids"] if (Group, old) in self.ids]
            made = table(**values)
            db.session.add(made)
            db.session.flush()
            self.ids[(table, row.id)] = made.id
