"""presses that pause, insert, reorder and hand over control; items fixed to an hour, a conference that must end by one"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

OLD = "verb IN ('start', 'next', 'end', 'back', 'skip', 'undo')"
NEW = (
    "verb IN ('start', 'next', 'end', 'back', 'skip', 'undo', 'pause', 'resume', 'insert', 'swap', 'later', 'adjust', "
    "'catch_up', 'take')"
)


def upgrade() -> None:
    with op.batch_alter_table('moves') as batch_op:
        batch_op.add_column(sa.Column('inserted_seq', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('details', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('console', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('console_name', sa.String(length=160), nullable=True))
        batch_op.drop_constraint(batch_op.f('ck_moves_verb_known'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_moves_verb_known'), NEW)
    with op.batch_alter_table('items') as batch_op:
        batch_op.add_column(sa.Column('fixed_at', sa.Time(), nullable=True))
    with op.batch_alter_table('conferences') as batch_op:
        batch_op.add_column(sa.Column('must_end_at', sa.Time(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('conferences') as batch_op:
        batch_op.drop_column('must_end_at')
    with op.batch_alter_table('items') as batch_op:
        batch_op.drop_column('fixed_at')
    with op.batch_alter_table('moves') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_moves_verb_known'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_moves_verb_known'), OLD)
        for name in ('console_name', 'console', 'details', 'inserted_seq'):
            batch_op.drop_column(name)
