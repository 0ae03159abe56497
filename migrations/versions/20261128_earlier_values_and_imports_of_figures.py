"""Earlier values of figures, and imports of figures"""

from alembic import op
import sqlalchemy as sa


revision = 'b9ddd2d27b37'
down_revision = 'fdcbf10cacf2'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('earlier_value',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('observation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Numeric(precision=18, scale=4), nullable=True),
    sa.Column('word', sa.String(length=200), nullable=False),
    sa.Column('missing', sa.String(length=30), nullable=True),
    sa.Column('via', sa.Text(), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('source_note', sa.Text(), nullable=False),
    sa.Column('retrieved', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['observation_id'], ['observation.id'], name=op.f('fk_earlier_value_observation_id_observation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_earlier_value'))
    )
    with op.batch_alter_table('earlier_value', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_earlier_value_observation_id'), ['observation_id'], unique=False)

    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.add_column(sa.Column('subject', sa.String(length=30), nullable=False, server_default='partners'))
        batch_op.add_column(sa.Column('is_all_or_nothing', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('decimal_sign', sa.String(length=30), nullable=False, server_default='as_found'))

    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.add_column(sa.Column('observation_id', sa.Integer(), nullable=True))
        batch_op.alter_column('import_key', existing_type=sa.String(length=120), type_=sa.String(length=241), existing_nullable=False)
        batch_op.create_index(batch_op.f('ix_import_row_observation_id'), ['observation_id'], unique=False)

    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.add_column(sa.Column('least', sa.Numeric(precision=18, scale=4), nullable=True))
        batch_op.add_column(sa.Column('most', sa.Numeric(precision=18, scale=4), nullable=True))

    with op.batch_alter_table('observation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('missing', sa.String(length=30), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('observation', schema=None) as batch_op:
        batch_op.drop_column('missing')

    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.drop_column('most')
        batch_op.drop_column('least')

    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_row_observation_id'))
        batch_op.alter_column('import_key', existing_type=sa.String(length=241), type_=sa.String(length=120), existing_nullable=False)
        batch_op.drop_column('observation_id')

    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.drop_column('decimal_sign')
        batch_op.drop_column('is_all_or_nothing')
        batch_op.drop_column('subject')

    with op.batch_alter_table('earlier_value', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_earlier_value_observation_id'))

    op.drop_table('earlier_value')
