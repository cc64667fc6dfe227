"""the register of letters: every number once a year, kept runs, corrections; what is issued already is entered"""

import sqlalchemy as sa
from alembic import op

import eventmgr.models.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_moment = eventmgr.models.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "register_numbers",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("reserved_at", _moment, nullable=True),
        sa.Column("reserved_by_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=300), nullable=True),
        sa.Column("released_at", _moment, nullable=True),
        sa.Column("voided_at", _moment, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_register_numbers_number_positive")),
        sa.CheckConstraint(
            "voided_at IS NULL OR (invitation_id IS NULL AND reason IS NOT NULL)",
            name=op.f("ck_register_numbers_voided_with_reason"),
        ),
        sa.CheckConstraint(
            "released_at IS NULL OR (invitation_id IS NULL AND reason IS NOT NULL)",
            name=op.f("ck_register_numbers_released_with_reason"),
        ),
        sa.CheckConstraint("voided_at IS NULL OR released_at IS NULL", name=op.f("ck_register_numbers_voided_or_released")),
        sa.CheckConstraint(
            "invitation_id IS NOT NULL OR voided_at IS NOT NULL OR released_at IS NOT NULL OR reserved_at IS NOT NULL",
            name=op.f("ck_register_numbers_says_why_it_is_there"),
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conferences.id"], name=op.f("fk_register_numbers_conference_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["accounts.id"], name=op.f("fk_register_numbers_ended_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_register_numbers_invitation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reserved_by_id"], ["accounts.id"], name=op.f("fk_register_numbers_reserved_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_numbers")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_register_numbers_invitation_id")),
        sa.UniqueConstraint("year", "symbol", "number", name=op.f("uq_register_numbers_year_symbol_number")),
    )
    op.create_index(op.f("ix_register_numbers_conference_id"), "register_numbers", ["conference_id"])
    op.create_table(
        "letter_corrections",
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("old_text", sa.Text(), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=False),
        sa.Column("old_sheet", sa.JSON(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_letter_corrections_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conferences.id"], name=op.f("fk_letter_corrections_conference_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_letter_corrections_invitation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_corrections")),
    )
    op.create_index(op.f("ix_letter_corrections_conference_id"), "letter_corrections", ["conference_id"])
    op.create_index(op.f("ix_letter_corrections_invitation_id"), "letter_corrections", ["invitation_id"])
    op.execute(
        "INSERT INTO register_numbers (year, symbol, number, invitation_id, conference_id)"
        " SELECT number_year, number_symbol, number, id, conference_id FROM invitations"
        " WHERE number IS NOT NULL ORDER BY id"
    )


def downgrade() -> None:
    op.drop_table("letter_corrections")
    op.drop_table("register_numbers")
