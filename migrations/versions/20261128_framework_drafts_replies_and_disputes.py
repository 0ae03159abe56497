"""Framework drafts, what municipalities reply, and disputes"""

import sqlalchemy as sa
from alembic import op

revision = 'a241848a0f32'
down_revision = 'c1e3a7f05b92'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'reply_request',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('municipality_id', sa.Integer(), nullable=False),
        sa.Column('email', sa.String(length=254), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('message', sa.Text(), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('sent_by_id', sa.Integer(), nullable=True),
        sa.Column('answer_by', sa.Date(), nullable=False),
        sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('replied_by', sa.String(length=200), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['municipality_id'], ['municipality.id'], name=op.f('fk_reply_request_municipality_id_municipality')
        ),
        sa.ForeignKeyConstraint(
            ['sent_by_id'], ['account.id'], name=op.f('fk_reply_request_sent_by_id_account'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_request')),
    )
    with op.batch_alter_table('reply_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reply_request_answer_by'), ['answer_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_reply_request_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reply_request_sent_by_id'), ['sent_by_id'], unique=False)

    op.create_table(
        'dispute',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('assessment_id', sa.Integer(), nullable=False),
        sa.Column('stage', sa.Integer(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('urls', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('note_da', sa.Text(), nullable=False),
        sa.Column('note_en', sa.Text(), nullable=False),
        sa.Column('noted_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('stage BETWEEN 0 AND 4', name=op.f('ck_dispute_stage')),
        sa.ForeignKeyConstraint(
            ['assessment_id'], ['assessment.id'], name=op.f('fk_dispute_assessment_id_assessment'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_dispute')),
        sa.UniqueConstraint('assessment_id', name=op.f('uq_dispute_assessment_id')),
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('partner_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('remark_da', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('remark_en', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('request_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reply', sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_assessment_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_request_id'), ['request_id'], unique=False)
        batch_op.create_foreign_key(
            batch_op.f('fk_assessment_request_id_reply_request'), 'reply_request', ['request_id'], ['id']
        )
        batch_op.create_foreign_key(batch_op.f('fk_assessment_partner_id_partner'), 'partner', ['partner_id'], ['id'])

    with op.batch_alter_table('dimension', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))

    with op.batch_alter_table('framework', schema=None) as batch_op:
        batch_op.add_column(sa.Column('based_on_id', sa.Integer(), nullable=True))
        batch_op.alter_column('valid_from', existing_type=sa.Date(), nullable=True)
        batch_op.create_foreign_key(
            batch_op.f('fk_framework_based_on_id_framework'), 'framework', ['based_on_id'], ['id']
        )


def downgrade() -> None:
    # A draft has no day on which it began, which the older tables want of every version.
    op.execute(
        'DELETE FROM stage_meaning WHERE dimension_id IN (SELECT d.id FROM dimension d JOIN framework f '
        'ON d.framework_id = f.id WHERE f.valid_from IS NULL)'
    )
    op.execute(
        'DELETE FROM stage_rule WHERE dimension_id IN (SELECT d.id FROM dimension d JOIN framework f '
        'ON d.framework_id = f.id WHERE f.valid_from IS NULL)'
    )
    op.execute('DELETE FROM dimension WHERE framework_id IN (SELECT id FROM framework WHERE valid_from IS NULL)')
    op.execute('DELETE FROM framework WHERE valid_from IS NULL')
    with op.batch_alter_table('framework', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_framework_based_on_id_framework'), type_='foreignkey')
        batch_op.alter_column('valid_from', existing_type=sa.Date(), nullable=False)
        batch_op.drop_column('based_on_id')

    with op.batch_alter_table('dimension', schema=None) as batch_op:
        batch_op.drop_column('version')

    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_assessment_partner_id_partner'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_assessment_request_id_reply_request'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_assessment_request_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_partner_id'))
        for column in ('replied_at', 'reply', 'request_id', 'remark_en', 'remark_da', 'partner_id'):
            batch_op.drop_column(column)

    op.drop_table('dispute')
    op.drop_table('reply_request')
