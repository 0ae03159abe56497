"""Signs and links to elsewhere"""

from alembic import op
import sqlalchemy as sa


revision = 'c96585405a60'
down_revision = '3a704b209193'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('external_address',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('host', sa.String(length=255), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('first_failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_good_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_check_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('etag', sa.String(length=200), nullable=False),
    sa.Column('last_modified', sa.String(length=100), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_address')),
    sa.UniqueConstraint('digest', name=op.f('uq_external_address_digest'))
    )
    with op.batch_alter_table('external_address', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_external_address_host'), ['host'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_address_next_check_at'), ['next_check_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_address_state'), ['state'], unique=False)

    op.create_table('sign',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_sign'))
    )


def downgrade() -> None:
    op.drop_table('sign')
    with op.batch_alter_table('external_address', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_external_address_state'))
        batch_op.drop_index(batch_op.f('ix_external_address_next_check_at'))
        batch_op.drop_index(batch_op.f('ix_external_address_host'))

    op.drop_table('external_address')
