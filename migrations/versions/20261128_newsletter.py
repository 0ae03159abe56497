"""Newsletter: readers, editions, what they tell and whom they were written to"""

from alembic import op
import sqlalchemy as sa


revision = '489a95d2c447'
down_revision = '6791c094e1b0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('edition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('frequency', sa.String(length=30), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('send_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('subject_da', sa.String(length=150), nullable=False),
    sa.Column('subject_en', sa.String(length=150), nullable=False),
    sa.Column('intro_da', sa.Text(), nullable=False),
    sa.Column('intro_en', sa.Text(), nullable=False),
    sa.Column('composed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('since < until', name=op.f('ck_edition_period')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edition')),
    sa.UniqueConstraint('frequency', 'until', name=op.f('uq_edition_frequency_until'))
    )
    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_edition_state'), ['state'], unique=False)

    op.create_table('subscriber',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('frequency', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('confirm_digest', sa.String(length=64), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('bounced_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriber')),
    sa.UniqueConstraint('confirm_digest', name=op.f('uq_subscriber_confirm_digest')),
    sa.UniqueConstraint('email', name=op.f('uq_subscriber_email'))
    )
    with op.batch_alter_table('subscriber', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscriber_state'), ['state'], unique=False)

    op.create_table('edition_delivery',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('has_mail', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_edition_delivery_edition_id_edition'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscriber.id'], name=op.f('fk_edition_delivery_subscriber_id_subscriber'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('edition_id', 'subscriber_id', name=op.f('pk_edition_delivery'))
    )
    with op.batch_alter_table('edition_delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_edition_delivery_subscriber_id'), ['subscriber_id'], unique=False)

    op.create_table('edition_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_left_out', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_edition_item_edition_id_edition'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edition_item')),
    sa.UniqueConstraint('edition_id', 'kind', 'subject_id', name=op.f('uq_edition_item_edition_id_kind_subject_id'))
    )
    op.create_table('subscriber_theme',
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('theme', sa.String(length=30), nullable=False),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscriber.id'], name=op.f('fk_subscriber_theme_subscriber_id_subscriber'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subscriber_id', 'theme', name=op.f('pk_subscriber_theme'))
    )


def downgrade() -> None:
    op.drop_table('subscriber_theme')
    op.drop_table('edition_item')
    with op.batch_alter_table('edition_delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_edition_delivery_subscriber_id'))

    op.drop_table('edition_delivery')
    with op.batch_alter_table('subscriber', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_subscriber_state'))

    op.drop_table('subscriber')
    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_edition_state'))

    op.drop_table('edition')
