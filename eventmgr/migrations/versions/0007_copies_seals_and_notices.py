"""copies, seals and notices: backups that were made, the chained and guarded journal, how long data is kept"""

import sqlalchemy as sa
from alembic import op

from eventmgr.models.database import UtcDateTime
from eventmgr.models.journal_guard import POSTGRESQL, SQLITE

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def account(name: str, table: str) -> tuple:
    key = sa.ForeignKeyConstraint([name], ["accounts.id"], name=op.f(f"fk_{table}_{name}"), ondelete="SET NULL")
    return sa.Column(name, sa.Integer(), nullable=True), key


def upgrade() -> None:
    op.create_table(
        "copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(40), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        moment("asked_at", nullable=False),
        *account("asked_by_id", "copies"),
        moment("claimed_until"),
        moment("made_at"),
        sa.Column("file_name", sa.String(200), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        moment("proven_at"),
        sa.Column("problem", sa.String(500), nullable=True),
        moment("removed_at"),
        sa.CheckConstraint("state IN ('asked', 'making', 'made', 'failed')", name=op.f("ck_copies_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
        sa.UniqueConstraint("slot", name=op.f("uq_copies_slot")),
    )
    open_ones = sa.text("state IN ('asked', 'making')")
    op.create_index("uq_copies_one_open", "copies", ["state"], unique=True, sqlite_where=open_ones, postgresql_where=open_ones)
    op.create_table(
        "keep_rules",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        moment("changed_at", nullable=False),
        *account("changed_by_id", "keep_rules"),
        sa.CheckConstraint("days BETWEEN 0 AND 36500", name=op.f("ck_keep_rules_days_sensible")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_keep_rules")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("controller", sa.String(300), nullable=False),
        sa.Column("contact", sa.String(500), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        moment("published_at", nullable=False),
        *account("published_by_id", "notices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_table(
        "journal_seals",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.String(64), nullable=False),
        sa.Column("personal", sa.String(64), nullable=False),
        sa.Column("salt", sa.String(32), nullable=True),
        sa.Column("hash", sa.String(64), nullable=False),
        moment("blanked_at"),
        moment("gone_at"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_journal_seals")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, names in {
        "journal": ("journal_unchanged", "journal_stays"), "journal_seals": ("journal_seals_unchanged", "journal_seals_stay")
    }.items():
        for name in names:
            op.execute(f"DROP TRIGGER {name}" if on_sqlite else f"DROP TRIGGER {name} ON {table}")
    if not on_sqlite:
        op.execute("DROP FUNCTION journal_guard()")
    for table in ("journal_seals", "notices", "keep_rules", "copies"):
        op.drop_table(table)
