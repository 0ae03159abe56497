"""Plans, signed updates, shares and barriers of projects"""

from alembic import op
import sqlalchemy as sa


revision = '5185c1121799'
down_revision = '4084c99b2bcf'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('project_barrier_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('barrier', sa.String(length=30), nullable=False),
    sa.Column('note_da', sa.String(length=300), nullable=False),
    sa.Column('note_en', sa.String(length=300), nullable=False),
    sa.Column('severity', sa.String(length=30), nullable=True),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_barrier_note_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_barrier_note')),
    sa.UniqueConstraint('project_id', 'barrier', name=op.f('uq_project_barrier_note_project_id_barrier'))
    )
    with op.batch_alter_table('project_barrier_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_barrier_note_project_id'), ['project_id'], unique=False)

    op.create_table('work_package',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=10), nullable=False),
    sa.Column('title_da', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('description_da', sa.Text(), nullable=False),
    sa.Column('description_en', sa.Text(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('weight', sa.Numeric(precision=8, scale=2), nullable=False),
    sa.Column('progress', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.String(length=30), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('progress IS NULL OR progress BETWEEN 0 AND 100', name=op.f('ck_work_package_progress_in_percent')),
    sa.CheckConstraint('weight >= 0', name=op.f('ck_work_package_weight_not_negative')),
    sa.ForeignKeyConstraint(['lead_id'], ['partner.id'], name=op.f('fk_work_package_lead_id_partner')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_work_package_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_package'))
    )
    with op.batch_alter_table('work_package', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_package_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_package_project_id'), ['project_id'], unique=False)

    with op.batch_alter_table('deliverable', schema=None) as batch_op:
        batch_op.add_column(sa.Column('work_package_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('position', sa.Integer(), nullable=False, server_default=sa.text("'0'")))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("'1'")))
        batch_op.create_index(batch_op.f('ix_deliverable_work_package_id'), ['work_package_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_deliverable_work_package_id_work_package'), 'work_package', ['work_package_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('funding', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("'1'")))

    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.add_column(sa.Column('work_package_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('position', sa.Integer(), nullable=False, server_default=sa.text("'0'")))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("'1'")))
        batch_op.create_index(batch_op.f('ix_milestone_work_package_id'), ['work_package_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_milestone_work_package_id_work_package'), 'work_package', ['work_package_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('actual_cost', sa.Numeric(precision=14, scale=2), nullable=True))
        batch_op.add_column(sa.Column('actual_cost_currency', sa.String(length=3), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('shares_currency', sa.String(length=3), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('shares_visibility', sa.String(length=30), nullable=False, server_default=sa.text("'members'")))

    with op.batch_alter_table('project_update', schema=None) as batch_op:
        batch_op.add_column(sa.Column('partner_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("'1'")))
        batch_op.create_index(batch_op.f('ix_project_update_partner_id'), ['partner_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_project_update_partner_id_partner'), 'partner', ['partner_id'], ['id'])

    with op.batch_alter_table('result', schema=None) as batch_op:
        batch_op.add_column(sa.Column('deliverable_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('position', sa.Integer(), nullable=False, server_default=sa.text("'0'")))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("'1'")))
        batch_op.create_index(batch_op.f('ix_result_deliverable_id'), ['deliverable_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_result_deliverable_id_deliverable'), 'deliverable', ['deliverable_id'], ['id'], ondelete='SET NULL')



def downgrade() -> None:
    with op.batch_alter_table('result', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_result_deliverable_id_deliverable'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_result_deliverable_id'))
        batch_op.drop_column('version')
        batch_op.drop_column('position')
        batch_op.drop_column('deliverable_id')

    with op.batch_alter_table('project_update', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_project_update_partner_id_partner'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_project_update_partner_id'))
        batch_op.drop_column('version')
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('partner_id')

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_column('shares_visibility')
        batch_op.drop_column('shares_currency')
        batch_op.drop_column('actual_cost_currency')
        batch_op.drop_column('actual_cost')

    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_milestone_work_package_id_work_package'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_milestone_work_package_id'))
        batch_op.drop_column('version')
        batch_op.drop_column('position')
        batch_op.drop_column('work_package_id')

    with op.batch_alter_table('funding', schema=None) as batch_op:
        batch_op.drop_column('version')

    with op.batch_alter_table('deliverable', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_deliverable_work_package_id_work_package'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_deliverable_work_package_id'))
        batch_op.drop_column('version')
        batch_op.drop_column('position')
        batch_op.drop_column('work_package_id')

    with op.batch_alter_table('work_package', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_work_package_project_id'))
        batch_op.drop_index(batch_op.f('ix_work_package_lead_id'))

    op.drop_table('work_package')
    with op.batch_alter_table('project_barrier_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_barrier_note_project_id'))

    op.drop_table('project_barrier_note')
