"""Freshness, consent, proposed changes and corrections"""

from alembic import op
import sqlalchemy as sa


revision = '3a704b209193'
down_revision = '06e659e67ed1'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('confirmation_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_confirmation_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_confirmation_link_token_hash'))
    )
    with op.batch_alter_table('confirmation_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_confirmation_link_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_confirmation_link_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index('ix_confirmation_link_kind_subject_id', ['kind', 'subject_id'], unique=False)

    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.CheckConstraint('(partner_id IS NULL) <> (project_id IS NULL)', name=op.f('ck_correction_one_subject')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_correction_partner_id_partner'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_correction_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_correction_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_correction_project_id'), ['project_id'], unique=False)

    op.create_table('distinct_partners',
    sa.Column('one_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['one_id'], ['partner.id'], name=op.f('fk_distinct_partners_one_id_partner'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other_id'], ['partner.id'], name=op.f('fk_distinct_partners_other_id_partner'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('one_id', 'other_id', name=op.f('pk_distinct_partners'))
    )
    with op.batch_alter_table('distinct_partners', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_distinct_partners_other_id'), ['other_id'], unique=False)

    op.create_table('partner_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('proposed_by', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_partner_change_partner_id_partner'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_change'))
    )
    with op.batch_alter_table('partner_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_change_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partner_change_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partner_change_state'), ['state'], unique=False)
        batch_op.create_index('uq_partner_change_pending', ['partner_id'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.create_table('contact_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contact_point.id'], name=op.f('fk_contact_link_contact_id_contact_point'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_contact_link_token_hash'))
    )
    with op.batch_alter_table('contact_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_link_contact_id'), ['contact_id'], unique=False)

    with op.batch_alter_table('contact_point', schema=None) as batch_op:
        batch_op.add_column(sa.Column('languages', sa.String(length=80), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('consent', sa.String(length=30), nullable=False, server_default=sa.text("'public'")))
        batch_op.add_column(sa.Column('consent_asked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("'1'")))
        batch_op.create_index(batch_op.f('ix_contact_point_email'), ['email'], unique=False)

    with op.batch_alter_table('partner', schema=None) as batch_op:
        batch_op.add_column(sa.Column('question', sa.Text(), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('logo_digest', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('logo_alt_da', sa.String(length=200), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('logo_alt_en', sa.String(length=200), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('confirmed_by', sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column('next_confirmation_due', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('confirmation_asked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_partner_next_confirmation_due'), ['next_confirmation_due'], unique=False)

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confirmed_by', sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column('next_confirmation_due', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('confirmation_asked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_project_next_confirmation_due'), ['next_confirmation_due'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_next_confirmation_due'))
        batch_op.drop_column('confirmation_asked_at')
        batch_op.drop_column('next_confirmation_due')
        batch_op.drop_column('confirmed_by')

    with op.batch_alter_table('partner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_partner_next_confirmation_due'))
        batch_op.drop_column('confirmation_asked_at')
        batch_op.drop_column('next_confirmation_due')
        batch_op.drop_column('confirmed_by')
        batch_op.drop_column('logo_alt_en')
        batch_op.drop_column('logo_alt_da')
        batch_op.drop_column('logo_digest')
        batch_op.drop_column('asked_at')
        batch_op.drop_column('question')

    with op.batch_alter_table('contact_point', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_point_email'))
        batch_op.drop_column('version')
        batch_op.drop_column('consent_asked_at')
        batch_op.drop_column('consent')
        batch_op.drop_column('languages')

    with op.batch_alter_table('contact_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_link_contact_id'))

    op.drop_table('contact_link')
    with op.batch_alter_table('partner_change', schema=None) as batch_op:
        batch_op.drop_index('uq_partner_change_pending', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.drop_index(batch_op.f('ix_partner_change_state'))
        batch_op.drop_index(batch_op.f('ix_partner_change_partner_id'))
        batch_op.drop_index(batch_op.f('ix_partner_change_account_id'))

    op.drop_table('partner_change')
    with op.batch_alter_table('distinct_partners', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_distinct_partners_other_id'))

    op.drop_table('distinct_partners')
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_project_id'))
        batch_op.drop_index(batch_op.f('ix_correction_partner_id'))
        batch_op.drop_index(batch_op.f('ix_correction_created_at'))

    op.drop_table('correction')
    with op.batch_alter_table('confirmation_link', schema=None) as batch_op:
        batch_op.drop_index('ix_confirmation_link_kind_subject_id')
        batch_op.drop_index(batch_op.f('ix_confirmation_link_expires_at'))
        batch_op.drop_index(batch_op.f('ix_confirmation_link_account_id'))

    op.drop_table('confirmation_link')
