"""scans: a fact that names who came with a letter to a post"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

OLD = "'entry', 'exit', 'undo', 'hold', 'unread'"


def upgrade() -> None:
    with op.batch_alter_table("scans") as batch_op:
        batch_op.drop_constraint(op.f("ck_scans_kind_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_scans_kind_known"), f"kind IN ({OLD}, 'named')")
        batch_op.add_column(sa.Column("entered_form", sa.String(length=20), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_scans_naming_is_whole"), "kind <> 'named' OR (entered_as IS NOT NULL AND entered_form IS NOT NULL)"
        )


def downgrade() -> None:
    op.execute("DELETE FROM scans WHERE kind = 'named'")
    with op.batch_alter_table("scans") as batch_op:
        batch_op.drop_constraint(op.f("ck_scans_naming_is_whole"), type_="check")
        batch_op.drop_constraint(op.f("ck_scans_kind_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_scans_kind_known"), f"kind IN ({OLD})")
        batch_op.drop_column("entered_form")
