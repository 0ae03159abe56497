"""What articles and webinars are tied to: themes, partners, projects and municipalities, filtered and asked alike."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CompoundSelect, Subquery, func, select

from portal.core import themes
from portal.core.db import read
from portal.core.labels import labels_of
from portal.core.listing import Facet
from portal.core.permissions import VISITOR, Actor
from portal.core.themes import Theme
from portal.municipalities import queries as municipalities
from portal.municipalities.models import Municipality
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects import queries as projects
from portal.projects.models import Project
from portal.projects.permissions import seen_by as project_seen_by


@dataclass(frozen=True)
class Ties:
    """The tables that tie things of one kind to others; `owner` is what each of them calls the thing."""

    owner: str
    themes: Any
    partners: Any
    projects: Any
    municipalities: Any

    def of(self, table: Any) -> Any:
        """The column of one of the tables that says whose tie it is."""
        return getattr(table, self.owner)

    @cached_property
    def places(self) -> CompoundSelect[Any]:
        """(thing, municipality) where it is about it, or names its own organisation."""
        return partners.places(
            (self.of(self.municipalities), self.municipalities.municipality_id),
            (self.of(self.partners), self.partners.partner_id),
        )

    @property
    def theme_facet(self) -> Facet:
        pairs = select(self.of(self.themes), self.themes.theme)
        return Facet("theme", _l("Theme"), pairs, lambda values: labels_of(Theme, values))

    @property
    def facets(self) -> tuple[Facet, ...]:
        """Filters by partner, project and municipality; none tells of one that the public does not see."""
        named = select(self.of(self.partners), Partner.slug).join(Partner, self.partners.partner_id == Partner.id)
        about = select(self.of(self.projects), Project.slug).join(Project, self.projects.project_id == Project.id)
        return (
            Facet("partner", _l("Partner"), named.where(partner_seen_by(VISITOR)), partners.names, by_count=True),
            Facet("project", _l("Project"), about.where(project_seen_by(VISITOR)), projects.names, by_count=True),
            Facet("municipality", _l("Municipality"), partners.place_slugs(self.places), municipalities.names),
        )

    def themes_of(self, ids: Collection[int]) -> dict[int, list[Theme]]:
        """Thing → its themes, in the order of the list of themes."""
        owner = self.of(self.themes)
        return themes.by_owner(ids, read(select(owner, self.themes.theme).where(owner.in_(ids))))

    def partners_of(self, thing_id: int, actor: Actor) -> Sequence[Any]:
        """The partners a thing names: slug, names, type."""
        statement = (
            select(Partner.slug, Partner.name, Partner.name_da, Partner.name_en, Partner.type)
            .join(self.partners, self.partners.partner_id == Partner.id)
            .where(self.of(self.partners) == thing_id, partner_seen_by(actor))
            .order_by(Partner.sort_key)
        )
        return read(statement).all()

    def projects_of(self, thing_id: int, actor: Actor) -> Sequence[Any]:
        """The projects a thing is about: slug, acronym, title pair."""
        statement = (
            select(Project.slug, Project.acronym, Project.title_da, Project.title_en)
            .join(self.projects, self.projects.project_id == Project.id)
            .where(self.of(self.projects) == thing_id, project_seen_by(actor))
            .order_by(Project.sort_key)
        )
        return read(statement).all()

    def municipalities_of(self, thing_id: int) -> Sequence[Any]:
        """The municipalities a thing is about: slug, name pair."""
        owner, municipality_id = self.places.subquery().c
        statement = (
            select(Municipality.slug, Municipality.name_da, Municipality.name_en)
            .where(Municipality.id.in_(select(municipality_id).where(owner == thing_id)))
            .order_by(Municipality.sort_key)
        )
        return read(statement).all()

    def sharing(self, thing: Any) -> Subquery:
        """Other things that have themes in common with one: its id as `owner`, and how many, as `shared`."""
        owner = self.of(self.themes)
        return (
            select(owner.label("owner"), func.count().label("shared"))
            .where(self.themes.theme.in_([tie.theme for tie in thing.themes]), owner != thing.id)
            .group_by(owner)
            .subquery()
        )
