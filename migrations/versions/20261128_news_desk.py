"""The news desk"""

from alembic import op
import sqlalchemy as sa


revision = '7a683db33abc'
down_revision = '1e761f2a46e1'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('draft_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_draft_link_created_by_id_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_draft_link_token_hash'))
    )
    with op.batch_alter_table('draft_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_link_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index('ix_draft_link_subject_kind_subject_id', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_revision_author_id_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision')),
    sa.UniqueConstraint('subject_kind', 'subject_id', 'number', name=op.f('uq_revision_subject_kind_subject_id_number'))
    )
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_revision_author_id'), ['author_id'], unique=False)

    op.create_table('draft_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('link_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_draft_comment_author_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['link_id'], ['draft_link.id'], name=op.f('fk_draft_comment_link_id_draft_link'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_comment'))
    )
    with op.batch_alter_table('draft_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_comment_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_draft_comment_link_id'), ['link_id'], unique=False)
        batch_op.create_index('ix_draft_comment_subject_kind_subject_id', ['subject_kind', 'subject_id'], unique=False)

    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.add_column(sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answer', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('created_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('assignee_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_article_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_article_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_article_created_by_id_account'), 'account', ['created_by_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_article_assignee_id_account'), 'account', ['assignee_id'], ['id'], ondelete='SET NULL')



def downgrade() -> None:
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_article_assignee_id_account'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_article_created_by_id_account'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_article_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_article_assignee_id'))
        batch_op.drop_column('assignee_id')
        batch_op.drop_column('created_by_id')
        batch_op.drop_column('answer')
        batch_op.drop_column('submitted_at')
        batch_op.drop_column('corrected_at')

    with op.batch_alter_table('draft_comment', schema=None) as batch_op:
        batch_op.drop_index('ix_draft_comment_subject_kind_subject_id')
        batch_op.drop_index(batch_op.f('ix_draft_comment_link_id'))
        batch_op.drop_index(batch_op.f('ix_draft_comment_author_id'))

    op.drop_table('draft_comment')
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_revision_author_id'))

    op.drop_table('revision')
    with op.batch_alter_table('draft_link', schema=None) as batch_op:
        batch_op.drop_index('ix_draft_link_subject_kind_subject_id')
        batch_op.drop_index(batch_op.f('ix_draft_link_expires_at'))

    op.drop_table('draft_link')
