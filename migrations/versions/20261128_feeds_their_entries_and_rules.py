"""Feeds, their entries and rules"""

from alembic import op
import sqlalchemy as sa


revision = '7648f71de8f7'
down_revision = 'f16979f9c0de'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('feed_story',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('own_kind', sa.String(length=40), nullable=False),
    sa.Column('own_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_story'))
    )
    with op.batch_alter_table('feed_story', schema=None) as batch_op:
        batch_op.create_index('ix_feed_story_own_kind_own_id', ['own_kind', 'own_id'], unique=False)

    op.create_table('feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('owner', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('url_digest', sa.String(length=64), nullable=False),
    sa.Column('site_url', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('title_only', sa.Boolean(), nullable=False),
    sa.Column('permission_note', sa.Text(), nullable=False),
    sa.Column('standing', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('suggested_by_id', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('test_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('test_report', sa.JSON(), nullable=True),
    sa.Column('etag', sa.String(length=300), nullable=False),
    sa.Column('last_modified', sa.String(length=100), nullable=False),
    sa.Column('body_digest', sa.String(length=64), nullable=False),
    sa.Column('interval_s', sa.Integer(), nullable=False),
    sa.Column('next_fetch_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claim', sa.Integer(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_good_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_new_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.String(length=30), nullable=True),
    sa.Column('trouble_detail', sa.String(length=300), nullable=False),
    sa.Column('told_failing_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('silent_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_silent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('import_key', sa.String(length=241), nullable=True),
    sa.Column('import_digest', sa.String(length=64), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('source_note', sa.Text(), nullable=False),
    sa.Column('retrieved', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['approved_by_id'], ['account.id'], name=op.f('fk_feed_approved_by_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_feed_partner_id_partner')),
    sa.ForeignKeyConstraint(['suggested_by_id'], ['account.id'], name=op.f('fk_feed_suggested_by_id_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed')),
    sa.UniqueConstraint('import_key', name=op.f('uq_feed_import_key')),
    sa.UniqueConstraint('url_digest', name=op.f('uq_feed_url_digest'))
    )
    with op.batch_alter_table('feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_next_fetch_at'), ['next_fetch_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_test_asked_at'), ['test_asked_at'], unique=False)

    op.create_table('feed_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('story_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('guid', sa.String(length=500), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('url_digest', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('excerpt', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=200), nullable=False),
    sa.Column('categories', sa.String(length=500), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('refreshed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('content_digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('passed', sa.String(length=30), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_feed_entry_decided_by_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_feed_entry_feed_id_feed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['story_id'], ['feed_story.id'], name=op.f('fk_feed_entry_story_id_feed_story')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_entry')),
    sa.UniqueConstraint('feed_id', 'key', name=op.f('uq_feed_entry_feed_id_key'))
    )
    with op.batch_alter_table('feed_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_entry_feed_id'), ['feed_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_entry_fetched_at'), ['fetched_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_entry_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_entry_story_id'), ['story_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_entry_url_digest'), ['url_digest'], unique=False)

    op.create_table('feed_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('field', sa.String(length=30), nullable=False),
    sa.Column('pattern', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_feed_rule_created_by_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_feed_rule_feed_id_feed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_rule')),
    sa.UniqueConstraint('feed_id', 'kind', 'field', 'pattern', name=op.f('uq_feed_rule_feed_id_kind_field_pattern'))
    )
    with op.batch_alter_table('feed_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_rule_feed_id'), ['feed_id'], unique=False)

    op.create_table('feed_theme',
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('theme', sa.String(length=30), nullable=False),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_feed_theme_feed_id_feed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('feed_id', 'theme', name=op.f('pk_feed_theme'))
    )


def downgrade() -> None:
    op.drop_table('feed_theme')
    with op.batch_alter_table('feed_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_rule_feed_id'))

    op.drop_table('feed_rule')
    with op.batch_alter_table('feed_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_entry_url_digest'))
        batch_op.drop_index(batch_op.f('ix_feed_entry_story_id'))
        batch_op.drop_index(batch_op.f('ix_feed_entry_state'))
        batch_op.drop_index(batch_op.f('ix_feed_entry_fetched_at'))
        batch_op.drop_index(batch_op.f('ix_feed_entry_feed_id'))

    op.drop_table('feed_entry')
    with op.batch_alter_table('feed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_test_asked_at'))
        batch_op.drop_index(batch_op.f('ix_feed_state'))
        batch_op.drop_index(batch_op.f('ix_feed_partner_id'))
        batch_op.drop_index(batch_op.f('ix_feed_next_fetch_at'))

    op.drop_table('feed')
    with op.batch_alter_table('feed_story', schema=None) as batch_op:
        batch_op.drop_index('ix_feed_story_own_kind_own_id')

    op.drop_table('feed_story')
