"""When a mail to a municipality came back"""

import sqlalchemy as sa
from alembic import op

revision = 'b7d0c2e9f1a4'
down_revision = 'e3d734c4cd05'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('reply_request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('bounced_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('reply_request', schema=None) as batch_op:
        batch_op.drop_column('bounced_at')
