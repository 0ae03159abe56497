"""What the pages on which webinars are written ask the database."""

from sqlalchemy import select
from sqlalchemy.orm.interfaces import ORMOption

from portal.core import slugs
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor, allows
from portal.webinars.editing.content import LOADS
from portal.webinars.models import Webinar
from portal.webinars.permissions import looked_inside_by


def to_work_on(slug: str, actor: Actor, action: str, *loads: ORMOption) -> Webinar:
    """The webinar with all that its writers decide. `NotFound` unless the actor may do `action` to it."""
    statement = select(Webinar).where(Webinar.slug == slug, looked_inside_by(actor)).options(*LOADS, *loads)
    webinar = db.session.scalar(statement)
    if webinar is None:
        raise slugs.missing("webinar", slug)
    if not allows(actor, action, webinar):
        raise NotFound("webinar", slug)
    return webinar
