"""Boundaries of municipalities"""

from alembic import op
import sqlalchemy as sa


revision = '3186ebb51464'
down_revision = '1726e1e44c20'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('boundary_source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attribution', sa.String(length=500), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('dated', sa.Date(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('frame', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_boundary_source'))
    )
    op.create_table('boundary',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('municipality_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_boundary_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['source_id'], ['boundary_source.id'], name=op.f('fk_boundary_source_id_boundary_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_boundary')),
    sa.UniqueConstraint('municipality_id', name=op.f('uq_boundary_municipality_id'))
    )
    with op.batch_alter_table('boundary', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_boundary_source_id'), ['source_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('boundary', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_boundary_source_id'))

    op.drop_table('boundary')
    op.drop_table('boundary_source')
