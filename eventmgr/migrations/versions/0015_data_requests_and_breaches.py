"""data requests and breaches: what people asked about their data, and what went wrong with it"""

import sqlalchemy as sa
from alembic import op

from eventmgr.models.database import UtcDateTime

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def noted(table: str) -> tuple:
    key = sa.ForeignKeyConstraint(["noted_by_id"], ["accounts.id"], name=op.f(f"fk_{table}_noted_by_id"), ondelete="SET NULL")
    return sa.Column("noted_at", UtcDateTime(timezone=True), nullable=False), sa.Column("noted_by_id", sa.Integer(), nullable=True), key


def upgrade() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("ask", sa.String(10), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extended_because", sa.String(500), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("answer", sa.String(2000), nullable=True),
        *noted("data_requests"),
        sa.CheckConstraint("ask IN ('view', 'correct', 'restrict', 'delete')", name=op.f("ck_data_requests_ask_known")),
        sa.CheckConstraint("outcome IN ('done', 'partly', 'refused')", name=op.f("ck_data_requests_outcome_known")),
        sa.CheckConstraint("(answered_on IS NULL) = (outcome IS NULL)", name=op.f("ck_data_requests_answered_with_outcome")),
        sa.CheckConstraint("(extended_on IS NULL) = (extended_because IS NULL)", name=op.f("ck_data_requests_extended_with_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
    )
    op.create_table(
        "data_breaches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("found_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(2000), nullable=False),
        sa.Column("concerned", sa.String(500), nullable=False),
        sa.Column("measures", sa.String(2000), nullable=False),
        sa.Column("reported_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reported_to", sa.String(300), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        *noted("data_breaches"),
        sa.CheckConstraint("(reported_at IS NULL) = (reported_to IS NULL)", name=op.f("ck_data_breaches_reported_to_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_breaches")),
    )


def downgrade() -> None:
    op.drop_table("data_breaches")
    op.drop_table("data_requests")
