"""Confirming a profile: by its own people with one press, or with the mailed link and without signing in."""

from flask_babel import lazy_gettext as _l

from portal.accounts import queries as accounts
from portal.core.confirming import Confirming
from portal.core.web import actor, pages
from portal.partners import queries
from portal.partners.lifecycle import operations

bp = pages("lifecycle_partners", __name__, "/partners")

Confirming(
    kind=operations.KIND,
    rule="partner.confirm",
    own=lambda slug: queries.to_work_on(slug, actor(), "partner.confirm"),
    mailed=queries.public_by_id,
    person=accounts.by_mail,
    confirm=operations.confirm,
    home="partners.show",
    template="partners/confirm.html",
    said=_l("Thank you. The profile is confirmed for a year."),
).serve(bp)
