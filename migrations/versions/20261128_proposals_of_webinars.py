"""Proposals of webinars"""

from alembic import op
import sqlalchemy as sa


revision = '6b65f9f5c3ae'
down_revision = '4581c3f4a9e0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.add_column(sa.Column('assignee_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answer', sa.Text(), nullable=False, server_default=''))
        batch_op.create_index(batch_op.f('ix_webinar_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_webinar_assignee_id_account'), 'account', ['assignee_id'], ['id'], ondelete='SET NULL')



def downgrade() -> None:
    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_webinar_assignee_id_account'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_webinar_assignee_id'))
        batch_op.drop_column('answer')
        batch_op.drop_column('submitted_at')
        batch_op.drop_column('assignee_id')

