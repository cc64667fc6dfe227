"""scans: a name that the door has written can be erased as any other"""

from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scans") as batch_op:
        batch_op.drop_constraint(op.f("ck_scans_naming_is_whole"), type_="check")
        batch_op.create_check_constraint(op.f("ck_scans_naming_has_form"), "kind <> 'named' OR entered_form IS NOT NULL")


def downgrade() -> None:
    op.execute("UPDATE scans SET entered_as = '(đã xóa)' WHERE kind = 'named' AND entered_as IS NULL")
    with op.batch_alter_table("scans") as batch_op:
        batch_op.drop_constraint(op.f("ck_scans_naming_has_form"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_scans_naming_is_whole"), "kind <> 'named' OR (entered_as IS NOT NULL AND entered_form IS NOT NULL)"
        )
