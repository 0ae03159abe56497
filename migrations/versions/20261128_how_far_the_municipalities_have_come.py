"""How far the municipalities have come"""

from alembic import op
import sqlalchemy as sa


revision = 'b26a3018481d'
down_revision = '3186ebb51464'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('framework',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_framework')),
    sa.UniqueConstraint('version', name=op.f('uq_framework_version'))
    )
    op.create_table('dimension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('framework_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_da', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('asks_da', sa.Text(), nullable=False),
    sa.Column('asks_en', sa.Text(), nullable=False),
    sa.Column('refers_to', sa.Text(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('import_key', sa.String(length=241), nullable=True),
    sa.Column('import_digest', sa.String(length=64), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('source_note', sa.Text(), nullable=False),
    sa.Column('retrieved', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['framework_id'], ['framework.id'], name=op.f('fk_dimension_framework_id_framework')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dimension')),
    sa.UniqueConstraint('framework_id', 'slug', name=op.f('uq_dimension_framework_id_slug')),
    sa.UniqueConstraint('import_key', name=op.f('uq_dimension_import_key'))
    )
    op.create_table('assessment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('municipality_id', sa.Integer(), nullable=False),
    sa.Column('dimension_id', sa.Integer(), nullable=False),
    sa.Column('stage', sa.Integer(), nullable=True),
    sa.Column('is_least', sa.Boolean(), nullable=False),
    sa.Column('basis', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('assessed_on', sa.Date(), nullable=False),
    sa.Column('assessed_by_id', sa.Integer(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('stage BETWEEN 0 AND 4', name=op.f('ck_assessment_stage')),
    sa.ForeignKeyConstraint(['assessed_by_id'], ['account.id'], name=op.f('fk_assessment_assessed_by_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['dimension_id'], ['dimension.id'], name=op.f('fk_assessment_dimension_id_dimension')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_assessment_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment'))
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_assessed_by_id'), ['assessed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_dimension_id'), ['dimension_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index('uq_assessment_published', ['municipality_id', 'dimension_id'], unique=True, sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))

    op.create_table('stage_meaning',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dimension_id', sa.Integer(), nullable=False),
    sa.Column('stage', sa.Integer(), nullable=False),
    sa.Column('meaning_da', sa.Text(), nullable=False),
    sa.Column('meaning_en', sa.Text(), nullable=False),
    sa.CheckConstraint('stage BETWEEN 0 AND 4', name=op.f('ck_stage_meaning_stage')),
    sa.ForeignKeyConstraint(['dimension_id'], ['dimension.id'], name=op.f('fk_stage_meaning_dimension_id_dimension')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_meaning')),
    sa.UniqueConstraint('dimension_id', 'stage', name=op.f('uq_stage_meaning_dimension_id_stage'))
    )
    op.create_table('stage_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('dimension_id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('stage', sa.Integer(), nullable=False),
    sa.Column('holds_years', sa.Integer(), nullable=False),
    sa.Column('sentence_da', sa.Text(), nullable=False),
    sa.Column('sentence_en', sa.Text(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('import_key', sa.String(length=241), nullable=True),
    sa.Column('import_digest', sa.String(length=64), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('source_note', sa.Text(), nullable=False),
    sa.Column('retrieved', sa.String(length=200), nullable=False),
    sa.CheckConstraint('stage BETWEEN 0 AND 4', name=op.f('ck_stage_rule_stage')),
    sa.ForeignKeyConstraint(['dimension_id'], ['dimension.id'], name=op.f('fk_stage_rule_dimension_id_dimension')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_stage_rule_indicator_id_indicator')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_rule')),
    sa.UniqueConstraint('import_key', name=op.f('uq_stage_rule_import_key')),
    sa.UniqueConstraint('slug', name=op.f('uq_stage_rule_slug'))
    )
    with op.batch_alter_table('stage_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stage_rule_dimension_id'), ['dimension_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stage_rule_indicator_id'), ['indicator_id'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('stage', sa.Integer(), nullable=True),
    sa.Column('sentence_da', sa.Text(), nullable=False),
    sa.Column('sentence_en', sa.Text(), nullable=False),
    sa.Column('rule', sa.String(length=120), nullable=False),
    sa.Column('indicator', sa.String(length=120), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('period', sa.String(length=40), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('source_name', sa.String(length=200), nullable=False),
    sa.Column('retrieved', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_evidence_assessment_id_assessment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_assessment_id'), ['assessment_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_assessment_id'))

    op.drop_table('evidence')
    with op.batch_alter_table('stage_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stage_rule_indicator_id'))
        batch_op.drop_index(batch_op.f('ix_stage_rule_dimension_id'))

    op.drop_table('stage_rule')
    op.drop_table('stage_meaning')
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_index('uq_assessment_published', sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))
        batch_op.drop_index(batch_op.f('ix_assessment_municipality_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_dimension_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_assessed_by_id'))

    op.drop_table('assessment')
    op.drop_table('dimension')
    op.drop_table('framework')
