"""wording blocks: the texts of the letters move from the conference's row to a table of their own"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# column of the conference -> block
_MOVED = {"letter_subject": "subject", "letter_opening": "opening", "letter_purpose": "purpose"}
_conferences = sa.table(
    "conferences", sa.column("id", sa.Integer), sa.column("letter_notes", sa.JSON),
    *(sa.column(name, sa.String) for name in _MOVED),
)  # fmt: skip
_blocks = sa.table(
    "wording_blocks", sa.column("conference_id", sa.Integer), sa.column("group_id", sa.Integer),
    sa.column("block", sa.String), sa.column("text", sa.Text),
)  # fmt: skip
_plans = sa.table("plans", sa.column("id", sa.Integer), sa.column("facts", sa.JSON))


def upgrade() -> None:
    op.create_table(
        "wording_blocks",
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("block", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "block IN ('subject', 'opening', 'purpose', 'notes', 'prepare', 'reply', 'closing', 'code')",
            name=op.f("ck_wording_blocks_block_known"),
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conferences.id"], name=op.f("fk_wording_blocks_conference_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_wording_blocks_group_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_blocks")),
    )
    op.create_index(op.f("ix_wording_blocks_conference_id"), "wording_blocks", ["conference_id"])
    whole, own = sa.text("group_id IS NULL"), sa.text("group_id IS NOT NULL")
    op.create_index(
        "uq_wording_blocks_conference", "wording_blocks", ["conference_id", "block"], unique=True,
        sqlite_where=whole, postgresql_where=whole,
    )  # fmt: skip
    op.create_index(
        "uq_wording_blocks_group", "wording_blocks", ["group_id", "block"], unique=True, sqlite_where=own, postgresql_where=own
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(_conferences)).mappings().all():
        texts = {block: row[column] for column, block in _MOVED.items()} | {"notes": "\n".join(row["letter_notes"] or [])}
        made = [{"conference_id": row["id"], "block": block, "text": text} for block, text in texts.items() if text]
        if made:
            connection.execute(sa.insert(_blocks), made)
    for plan_id, facts in connection.execute(sa.select(_plans.c.id, _plans.c.facts)).all():
        connection.execute(sa.update(_plans).where(_plans.c.id == plan_id).values(facts=_moved(facts)))
    # In place: SQLite's way of making the table anew would drop it, and all that refers to it would go with it.
    for column in (*_MOVED, "letter_notes"):
        op.drop_column("conferences", column)


def _moved(facts: dict[str, Any]) -> dict[str, Any]:
    """What the plan said when it was loaded, in the tables of today: a new load compares with it."""
    rows = dict(facts.get("rows", {}))
    conference = dict(rows.get("conference", {}).get("", {}))
    texts = {block: conference.pop(column, None) for column, block in _MOVED.items()}
    rows["conference"] = {"": conference}
    rows["wording"] = {block: {"block": block, "text": text} for block, text in texts.items() if text}
    return {**facts, "rows": rows}


def downgrade() -> None:
    """The texts of the conference go back to its row; those of single groups have no place there."""
    for column, length in (("letter_subject", 500), ("letter_opening", 500), ("letter_purpose", 700)):
        op.add_column("conferences", sa.Column(column, sa.String(length=length), nullable=True))
    op.add_column("conferences", sa.Column("letter_notes", sa.JSON(), nullable=False, server_default="[]"))
    connection = op.get_bind()
    columns = {block: column for column, block in _MOVED.items()}
    for row in connection.execute(sa.select(_blocks).where(_blocks.c.group_id.is_(None))).mappings().all():
        values = {"letter_notes": row["text"].splitlines()} if row["block"] == "notes" else {}
        if row["block"] in columns:
            values = {columns[row["block"]]: row["text"]}
        if values:
            connection.execute(sa.update(_conferences).where(_conferences.c.id == row["conference_id"]).values(values))
    for plan_id, facts in connection.execute(sa.select(_plans.c.id, _plans.c.facts)).all():
        connection.execute(sa.update(_plans).where(_plans.c.id == plan_id).values(facts=_moved_back(facts)))
    op.drop_table("wording_blocks")


def _moved_back(facts: dict[str, Any]) -> dict[str, Any]:
    rows = dict(facts.get("rows", {}))
    texts = {block: row["text"] for block, row in rows.pop("wording", {}).items()}
    head = {column: texts.get(block) for column, block in _MOVED.items()}
    rows["conference"] = {"": dict(rows.get("conference", {}).get("", {})) | head}
    return {**facts, "rows": rows}
