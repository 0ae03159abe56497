"""What a form held when it was taken"""

from alembic import op
import sqlalchemy as sa


revision = 'e7b3d9a1c064'
down_revision = '6f0e4d1b83aa'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.add_column(sa.Column('content', sa.String(length=64), nullable=False, server_default=''))

    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.alter_column('content', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_column('content')
