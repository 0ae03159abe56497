"""Pictures of articles"""

from alembic import op
import sqlalchemy as sa


revision = '6791c094e1b0'
down_revision = '6b65f9f5c3ae'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('article_picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('alt_da', sa.String(length=300), nullable=False),
    sa.Column('alt_en', sa.String(length=300), nullable=False),
    sa.Column('credit', sa.String(length=200), nullable=False),
    sa.Column('focus_x', sa.Integer(), nullable=False),
    sa.Column('focus_y', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('focus_x BETWEEN 0 AND 100 AND focus_y BETWEEN 0 AND 100', name=op.f('ck_article_picture_focus')),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_picture_article_id_article'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_picture'))
    )
    with op.batch_alter_table('article_picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_article_picture_article_id'), ['article_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('article_picture', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_article_picture_article_id'))

    op.drop_table('article_picture')
