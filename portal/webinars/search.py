"""Webinars as search sees them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.core.bilingual import LANGUAGES, Language
from portal.core.db import db
from portal.core.permissions import VISITOR, Actor
from portal.core.richtext import plain
from portal.partners.models import Partner, PartnerType
from portal.projects.models import Project, Visibility
from portal.search.documents import Document
from portal.webinars.models import (
    State,
    Webinar,
    WebinarMunicipality,
    WebinarPartner,
    WebinarProject,
    WebinarSession,
)
from portal.webinars.permissions import seen_by

BATCH = 500


class WebinarSource:
    """Implements `portal.search.documents.Source`."""

    kind = "webinar"

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        statement = (
            select(Webinar)
            .where(seen_by(VISITOR))
            .options(
                selectinload(Webinar.themes),
                selectinload(Webinar.sessions).selectinload(WebinarSession.speakers),
                selectinload(Webinar.recording),
                selectinload(Webinar.chapters),
                selectinload(Webinar.questions),
                selectinload(Webinar.partners).joinedload(WebinarPartner.partner).joinedload(Partner.municipality),
                selectinload(Webinar.projects).joinedload(WebinarProject.project),
                selectinload(Webinar.municipalities).joinedload(WebinarMunicipality.municipality),
            )
            .execution_options(yield_per=BATCH)
        )
        if ids is not None:
            statement = statement.where(Webinar.id.in_(ids))
        yield from map(_document, db.session.scalars(statement))

    def visible(self, ids: Collection[int], actor: Actor) -> set[int]:
        return set(db.session.scalars(select(Webinar.id).where(Webinar.id.in_(ids), seen_by(actor))))

    def versions(self) -> Mapping[int, int]:
        return dict(db.session.execute(select(Webinar.id, Webinar.version).where(seen_by(VISITOR))).all())

    def known_since(self, ids: Collection[int]) -> Mapping[int, datetime]:
        known = select(Webinar.id, func.coalesce(Webinar.publish_at, Webinar.created_at))
        return dict(db.session.execute(known.where(Webinar.id.in_(ids))).all())


source = WebinarSource()


def _document(webinar: Webinar) -> Document:
    partners = [one.partner for one in webinar.partners if one.partner.is_public]
    projects = [one.project for one in webinar.projects if one.project.visibility is Visibility.PUBLIC]
    others = " ".join([_names(partners, projects), webinar.host_names, webinar.speaker_names]).strip()
    spoken = [f"{who.name} {who.organisation}" for one in webinar.sessions for who in one.speakers]
    body = {code: "\n".join(filter(None, [others, *spoken, *_inside(webinar, code)])) for code in LANGUAGES}
    return Document(
        kind="webinar",
        id=webinar.id,
        version=webinar.version,
        path=f"/webinars/{webinar.slug}",
        title_da=webinar.title_da,
        title_en=webinar.title_en,
        summary_da=plain(webinar.abstract_da),
        summary_en=plain(webinar.abstract_en),
        body_da=body["da"],
        body_en=body["en"],
        themes=tuple(one.theme.value for one in webinar.themes),
        partners=tuple(partner.slug for partner in partners),
        municipalities=_places(webinar, partners),
        years=(webinar.held_on.year,) if webinar.held_on else (),
        date=webinar.held_on,
    )


def _inside(webinar: Webinar, code: Language) -> Iterator[str]:
    """What the programme says in a language, and, once it is shown, what is in the recording."""
    for session in webinar.sessions:
        yield getattr(session, f"title_{code}")
        yield getattr(session, f"abstract_{code}")
    if webinar.state is not State.RECORDED:
        return
    for chapter in webinar.chapters:
        yield getattr(chapter, f"title_{code}")
    for asked in webinar.questions:
        yield getattr(asked, f"question_{code}")
        yield getattr(asked, f"answer_{code}")
    if webinar.recording:
        yield getattr(webinar.recording, f"transcript_{code}")


def _places(webinar: Webinar, partners: Collection[Partner]) -> tuple[str, ...]:
    """The municipalities it names, itself or through their own organisations."""
    own = [partner.municipality for partner in partners if partner.type is PartnerType.MUNICIPALITY]
    places = [one.municipality for one in webinar.municipalities] + [place for place in own if place]
    return tuple(dict.fromkeys(place.slug for place in places))


def _names(partners: Collection[Partner], projects: Collection[Project]) -> str:
    return " ".join([partner.name for partner in partners] + [project.acronym for project in projects])
