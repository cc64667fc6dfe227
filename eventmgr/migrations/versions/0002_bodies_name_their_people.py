"""bodies name their people: contacts and links of bodies, deadlines of groups, companions, how an answer came"""

import sqlalchemy as sa
from alembic import op

import eventmgr.models.database

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

CHANNELS = "channel IS NULL OR channel IN ('phone', 'document', 'email', 'in_person', 'message', 'other')"


def upgrade() -> None:
    # Added in SQL that both databases know, constraints included: SQLite need not build these tables anew.
    moment = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    _add("bodies", "email VARCHAR(254)", "phone VARCHAR(60)", "link_seed VARCHAR(32)",
         "link_digest VARCHAR(64) CONSTRAINT ck_bodies_link_is_whole CHECK ((link_seed IS NULL) = (link_digest IS NULL))",
         f"link_made_at {moment}", f"link_opened_at {moment}")
    op.create_index("ix_bodies_link_digest", "bodies", ["link_digest"], unique=True)
    _add("groups", f"reply_by {moment}",
         f"freeze_at {moment} CONSTRAINT ck_groups_freeze_after_deadline"
         " CHECK (freeze_at IS NULL OR reply_by IS NULL OR freeze_at >= reply_by)")
    with op.batch_alter_table("delegates") as batch_op:
        batch_op.add_column(sa.Column("companion_of_id", sa.Integer(), nullable=True))
        batch_op.create_index(op.f("ix_delegates_companion_of_id"), ["companion_of_id"])
        batch_op.create_foreign_key(
            op.f("fk_delegates_companion_of_id"), "delegates", ["companion_of_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_check_constraint(op.f("ck_delegates_companion_of_another"), "companion_of_id <> id")
    _widen_replies()
    _create_nominations()


def downgrade() -> None:
    op.drop_table("nominations")
    _narrow_replies()
    with op.batch_alter_table("delegates") as batch_op:
        batch_op.drop_constraint(op.f("ck_delegates_companion_of_another"), type_="check")
        batch_op.drop_constraint(op.f("fk_delegates_companion_of_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_delegates_companion_of_id"))
        batch_op.drop_column("companion_of_id")
    op.drop_index("ix_bodies_link_digest", "bodies")
    for table, columns in (
        ("groups", ("freeze_at", "reply_by")),
        ("bodies", ("link_opened_at", "link_made_at", "link_digest", "link_seed", "phone", "email")),
    ):
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _add(table: str, *columns: str) -> None:
    for column in columns:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def _widen_replies() -> None:
    with op.batch_alter_table("replies") as batch_op:
        batch_op.drop_constraint(op.f("ck_replies_source_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_replies_source_known"), "source IN ('invitee', 'office', 'body')")
        batch_op.add_column(sa.Column("channel", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("document_number", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("is_late", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("taken_back_at", eventmgr.models.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("taken_back_by_id", sa.Integer(), nullable=True))
        batch_op.alter_column("invitation_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(
            op.f("fk_replies_taken_back_by_id"), "accounts", ["taken_back_by_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_check_constraint(op.f("ck_replies_channel_known"), CHANNELS)


def _narrow_replies() -> None:
    op.execute("DELETE FROM replies WHERE source = 'body' OR invitation_id IS NULL")
    with op.batch_alter_table("replies") as batch_op:
        batch_op.drop_constraint(op.f("ck_replies_source_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_replies_source_known"), "source IN ('invitee', 'office')")
        batch_op.drop_constraint(op.f("ck_replies_channel_known"), type_="check")
        batch_op.drop_constraint(op.f("fk_replies_taken_back_by_id"), type_="foreignkey")
        batch_op.alter_column("invitation_id", existing_type=sa.Integer(), nullable=False)
        for column in ("taken_back_by_id", "taken_back_at", "is_late", "note", "document_number", "channel"):
            batch_op.drop_column(column)


def _create_nominations() -> None:
    op.create_table('nominations',
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('delegate_id', sa.Integer(), nullable=True),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('result_id', sa.Integer(), nullable=True),
    sa.Column('reply_id', sa.Integer(), nullable=True),
    sa.Column('address_form', sa.String(length=20), nullable=True),
    sa.Column('full_name', sa.String(length=120), nullable=True),
    sa.Column('posts', sa.JSON(), nullable=False),
    sa.Column('phone', sa.String(length=60), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=True),
    sa.Column('person_key', sa.String(length=400), nullable=True),
    sa.Column('before', sa.String(length=300), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('sent_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=500), nullable=True),
    sa.Column('judged_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('judged_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("full_name IS NOT NULL OR kind IN ('excuse', 'note')", name=op.f('ck_nominations_person_named')),
    sa.CheckConstraint("kind IN ('name', 'replace', 'excuse', 'companion', 'note')", name=op.f('ck_nominations_kind_known')),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'returned', 'withdrawn')", name=op.f('ck_nominations_state_known')),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_nominations_body_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_nominations_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['delegate_id'], ['delegates.id'], name=op.f('fk_nominations_delegate_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['judged_by_id'], ['accounts.id'], name=op.f('fk_nominations_judged_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['parent_id'], ['nominations.id'], name=op.f('fk_nominations_parent_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_nominations_reply_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['result_id'], ['delegates.id'], name=op.f('fk_nominations_result_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nominations'))
    )
    op.create_index(op.f('ix_nominations_body_id'), 'nominations', ['body_id'], unique=False)
    op.create_index(op.f('ix_nominations_conference_id'), 'nominations', ['conference_id'], unique=False)
    op.create_index(op.f('ix_nominations_delegate_id'), 'nominations', ['delegate_id'], unique=False)
    op.create_index(op.f('ix_nominations_parent_id'), 'nominations', ['parent_id'], unique=False)
    op.create_index(op.f('ix_nominations_reply_id'), 'nominations', ['reply_id'], unique=False)
    op.create_index('ix_nominations_state', 'nominations', ['conference_id', 'state', 'id'], unique=False)
    op.create_index('uq_nominations_person', 'nominations', ['body_id', 'person_key'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_index('uq_nominations_place', 'nominations', ['delegate_id'], unique=True, sqlite_where=sa.text("state = 'waiting' AND kind IN ('name', 'replace', 'excuse')"), postgresql_where=sa.text("state = 'waiting' AND kind IN ('name', 'replace', 'excuse')"))
