"""dossiers of bodies for awards: agreed numbers, deadline, entries, files, who did what; honourees know their body and leader"""

import sqlalchemy as sa
from alembic import op

import eventmgr.models.database

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('award_terms',
    sa.Column('dossiers_before', sa.Date(), nullable=True),
    sa.Column('basis', sa.String(length=500), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_award_terms_conference_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_terms')),
    sa.UniqueConstraint('conference_id', name=op.f('uq_award_terms_conference_id'))
    )
    with op.batch_alter_table('award_terms') as batch_op:
        batch_op.create_index(batch_op.f('ix_award_terms_conference_id'), ['conference_id'], unique=False)

    op.create_table('award_quotas',
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('collectives', sa.Integer(), nullable=False),
    sa.Column('individuals', sa.Integer(), nullable=False),
    sa.Column('basis', sa.String(length=300), nullable=True),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('collectives >= 0 AND individuals >= 0', name=op.f('ck_award_quotas_not_negative')),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_award_quotas_body_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_award_quotas_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['form_id'], ['award_forms.id'], name=op.f('fk_award_quotas_form_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_quotas')),
    sa.UniqueConstraint('form_id', 'body_id', name=op.f('uq_award_quotas_form_id_body_id'))
    )
    with op.batch_alter_table('award_quotas') as batch_op:
        batch_op.create_index(batch_op.f('ix_award_quotas_body_id'), ['body_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_quotas_conference_id'), ['conference_id'], unique=False)

    op.create_table('dossiers',
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=True),
    sa.Column('dated_on', sa.Date(), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('first_submitted_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'returned', 'checked', 'withdrawn')", name=op.f('ck_dossiers_state_known')),
    sa.CheckConstraint("state IN ('draft', 'withdrawn') OR first_submitted_at IS NOT NULL", name=op.f('ck_dossiers_submitted_once')),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_dossiers_body_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_dossiers_conference_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossiers'))
    )
    with op.batch_alter_table('dossiers') as batch_op:
        batch_op.create_index(batch_op.f('ix_dossiers_body_id'), ['body_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossiers_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index('ix_dossiers_state', ['conference_id', 'state', 'id'], unique=False)

    op.create_table('dossier_files',
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('suffix', sa.String(length=5), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('kept_as', sa.String(length=200), nullable=False),
    sa.Column('added_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('proposal', 'report', 'minutes', 'other')", name=op.f('ck_dossier_files_kind_known')),
    sa.CheckConstraint('size > 0', name=op.f('ck_dossier_files_size_positive')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_dossier_files_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_dossier_files_dossier_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_files')),
    sa.UniqueConstraint('kept_as', name=op.f('uq_dossier_files_kept_as'))
    )
    with op.batch_alter_table('dossier_files') as batch_op:
        batch_op.create_index(batch_op.f('ix_dossier_files_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_files_dossier_id'), ['dossier_id'], unique=False)

    op.create_table('dossier_entries',
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('address_form', sa.String(length=20), nullable=True),
    sa.Column('printed_name', sa.String(length=300), nullable=False),
    sa.Column('post', sa.String(length=300), nullable=False),
    sa.Column('achievement', sa.String(length=1000), nullable=False),
    sa.Column('leader_form', sa.String(length=20), nullable=True),
    sa.Column('leader_name', sa.String(length=120), nullable=True),
    sa.Column('leader_post', sa.String(length=300), nullable=True),
    sa.Column('name_key', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('honouree_id', sa.Integer(), nullable=True),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('collective', 'individual')", name=op.f('ck_dossier_entries_kind_known')),
    sa.CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name=op.f('ck_dossier_entries_refused_with_reason')),
    sa.CheckConstraint("state IN ('proposed', 'agreed', 'decided', 'refused', 'withdrawn', 'cancelled')", name=op.f('ck_dossier_entries_state_known')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_dossier_entries_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_dossier_entries_dossier_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['form_id'], ['award_forms.id'], name=op.f('fk_dossier_entries_form_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['honouree_id'], ['honourees.id'], name=op.f('fk_dossier_entries_honouree_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_entries')),
    sa.UniqueConstraint('dossier_id', 'form_id', 'kind', 'printed_name', 'post', name=op.f('uq_dossier_entries_dossier_id_form_id_kind_printed_name_post'))
    )
    with op.batch_alter_table('dossier_entries') as batch_op:
        batch_op.create_index(batch_op.f('ix_dossier_entries_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_entries_dossier_id'), ['dossier_id'], unique=False)
        batch_op.create_index('ix_dossier_entries_form', ['form_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_entries_honouree_id'), ['honouree_id'], unique=False)

    op.create_table('dossier_facts',
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('verb', sa.String(length=20), nullable=False),
    sa.Column('at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=True),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_dossier_facts_account_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_dossier_facts_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_dossier_facts_dossier_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['entry_id'], ['dossier_entries.id'], name=op.f('fk_dossier_facts_entry_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_facts'))
    )
    with op.batch_alter_table('dossier_facts') as batch_op:
        batch_op.create_index(batch_op.f('ix_dossier_facts_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_facts_dossier_id'), ['dossier_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_facts_entry_id'), ['entry_id'], unique=False)

    with op.batch_alter_table('award_forms') as batch_op:
        batch_op.add_column(sa.Column('legal_basis', sa.String(length=500), nullable=True))

    with op.batch_alter_table('honourees') as batch_op:
        batch_op.add_column(sa.Column('body_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('leader_form', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('leader_name', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('leader_post', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('cancelled_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('cancelled_reason', sa.String(length=300), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_honourees_body_id'), 'bodies', ['body_id'], ['id'], ondelete='SET NULL')
        batch_op.create_check_constraint(batch_op.f('ck_honourees_cancelled_with_reason'), "(cancelled_at IS NULL) = (cancelled_reason IS NULL)")


def downgrade() -> None:
    with op.batch_alter_table('honourees') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_honourees_cancelled_with_reason'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_honourees_body_id'), type_='foreignkey')
        batch_op.drop_column('cancelled_reason')
        batch_op.drop_column('cancelled_at')
        batch_op.drop_column('leader_post')
        batch_op.drop_column('leader_name')
        batch_op.drop_column('leader_form')
        batch_op.drop_column('body_id')
    with op.batch_alter_table('award_forms') as batch_op:
        batch_op.drop_column('legal_basis')
    op.drop_table('dossier_facts')
    op.drop_table('dossier_entries')
    op.drop_table('dossier_files')
    op.drop_table('dossiers')
    op.drop_table('award_quotas')
    op.drop_table('award_terms')
