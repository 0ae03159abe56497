"""Where a mailed link leads on to"""

from alembic import op
import sqlalchemy as sa


revision = 'c1e3a7f05b92'
down_revision = 'b26a3018481d'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('account_token', schema=None) as batch_op:
        batch_op.add_column(sa.Column('onward', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('account_token', schema=None) as batch_op:
        batch_op.alter_column('onward', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('account_token', schema=None) as batch_op:
        batch_op.drop_column('onward')
