"""Confirming a project: by those who run it with one press, or with the mailed link and without signing in."""

from flask_babel import lazy_gettext as _l

from portal.accounts import queries as accounts
from portal.core.confirming import Confirming
from portal.core.web import actor, pages
from portal.projects import queries
from portal.projects.freshness import operations

bp = pages("freshness", __name__, "/projects")

Confirming(
    kind=operations.KIND,
    rule="project.edit",
    own=lambda slug: queries.to_work_on(slug, actor(), "project.edit"),
    mailed=queries.public_by_id,
    person=accounts.by_mail,
    confirm=operations.confirm,
    home="projects.show",
    template="projects/confirm.html",
    said=_l("Thank you. The project’s page is confirmed for a year."),
).serve(bp)
