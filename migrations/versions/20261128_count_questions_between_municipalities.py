"""Count questions between municipalities"""

from alembic import op
import sqlalchemy as sa


revision = 'fdcbf10cacf2'
down_revision = 'edd4255cac82'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('peer_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('asked_id', sa.Integer(), nullable=False),
    sa.Column('dimension_id', sa.Integer(), nullable=False),
    sa.Column('by_partner', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['asked_id'], ['municipality.id'], name=op.f('fk_peer_question_asked_id_municipality')),
    sa.ForeignKeyConstraint(['dimension_id'], ['dimension.id'], name=op.f('fk_peer_question_dimension_id_dimension')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_peer_question'))
    )
    with op.batch_alter_table('peer_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_peer_question_asked_id'), ['asked_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_peer_question_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_peer_question_dimension_id'), ['dimension_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('peer_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_peer_question_dimension_id'))
        batch_op.drop_index(batch_op.f('ix_peer_question_at'))
        batch_op.drop_index(batch_op.f('ix_peer_question_asked_id'))
    op.drop_table('peer_question')
