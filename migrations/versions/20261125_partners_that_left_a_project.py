"""Partners that left a project"""

from alembic import op
import sqlalchemy as sa


revision = '9d3e7d3c5676'
down_revision = 'c96585405a60'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('left_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.drop_column('left_at')

