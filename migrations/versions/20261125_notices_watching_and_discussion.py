"""Notices, watching and discussion"""

from alembic import op
import sqlalchemy as sa


revision = 'f16979f9c0de'
down_revision = '9d3e7d3c5676'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice_cursor',
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('source', name=op.f('pk_notice_cursor'))
    )
    op.create_table('discussion_thread',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('section', sa.String(length=60), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_post_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_discussion_thread_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_thread'))
    )
    with op.batch_alter_table('discussion_thread', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_discussion_thread_last_post_at'), ['last_post_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_discussion_thread_project_id'), ['project_id'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('account_id', 'kind', 'source_id', name=op.f('uq_notice_account_id_kind_source_id'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('ix_notice_account_id_at', ['account_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_settled_at'), ['settled_at'], unique=False)

    op.create_table('project_watch',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_project_watch_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_watch_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'account_id', name=op.f('pk_project_watch'))
    )
    with op.batch_alter_table('project_watch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_watch_account_id'), ['account_id'], unique=False)

    op.create_table('discussion_post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_discussion_post_author_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['thread_id'], ['discussion_thread.id'], name=op.f('fk_discussion_post_thread_id_discussion_thread'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_post'))
    )
    with op.batch_alter_table('discussion_post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_discussion_post_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_discussion_post_thread_id'), ['thread_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('discussion_post', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_discussion_post_thread_id'))
        batch_op.drop_index(batch_op.f('ix_discussion_post_author_id'))

    op.drop_table('discussion_post')
    with op.batch_alter_table('project_watch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_watch_account_id'))

    op.drop_table('project_watch')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_settled_at'))
        batch_op.drop_index(batch_op.f('ix_notice_at'))
        batch_op.drop_index('ix_notice_account_id_at')

    op.drop_table('notice')
    with op.batch_alter_table('discussion_thread', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_discussion_thread_project_id'))
        batch_op.drop_index(batch_op.f('ix_discussion_thread_last_post_at'))

    op.drop_table('discussion_thread')
    op.drop_table('notice_cursor')
