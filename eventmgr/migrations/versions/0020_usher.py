"""the usher, who carries the tray, is a role of its own"""

from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

OLD = "role IN ('office', 'awards', 'door_lead', 'mc', 'chair', 'press_officer', 'observer')"
NEW = "role IN ('office', 'awards', 'usher', 'door_lead', 'mc', 'chair', 'press_officer', 'observer')"


def upgrade() -> None:
    with op.batch_alter_table('memberships') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_memberships_role_known'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_memberships_role_known'), NEW)


def downgrade() -> None:
    # Before there were ushers the role that sees least was the observer's.
    op.execute(
        "DELETE FROM memberships WHERE role = 'usher' AND EXISTS (SELECT 1 FROM memberships AS other WHERE other.role = 'observer'"
        " AND other.account_id = memberships.account_id AND other.conference_id = memberships.conference_id)"
    )
    op.execute("UPDATE memberships SET role = 'observer' WHERE role = 'usher'")
    with op.batch_alter_table('memberships') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_memberships_role_known'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_memberships_role_known'), OLD)
