"""What holds for all rows of an import"""

from alembic import op
import sqlalchemy as sa


revision = 'e3d734c4cd05'
down_revision = 'b9ddd2d27b37'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.add_column(sa.Column('same_for_all', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.drop_column('same_for_all')
