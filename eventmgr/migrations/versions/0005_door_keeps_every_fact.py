"""the door keeps every fact: exits, holds, walk-ins, what phones decided; conflicts; how phones are"""

import sqlalchemy as sa
from alembic import op

import eventmgr.models.database

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

OLD_WAYS = "'camera', 'hand_scanner', 'typed', 'search', 'photo', 'office'"


def upgrade() -> None:
    moment = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for column in (f"told_at {moment}", "unsent INTEGER", "snapshot VARCHAR(60)", f"snapshot_at {moment}", "battery INTEGER"):
        op.execute(f"ALTER TABLE phones ADD COLUMN {column}")
    op.execute(f"ALTER TABLE admissions ADD COLUMN out_at {moment}")
    _widen_scans()
    _place_old_scans()
    _create_conflicts()


def downgrade() -> None:
    op.drop_table("door_conflicts")
    op.execute("DELETE FROM admissions WHERE scan_id IN (SELECT id FROM scans WHERE way IN ('paper', 'unknown'))")
    op.execute("DELETE FROM scans WHERE kind NOT IN ('entry', 'undo') OR way IN ('paper', 'unknown')")
    _narrow_scans()
    op.execute("ALTER TABLE admissions DROP COLUMN out_at")
    for column in ("battery", "snapshot_at", "snapshot", "unsent", "told_at"):
        op.execute(f"ALTER TABLE phones DROP COLUMN {column}")


def _widen_scans() -> None:
    with op.batch_alter_table("scans") as batch_op:
        batch_op.drop_constraint(op.f("ck_scans_kind_known"), type_="check")
        batch_op.drop_constraint(op.f("ck_scans_way_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_scans_kind_known"), "kind IN ('entry', 'exit', 'undo', 'hold', 'unread')")
        batch_op.create_check_constraint(op.f("ck_scans_way_known"), f"way IN ({OLD_WAYS}, 'paper', 'unknown')")
        batch_op.add_column(sa.Column("at", eventmgr.models.database.UtcDateTime(timezone=True), nullable=True))
        for name in ("passed", "again", "cleared", "doubt"):
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        for name, length in (
            ("objection", 30), ("decided", 30), ("snapshot", 60), ("about_key", 40), ("entered_as", 120),
            ("entered_post", 300), ("said", 500),
        ):
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=True))
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_scans_account_id"), "accounts", ["account_id"], ["id"], ondelete="SET NULL")
    op.create_index("ix_scans_undoes", "scans", ["conference_id", "undoes_key"])
    op.create_index("ix_scans_kind", "scans", ["conference_id", "kind", "at"])


def _narrow_scans() -> None:
    op.drop_index("ix_scans_kind", "scans")
    op.drop_index("ix_scans_undoes", "scans")
    with op.batch_alter_table("scans") as batch_op:
        batch_op.drop_constraint(op.f("ck_scans_kind_known"), type_="check")
        batch_op.drop_constraint(op.f("ck_scans_way_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_scans_kind_known"), "kind IN ('entry', 'undo')")
        batch_op.create_check_constraint(op.f("ck_scans_way_known"), f"way IN ({OLD_WAYS})")
        batch_op.drop_constraint(op.f("fk_scans_account_id"), type_="foreignkey")
        for name in (
            "account_id", "said", "entered_post", "entered_as", "about_key", "snapshot", "decided", "doubt", "objection",
            "cleared", "again", "passed", "at",
        ):
            batch_op.drop_column(name)


def _place_old_scans() -> None:
    """Old servers decided themselves: what admitted without opening an admission was a re-entry."""
    own = "(SELECT {} FROM admissions WHERE admissions.scan_id = scans.id)"
    op.execute(f"UPDATE scans SET at = COALESCE({own.format('admitted_at')}, received_at)")
    op.execute("UPDATE scans SET passed = TRUE WHERE kind = 'entry' AND outcome = 'admitted'")
    op.execute("UPDATE scans SET again = TRUE WHERE passed AND id NOT IN (SELECT scan_id FROM admissions)")
    for name in ("substitute_name", "substitute_post"):
        op.execute(f"UPDATE scans SET entered_{'as' if name.endswith('name') else 'post'} = {own.format(name)}")
    with op.batch_alter_table("scans") as batch_op:
        batch_op.alter_column("at", existing_type=eventmgr.models.database.UtcDateTime(timezone=True), nullable=False)


def _create_conflicts() -> None:
    op.create_table('door_conflicts',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('delegate_id', sa.Integer(), nullable=True),
    sa.Column('scan_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('other_delegate_id', sa.Integer(), nullable=True),
    sa.Column('found_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('gone_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('judged_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('judged_by_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.String(length=20), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(judged_at IS NULL) = (decision IS NULL)", name=op.f('ck_door_conflicts_judged_is_whole')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_door_conflicts_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['delegate_id'], ['delegates.id'], name=op.f('fk_door_conflicts_delegate_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['judged_by_id'], ['accounts.id'], name=op.f('fk_door_conflicts_judged_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['other_delegate_id'], ['delegates.id'], name=op.f('fk_door_conflicts_other_delegate_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['other_id'], ['scans.id'], name=op.f('fk_door_conflicts_other_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['scan_id'], ['scans.id'], name=op.f('fk_door_conflicts_scan_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_door_conflicts')),
    sa.UniqueConstraint('conference_id', 'kind', 'scan_id', name=op.f('uq_door_conflicts_conference_id_kind_scan_id'))
    )
    op.create_index(op.f('ix_door_conflicts_conference_id'), 'door_conflicts', ['conference_id'], unique=False)
    op.create_index(op.f('ix_door_conflicts_delegate_id'), 'door_conflicts', ['delegate_id'], unique=False)
    op.create_index(op.f('ix_door_conflicts_scan_id'), 'door_conflicts', ['scan_id'], unique=False)
    op.create_index('ix_door_conflicts_open', 'door_conflicts', ['conference_id', 'judged_at', 'gone_at'], unique=False)
