"""Find the projects that are tied to one"""

from alembic import op
import sqlalchemy as sa


revision = '899ab2b40267'
down_revision = '7a683db33abc'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('project_relation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_relation_related_id'), ['related_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('project_relation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_relation_related_id'))

