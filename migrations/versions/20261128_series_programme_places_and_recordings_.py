"""Series, programme, places and recordings of webinars"""

from alembic import op
import sqlalchemy as sa


revision = '1e761f2a46e1'
down_revision = '7648f71de8f7'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('webinar_series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('title_da', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('summary_da', sa.Text(), nullable=False),
    sa.Column('summary_en', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('host_names', sa.Text(), nullable=False),
    sa.Column('speaker_names', sa.Text(), nullable=False),
    sa.Column('info_url', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('import_key', sa.String(length=241), nullable=True),
    sa.Column('import_digest', sa.String(length=64), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('source_note', sa.Text(), nullable=False),
    sa.Column('retrieved', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webinar_series')),
    sa.UniqueConstraint('import_key', name=op.f('uq_webinar_series_import_key')),
    sa.UniqueConstraint('slug', name=op.f('uq_webinar_series_slug'))
    )
    with op.batch_alter_table('webinar_series', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_series_state'), ['state'], unique=False)

    op.create_table('webinar_series_project',
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_webinar_series_project_project_id_project')),
    sa.ForeignKeyConstraint(['series_id'], ['webinar_series.id'], name=op.f('fk_webinar_series_project_series_id_webinar_series'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('series_id', 'project_id', name=op.f('pk_webinar_series_project'))
    )
    with op.batch_alter_table('webinar_series_project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_series_project_project_id'), ['project_id'], unique=False)

    op.create_table('webinar_series_theme',
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('theme', sa.String(length=30), nullable=False),
    sa.ForeignKeyConstraint(['series_id'], ['webinar_series.id'], name=op.f('fk_webinar_series_theme_series_id_webinar_series'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('series_id', 'theme', name=op.f('pk_webinar_series_theme'))
    )
    with op.batch_alter_table('webinar_series_theme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_series_theme_theme'), ['theme'], unique=False)

    op.create_table('webinar_chapter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('at_s', sa.Integer(), nullable=False),
    sa.Column('title_da', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('at_s >= 0', name=op.f('ck_webinar_chapter_at_not_negative')),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_webinar_chapter_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webinar_chapter')),
    sa.UniqueConstraint('webinar_id', 'at_s', name=op.f('uq_webinar_chapter_webinar_id_at_s'))
    )
    with op.batch_alter_table('webinar_chapter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_chapter_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('webinar_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('question_da', sa.String(length=500), nullable=False),
    sa.Column('question_en', sa.String(length=500), nullable=False),
    sa.Column('answer_da', sa.Text(), nullable=False),
    sa.Column('answer_en', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_webinar_question_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webinar_question'))
    )
    with op.batch_alter_table('webinar_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_question_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('webinar_recording',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('duration_s', sa.Integer(), nullable=True),
    sa.Column('captions_da', sa.String(length=64), nullable=True),
    sa.Column('captions_en', sa.String(length=64), nullable=True),
    sa.Column('transcript_da', sa.Text(), nullable=False),
    sa.Column('transcript_en', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('duration_s IS NULL OR duration_s > 0', name=op.f('ck_webinar_recording_duration_positive')),
    sa.ForeignKeyConstraint(['captions_da'], ['stored_file.digest'], name=op.f('fk_webinar_recording_captions_da_stored_file')),
    sa.ForeignKeyConstraint(['captions_en'], ['stored_file.digest'], name=op.f('fk_webinar_recording_captions_en_stored_file')),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_webinar_recording_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', name=op.f('pk_webinar_recording'))
    )
    with op.batch_alter_table('webinar_recording', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_recording_captions_da'), ['captions_da'], unique=False)
        batch_op.create_index(batch_op.f('ix_webinar_recording_captions_en'), ['captions_en'], unique=False)

    op.create_table('webinar_series_partner',
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('is_host', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_webinar_series_partner_partner_id_partner')),
    sa.ForeignKeyConstraint(['series_id'], ['webinar_series.id'], name=op.f('fk_webinar_series_partner_series_id_webinar_series'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('series_id', 'partner_id', name=op.f('pk_webinar_series_partner'))
    )
    with op.batch_alter_table('webinar_series_partner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_series_partner_partner_id'), ['partner_id'], unique=False)

    op.create_table('webinar_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('title_da', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('abstract_da', sa.Text(), nullable=False),
    sa.Column('abstract_en', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('ends_at IS NULL OR (starts_at IS NOT NULL AND starts_at < ends_at)', name=op.f('ck_webinar_session_period')),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_webinar_session_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webinar_session'))
    )
    with op.batch_alter_table('webinar_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_session_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('webinar_slides',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('title_da', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revised_da_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revised_en_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['digest'], ['stored_file.digest'], name=op.f('fk_webinar_slides_digest_stored_file')),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_webinar_slides_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webinar_slides'))
    )
    with op.batch_alter_table('webinar_slides', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_slides_digest'), ['digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_webinar_slides_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('webinar_speaker',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['webinar_session.id'], name=op.f('fk_webinar_speaker_session_id_webinar_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webinar_speaker'))
    )
    with op.batch_alter_table('webinar_speaker', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_speaker_session_id'), ['session_id'], unique=False)

    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reason_da', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('reason_en', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('series_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('previous_starts_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('capacity', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('join_url', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('registration_opens_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('registration_closes_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('retention_days', sa.Integer(), nullable=False, server_default=sa.text("'90'")))
        batch_op.add_column(sa.Column('created_by_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_webinar_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_webinar_series_id'), ['series_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_webinar_series_id_webinar_series'), 'webinar_series', ['series_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_webinar_created_by_id_account'), 'account', ['created_by_id'], ['id'], ondelete='SET NULL')
        batch_op.create_check_constraint(batch_op.f('ck_webinar_capacity_positive'), 'capacity IS NULL OR capacity > 0')
        batch_op.create_check_constraint(batch_op.f('ck_webinar_retention_not_negative'), 'retention_days >= 0')



def downgrade() -> None:
    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_webinar_retention_not_negative'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_webinar_capacity_positive'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_webinar_created_by_id_account'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_webinar_series_id_webinar_series'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_webinar_series_id'))
        batch_op.drop_index(batch_op.f('ix_webinar_created_by_id'))
        batch_op.drop_column('created_by_id')
        batch_op.drop_column('retention_days')
        batch_op.drop_column('registration_closes_at')
        batch_op.drop_column('registration_opens_at')
        batch_op.drop_column('join_url')
        batch_op.drop_column('capacity')
        batch_op.drop_column('previous_starts_at')
        batch_op.drop_column('series_id')
        batch_op.drop_column('reason_en')
        batch_op.drop_column('reason_da')

    with op.batch_alter_table('webinar_speaker', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_speaker_session_id'))

    op.drop_table('webinar_speaker')
    with op.batch_alter_table('webinar_slides', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_slides_webinar_id'))
        batch_op.drop_index(batch_op.f('ix_webinar_slides_digest'))

    op.drop_table('webinar_slides')
    with op.batch_alter_table('webinar_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_session_webinar_id'))

    op.drop_table('webinar_session')
    with op.batch_alter_table('webinar_series_partner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_series_partner_partner_id'))

    op.drop_table('webinar_series_partner')
    with op.batch_alter_table('webinar_recording', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_recording_captions_en'))
        batch_op.drop_index(batch_op.f('ix_webinar_recording_captions_da'))

    op.drop_table('webinar_recording')
    with op.batch_alter_table('webinar_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_question_webinar_id'))

    op.drop_table('webinar_question')
    with op.batch_alter_table('webinar_chapter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_chapter_webinar_id'))

    op.drop_table('webinar_chapter')
    with op.batch_alter_table('webinar_series_theme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_series_theme_theme'))

    op.drop_table('webinar_series_theme')
    with op.batch_alter_table('webinar_series_project', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_series_project_project_id'))

    op.drop_table('webinar_series_project')
    with op.batch_alter_table('webinar_series', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_series_state'))

    op.drop_table('webinar_series')
