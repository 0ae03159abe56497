"""Who confirmed a profile or project"""

from alembic import op
import sqlalchemy as sa


revision = '4581c3f4a9e0'
down_revision = 'd0bca2eb5419'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('partner', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confirmed_contact_id', sa.Integer(), nullable=True))

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confirmed_partner_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_project_confirmed_partner_id'), ['confirmed_partner_id'], unique=False)
        batch_op.create_foreign_key(
            batch_op.f('fk_project_confirmed_partner_id_partner'),
            'partner',
            ['confirmed_partner_id'],
            ['id'],
            ondelete='SET NULL',
        )


def downgrade() -> None:
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_project_confirmed_partner_id_partner'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_project_confirmed_partner_id'))
        batch_op.drop_column('confirmed_partner_id')

    with op.batch_alter_table('partner', schema=None) as batch_op:
        batch_op.drop_column('confirmed_contact_id')
