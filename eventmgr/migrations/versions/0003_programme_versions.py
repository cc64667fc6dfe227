"""published programmes; what is there counts as published, so that nobody's programme disappears"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import eventmgr.models.database

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

COLUMNS = (
    'id', 'parent_id', 'position', 'mark', 'title', 'kind', 'presenter_kind', 'presenter', 'delegate_id', 'minutes',
    'printed', 'line', 'conference_id',
)


def upgrade() -> None:
    op.create_table('programme_versions',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('published_at', eventmgr.models.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_programme_versions_number_positive')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_programme_versions_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['published_by_id'], ['accounts.id'], name=op.f('fk_programme_versions_published_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_versions')),
    sa.UniqueConstraint('conference_id', 'number', name=op.f('uq_programme_versions_conference_id_number'))
    )
    with op.batch_alter_table('programme_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_versions_conference_id'), ['conference_id'], unique=False)
    publish_what_is_there()


def publish_what_is_there() -> None:
    items = sa.table('items', *(sa.column(name) for name in COLUMNS))
    versions = sa.table(
        'programme_versions', *(sa.column(name) for name in ('conference_id', 'number', 'actor')),
        sa.column('published_at', eventmgr.models.database.UtcDateTime()), sa.column('items', sa.JSON()),
        sa.column('changes', sa.JSON()),
    )
    by_conference: dict[int, list[dict[str, object]]] = {}
    for row in op.get_bind().execute(sa.select(items).order_by(items.c.position, items.c.id)).mappings():
        kept = {name: row[name] for name in COLUMNS[:10]}
        kept['titled'] = row['line'] is None or bool(row['printed'] and not row['printed'].startswith('-'))
        by_conference.setdefault(row['conference_id'], []).append(kept)
    for conference_id, rows in by_conference.items():
        op.get_bind().execute(versions.insert().values(
            conference_id=conference_id, number=1, actor='', published_at=datetime.now(UTC), items=rows, changes=[],
        ))


def downgrade() -> None:
    with op.batch_alter_table('programme_versions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_versions_conference_id'))

    op.drop_table('programme_versions')
