"""Registrations for webinars, and mail with entries for calendars"""

from alembic import op
import sqlalchemy as sa


revision = '1726e1e44c20'
down_revision = 'ab306e20dbfe'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('webinar_registration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('is_listed', sa.Boolean(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_as', sa.String(length=64), nullable=False),
    sa.Column('told_starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('calendar_steps', sa.Integer(), nullable=False),
    sa.Column('followed_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('forget_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_webinar_registration_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webinar_registration')),
    sa.UniqueConstraint('webinar_id', 'email', name=op.f('uq_webinar_registration_webinar_id_email')),
    sa.UniqueConstraint('webinar_id', 'place', name=op.f('uq_webinar_registration_webinar_id_place'))
    )
    with op.batch_alter_table('webinar_registration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_registration_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_webinar_registration_forget_on'), ['forget_on'], unique=False)

    op.create_table('webinar_feedback',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_webinar_feedback_rating')),
    sa.ForeignKeyConstraint(['registration_id'], ['webinar_registration.id'], name=op.f('fk_webinar_feedback_registration_id_webinar_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_webinar_feedback'))
    )
    op.create_table('registration_link',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['webinar_registration.id'], name=op.f('fk_registration_link_registration_id_webinar_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_registration_link'))
    )
    with op.batch_alter_table('registration_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_link_registration_id'), ['registration_id'], unique=False)

    op.create_table('webinar_reminder',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['webinar_registration.id'], name=op.f('fk_webinar_reminder_registration_id_webinar_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', 'kind', 'starts_at', name=op.f('pk_webinar_reminder'))
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('calendar', sa.Text(), server_default='', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_column('calendar')

    op.drop_table('webinar_reminder')
    with op.batch_alter_table('registration_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_link_registration_id'))

    op.drop_table('registration_link')
    op.drop_table('webinar_feedback')
    with op.batch_alter_table('webinar_registration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webinar_registration_forget_on'))
        batch_op.drop_index(batch_op.f('ix_webinar_registration_email'))

    op.drop_table('webinar_registration')
