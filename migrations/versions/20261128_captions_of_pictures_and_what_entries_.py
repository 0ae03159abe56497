"""Captions of pictures, and what entries are known by in every language"""

from alembic import op
import sqlalchemy as sa


revision = 'edd4255cac82'
down_revision = 'a241848a0f32'
branch_labels = None
depends_on = None

NEW = {
    'article_picture': (('caption_da', 300), ('caption_en', 300)),
    'feed_entry': (('either_digest', 64),),
}


def upgrade() -> None:
    for table, columns in NEW.items():
        with op.batch_alter_table(table) as batch_op:
            for name, length in columns:
                batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=''))
        with op.batch_alter_table(table) as batch_op:
            for name, _length in columns:
                batch_op.alter_column(name, server_default=None)
    op.create_index(op.f('ix_feed_entry_either_digest'), 'feed_entry', ['either_digest'])


def downgrade() -> None:
    op.drop_index(op.f('ix_feed_entry_either_digest'), table_name='feed_entry')
    for table, columns in NEW.items():
        with op.batch_alter_table(table) as batch_op:
            for name, _length in columns:
                batch_op.drop_column(name)
