"""Health in both languages, documents as evidence, shares in questions"""

from alembic import op
import sqlalchemy as sa


revision = 'ab306e20dbfe'
down_revision = '489a95d2c447'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Renamed as it is: one statement that both databases know, where a batch would write the whole table anew.
    op.execute('ALTER TABLE project RENAME COLUMN health_sentence TO health_sentence_da')
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('health_sentence_en', sa.Text(), nullable=False, server_default=sa.text("''")))

    with op.batch_alter_table('partnership_proposal', schema=None) as batch_op:
        batch_op.add_column(sa.Column('budget_currency', sa.String(length=3), nullable=False, server_default=sa.text("''")))

    with op.batch_alter_table('result', schema=None) as batch_op:
        batch_op.add_column(sa.Column('document_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_result_document_id'), ['document_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_result_document_id_document'), 'document', ['document_id'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    with op.batch_alter_table('result', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_result_document_id_document'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_result_document_id'))
        batch_op.drop_column('document_id')

    with op.batch_alter_table('partnership_proposal', schema=None) as batch_op:
        batch_op.drop_column('budget_currency')

    op.execute("UPDATE project SET health_sentence_da = health_sentence_en WHERE health_sentence_da = ''")
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_column('health_sentence_en')
    op.execute('ALTER TABLE project RENAME COLUMN health_sentence_da TO health_sentence')
