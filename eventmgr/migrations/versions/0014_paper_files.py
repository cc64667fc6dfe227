"""papers: their files, who may have them and from when, who opened them"""

import sqlalchemy as sa
from alembic import op

from eventmgr.models.database import UtcDateTime

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_files",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("suffix", sa.String(10), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("kept_as", sa.String(60), nullable=False),
        sa.Column("release", sa.String(10), nullable=False),
        sa.Column("release_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("release IN ('held', 'now', 'at', 'item')", name=op.f("ck_paper_files_release_known")),
        sa.CheckConstraint("(release = 'at') = (release_at IS NOT NULL)", name=op.f("ck_paper_files_hour_when_promised")),
        sa.CheckConstraint("bytes > 0", name=op.f("ck_paper_files_not_empty")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_files_paper_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["accounts.id"], name=op.f("fk_paper_files_uploaded_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["conference_id"], ["conferences.id"], name=op.f("fk_paper_files_conference_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_files")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_paper_files_paper_id")),
        sa.UniqueConstraint("kept_as", name=op.f("uq_paper_files_kept_as")),
    )
    op.create_index(op.f("ix_paper_files_conference_id"), "paper_files", ["conference_id"])
    op.create_table(
        "paper_openings",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["paper_files.id"], name=op.f("fk_paper_openings_file_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegates.id"], name=op.f("fk_paper_openings_delegate_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conference_id"], ["conferences.id"], name=op.f("fk_paper_openings_conference_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_openings")),
        sa.UniqueConstraint("file_id", "delegate_id", name=op.f("uq_paper_openings_file_id_delegate_id")),
    )
    op.create_index(op.f("ix_paper_openings_conference_id"), "paper_openings", ["conference_id"])
    op.create_index(op.f("ix_paper_openings_delegate_id"), "paper_openings", ["delegate_id"])


def downgrade() -> None:
    op.drop_table("paper_openings")
    op.drop_table("paper_files")
