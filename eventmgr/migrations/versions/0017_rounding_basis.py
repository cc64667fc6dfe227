"""what the rounding of award money rests on"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('ceremony_settings') as batch_op:
        batch_op.add_column(sa.Column('rounding_basis', sa.String(length=300), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('ceremony_settings') as batch_op:
        batch_op.drop_column('rounding_basis')
