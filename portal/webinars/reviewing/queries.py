"""The draft behind a link."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.errors import Spent
from portal.editorial.models import DraftLink
from portal.webinars.models import Webinar
from portal.webinars.permissions import CLOSED, is_public


def behind(link: DraftLink, now: datetime) -> tuple[Webinar, bool]:
    """The webinar that a link leads to, and whether readers have it already. `Spent` for what is closed."""
    statement = select(Webinar).where(Webinar.id == link.subject_id).options(selectinload(Webinar.themes))
    webinar = db.session.scalar(statement)
    if webinar is None or webinar.state in CLOSED:
        raise Spent
    return webinar, is_public(webinar, now)
