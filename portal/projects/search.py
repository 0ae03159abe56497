"""Projects as search sees them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor
from portal.core.richtext import plain
from portal.projects.documents.queries import public_titles
from portal.projects.models import Funding, Participation, Project, ProjectMunicipality, Result, Update, Visibility
from portal.projects.permissions import seen_by
from portal.search.documents import Document
from portal.search.names import Entry

BATCH = 500
LESSONS = ("lessons_failed", "lessons_copy")


class ProjectSource:
    """Implements `portal.search.documents.Source`."""

    kind = "project"

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        statement = (
            select(Project)
            .where(seen_by(VISITOR))
            .options(
                selectinload(Project.themes),
                selectinload(Project.participations).joinedload(Participation.partner),
                selectinload(Project.municipalities).joinedload(ProjectMunicipality.municipality),
                # What a visitor may read: the index is everybody's.
                selectinload(Project.funding.and_(Funding.visibility == Visibility.PUBLIC)),
                selectinload(
                    Project.updates.and_(Update.visibility == Visibility.PUBLIC, Update.withdrawn_at.is_(None))
                ),
                selectinload(Project.results.and_(Result.visibility == Visibility.PUBLIC)),
            )
            .execution_options(yield_per=BATCH)
        )
        if ids is not None:
            statement = statement.where(Project.id.in_(ids))
        titles = public_titles(ids)
        for project in db.session.scalars(statement):
            yield _document(project, titles.get(project.id, ""))

    def visible(self, ids: Collection[int], actor: Actor) -> set[int]:
        return set(db.session.scalars(select(Project.id).where(Project.id.in_(ids), seen_by(actor))))

    def versions(self) -> Mapping[int, int]:
        return dict(db.session.execute(select(Project.id, Project.version).where(seen_by(VISITOR))).all())

    def names(self) -> Iterator[Entry]:
        columns = Project.id, Project.slug, Project.title_da, Project.title_en, Project.acronym
        for row in db.session.execute(select(*columns).order_by(Project.sort_key)):
            yield Entry(row.id, row.title_da, row.title_en, (), row.acronym, row.slug, row.acronym)

    def known_since(self, ids: Collection[int]) -> Mapping[int, datetime]:
        known = select(Project.id, Project.created_at)
        return dict(db.session.execute(known.where(Project.id.in_(ids))).all())


source = ProjectSource()


def _document(project: Project, documents: str) -> Document:
    partners = [participation.partner for participation in project.participations]
    others = " ".join(
        [partner.name for partner in partners]
        + [f"{one.funder} {one.programme}" for one in project.funding]
        + [documents]
    )
    return Document(
        kind="project",
        id=project.id,
        version=project.version,
        path=f"/projects/{project.slug}",
        title_da=project.title_da,
        title_en=project.title_en,
        names=(project.acronym,) if project.acronym else (),
        summary_da=project.summary_da,
        summary_en=project.summary_en,
        body_da=_body(project, "da", others),
        body_en=_body(project, "en", others),
        themes=tuple(theme.theme.value for theme in project.themes),
        partners=tuple(partner.slug for partner in partners),
        municipalities=tuple(one.municipality.slug for one in project.municipalities),
        years=_years(project),
        date=project.starts_on,
    )


def _body(project: Project, language: str, others: str) -> str:
    shows_lessons = project.lessons_visibility is Visibility.PUBLIC
    pairs = [pair for pair in Project.pairs[2:] if shows_lessons or pair not in LESSONS]
    told = [getattr(project, f"{pair}_{language}") for pair in pairs]
    for update in project.updates:
        told += [getattr(update, f"title_{language}"), plain(getattr(update, f"body_{language}"))]
    told += [getattr(result, f"claim_{language}") for result in project.results]
    return "\n".join([*filter(None, told), others])


def _years(project: Project) -> tuple[int, ...]:
    if project.starts_on is None:
        return ()
    return tuple(range(project.starts_on.year, (project.ends_on or project.starts_on).year + 1))
