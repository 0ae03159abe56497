"""Lessons, partnership proposals and shared projects"""

from alembic import op
import sqlalchemy as sa


revision = '68c6767c9fa0'
down_revision = '52f0782b83d9'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('project_invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invited_by_id'], ['account.id'], name=op.f('fk_project_invitation_invited_by_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_invitation_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_project_invitation_token_hash'))
    )
    with op.batch_alter_table('project_invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_invitation_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_invitation_state'), ['state'], unique=False)
        batch_op.create_index('uq_project_invitation_pending', ['project_id', 'email'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.create_table('partnership_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('wish', sa.String(length=30), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('budget_share', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handled_by_id', sa.Integer(), nullable=True),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state <> 'refused' OR reason <> ''", name=op.f('ck_partnership_proposal_refusal_has_reason')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_partnership_proposal_asked_by_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['handled_by_id'], ['account.id'], name=op.f('fk_partnership_proposal_handled_by_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_partnership_proposal_partner_id_partner'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_partnership_proposal_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partnership_proposal'))
    )
    with op.batch_alter_table('partnership_proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partnership_proposal_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partnership_proposal_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partnership_proposal_state'), ['state'], unique=False)
        batch_op.create_index('uq_partnership_proposal_pending', ['project_id', 'partner_id'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.create_index('uq_participation_coordinator', ['project_id'], unique=True, sqlite_where=sa.text("role = 'coordinator'"), postgresql_where=sa.text("role = 'coordinator'"))

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lessons_failed_da', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('lessons_failed_en', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('lessons_copy_da', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('lessons_copy_en', sa.Text(), nullable=False, server_default=''))



def downgrade() -> None:
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_column('lessons_copy_en')
        batch_op.drop_column('lessons_copy_da')
        batch_op.drop_column('lessons_failed_en')
        batch_op.drop_column('lessons_failed_da')

    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.drop_index('uq_participation_coordinator', sqlite_where=sa.text("role = 'coordinator'"), postgresql_where=sa.text("role = 'coordinator'"))

    with op.batch_alter_table('partnership_proposal', schema=None) as batch_op:
        batch_op.drop_index('uq_partnership_proposal_pending', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.drop_index(batch_op.f('ix_partnership_proposal_state'))
        batch_op.drop_index(batch_op.f('ix_partnership_proposal_project_id'))
        batch_op.drop_index(batch_op.f('ix_partnership_proposal_partner_id'))

    op.drop_table('partnership_proposal')
    with op.batch_alter_table('project_invitation', schema=None) as batch_op:
        batch_op.drop_index('uq_project_invitation_pending', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.drop_index(batch_op.f('ix_project_invitation_state'))
        batch_op.drop_index(batch_op.f('ix_project_invitation_project_id'))

    op.drop_table('project_invitation')
