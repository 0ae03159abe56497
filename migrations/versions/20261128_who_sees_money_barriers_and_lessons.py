"""Who sees a project's money, barriers and lessons"""

from alembic import op
import sqlalchemy as sa


revision = '6f0e4d1b83aa'
down_revision = 'b7d0c2e9f1a4'
branch_labels = None
depends_on = None

ADDED = (
    ('project', ('costs_visibility', 'lessons_visibility')),
    ('funding', ('visibility',)),
    ('project_barrier_note', ('visibility',)),
)


def upgrade() -> None:
    for table, columns in ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(
                    sa.Column(column, sa.String(length=30), nullable=False, server_default=sa.text("'public'"))
                )


def downgrade() -> None:
    for table, columns in reversed(ADDED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
