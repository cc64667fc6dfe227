"""mails and handovers"""

import sqlalchemy as sa
from alembic import op

import eventmgr.models.database

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail_channel',
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=True),
    sa.Column('rest_until', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('worked_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_channel'))
    )
    op.create_table('mailings',
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=True),
    sa.Column('words', sa.String(length=2000), nullable=True),
    sa.Column('created_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('letters', 'reminder', 'body', 'test')", name=op.f('ck_mailings_kind_known')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_mailings_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['accounts.id'], name=op.f('fk_mailings_created_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailings')),
    sa.UniqueConstraint('conference_id', 'key', name=op.f('uq_mailings_conference_id_key'))
    )
    with op.batch_alter_table('mailings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mailings_conference_id'), ['conference_id'], unique=False)

    op.create_table('mails',
    sa.Column('mailing_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('mailbox', sa.String(length=254), nullable=False),
    sa.Column('mailbox_key', sa.String(length=254), nullable=False),
    sa.Column('to_name', sa.String(length=700), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=True),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('due_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('claimed_by', sa.String(length=60), nullable=True),
    sa.Column('claimed_until', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=True),
    sa.Column('created_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('finished_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('queued', 'sending', 'handing', 'sent', 'refused', 'given_up', 'unclear', 'cancelled')", name=op.f('ck_mails_state_known')),
    sa.CheckConstraint('part >= 1 AND part <= parts', name=op.f('ck_mails_part_within')),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_mails_body_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_mails_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mailing_id'], ['mailings.id'], name=op.f('fk_mails_mailing_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['settled_by_id'], ['accounts.id'], name=op.f('fk_mails_settled_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails')),
    sa.UniqueConstraint('mailing_id', 'mailbox_key', 'part', name=op.f('uq_mails_mailing_id_mailbox_key_part'))
    )
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mails_body_id'), ['body_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mails_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mails_mailing_id'), ['mailing_id'], unique=False)
        batch_op.create_index('ix_mails_state', ['state', 'due_at'], unique=False)

    op.create_table('mail_tries',
    sa.Column('mail_id', sa.Integer(), nullable=False),
    sa.Column('at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('worker', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['mails.id'], name=op.f('fk_mail_tries_mail_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_tries'))
    )
    with op.batch_alter_table('mail_tries', schema=None) as batch_op:
        batch_op.create_index('ix_mail_tries_at', ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_tries_mail_id'), ['mail_id'], unique=False)

    op.create_table('handovers',
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('to_whom', sa.String(length=200), nullable=True),
    sa.Column('at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('marked_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('taken_back_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('taken_back_by_id', sa.Integer(), nullable=True),
    sa.Column('taken_back_why', sa.String(length=300), nullable=True),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("way IN ('post', 'hand')", name=op.f('ck_handovers_way_known')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_handovers_account_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_handovers_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_handovers_invitation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['taken_back_by_id'], ['accounts.id'], name=op.f('fk_handovers_taken_back_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers'))
    )
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handovers_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handovers_invitation_id'), ['invitation_id'], unique=False)
        batch_op.create_index('uq_handovers_one_alive', ['invitation_id'], unique=True, sqlite_where=sa.text('taken_back_at IS NULL'), postgresql_where=sa.text('taken_back_at IS NULL'))

    op.create_table('mail_letters',
    sa.Column('mail_id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('sent_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_mail_letters_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_mail_letters_invitation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mail_id'], ['mails.id'], name=op.f('fk_mail_letters_mail_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_letters')),
    sa.UniqueConstraint('mail_id', 'invitation_id', name=op.f('uq_mail_letters_mail_id_invitation_id'))
    )
    with op.batch_alter_table('mail_letters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_letters_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_letters_invitation_id'), ['invitation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_letters_mail_id'), ['mail_id'], unique=False)
        batch_op.create_index('ix_mail_letters_sent', ['conference_id', 'kind', 'sent_at'], unique=False)
        batch_op.create_index('uq_mail_letters_under_way', ['invitation_id', 'kind'], unique=True, sqlite_where=sa.text("sent_at IS NULL AND closed_at IS NULL AND kind IN ('letters', 'reminder')"), postgresql_where=sa.text("sent_at IS NULL AND closed_at IS NULL AND kind IN ('letters', 'reminder')"))


def downgrade() -> None:
    for table in ("handovers", "mail_letters", "mail_tries", "mails", "mailings", "mail_channel"):
        op.drop_table(table)
