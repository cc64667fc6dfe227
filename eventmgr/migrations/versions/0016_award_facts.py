"""award facts: certificate ready and invited with who and when, the council's own order; what the wall no longer reads"""

import sqlalchemy as sa
from alembic import op

from eventmgr.models.database import UtcDateTime

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('honourees') as batch_op:
        for what in ('certificate', 'invited'):
            batch_op.add_column(sa.Column(f'{what}_at', UtcDateTime(timezone=True), nullable=True))
            batch_op.add_column(sa.Column(f'{what}_by_id', sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f'fk_honourees_{what}_by_id'), 'accounts', [f'{what}_by_id'], ['id'], ondelete='SET NULL')
    with op.batch_alter_table('dossier_entries') as batch_op:
        batch_op.add_column(sa.Column('place', sa.Integer(), nullable=True))
    with op.batch_alter_table('stage_settings') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_stage_settings_wave_positive'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_stage_settings_wave_form_id'), type_='foreignkey')
        batch_op.drop_column('wave_form_id')
        batch_op.drop_column('wave')


def downgrade() -> None:
    with op.batch_alter_table('stage_settings') as batch_op:
        batch_op.add_column(sa.Column('wave', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('wave_form_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_stage_settings_wave_form_id'), 'award_forms', ['wave_form_id'], ['id'], ondelete='SET NULL')
        batch_op.create_check_constraint(batch_op.f('ck_stage_settings_wave_positive'), 'wave IS NULL OR wave > 0')
    with op.batch_alter_table('dossier_entries') as batch_op:
        batch_op.drop_column('place')
    with op.batch_alter_table('honourees') as batch_op:
        for what in ('invited', 'certificate'):
            batch_op.drop_constraint(batch_op.f(f'fk_honourees_{what}_by_id'), type_='foreignkey')
            batch_op.drop_column(f'{what}_by_id')
            batch_op.drop_column(f'{what}_at')
