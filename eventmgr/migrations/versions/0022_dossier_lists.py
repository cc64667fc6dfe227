"""dossier_lists: a body's list from a spreadsheet waits at its preview, goes in as one unit, comes out again"""

import sqlalchemy as sa
from alembic import op

import eventmgr.models.database

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('dossier_lists',
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('sheet', sa.String(length=200), nullable=False),
    sa.Column('header_row', sa.Integer(), nullable=False),
    sa.Column('headings', sa.JSON(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=True),
    sa.Column('converts', sa.Boolean(), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('entries', sa.JSON(), nullable=False),
    sa.Column('created_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('stored_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('undone_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('handed_in_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('ready', 'stored', 'undone')", name=op.f('ck_dossier_lists_state_known')),
    sa.CheckConstraint("state = 'ready' OR stored_at IS NOT NULL", name=op.f('ck_dossier_lists_stored_once')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_dossier_lists_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_dossier_lists_dossier_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['form_id'], ['award_forms.id'], name=op.f('fk_dossier_lists_form_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_lists'))
    )
    with op.batch_alter_table('dossier_lists') as batch_op:
        batch_op.create_index(batch_op.f('ix_dossier_lists_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_lists_dossier_id'), ['dossier_id'], unique=False)


def downgrade() -> None:
    op.drop_table('dossier_lists')
