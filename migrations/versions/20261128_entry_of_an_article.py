"""An article's entry"""

from alembic import op
import sqlalchemy as sa


revision = 'd0bca2eb5419'
down_revision = '899ab2b40267'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.add_column(sa.Column('entry_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_article_entry_id'), ['entry_id'])
        batch_op.create_foreign_key(batch_op.f('fk_article_entry_id_feed_entry'), 'feed_entry', ['entry_id'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_article_entry_id_feed_entry'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_article_entry_id'), type_='unique')
        batch_op.drop_column('entry_id')
