"""Beginning a project, and changing what it says of itself: the only way its texts and facts are written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex

from sqlalchemy import delete, select, update

from portal.core import audit, slugs
from portal.core.dates import PartialDate, Precision
from portal.core.db import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Actor, require
from portal.core.slugs import OldAddress
from portal.core.sorting import sort_key
from portal.core.themes import Theme
from portal.municipalities.models import Municipality
from portal.projects.editing.outlines import Outline
from portal.projects.models import (
    Barrier,
    Kind,
    Milestone,
    MunicipalityRole,
    Participation,
    Project,
    ProjectBarrier,
    ProjectMunicipality,
    ProjectRelation,
    ProjectTheme,
    Role,
    State,
    TeamMember,
    TeamRole,
    Visibility,
    WorkPackage,
)
from portal.projects.operations import changed, note
from portal.projects.parts.operations import is_wider
from portal.projects.permissions import may_see_part
from portal.search.outbox import touch

KIND = "project"

TEXTS = ("title", "summary", "challenge", "objective", "expected_change")
LESSONS = ("lessons_failed", "lessons_copy")


@dataclass(frozen=True)
class Facts:
    """What is known of a project beside its texts."""

    acronym: str
    kind: Kind | None
    themes: tuple[Theme, ...]
    barriers: tuple[Barrier, ...]
    starts: PartialDate | None
    ends: PartialDate | None
    website: str


def facts_of(project: Project) -> Facts:
    """The facts as they are now, lists in the order of their words."""
    themes = {one.theme for one in project.themes}
    barriers = {one.barrier for one in project.barriers}
    return Facts(
        acronym=project.acronym,
        kind=project.kind,
        themes=tuple(theme for theme in Theme if theme in themes),
        barriers=tuple(barrier for barrier in Barrier if barrier in barriers),
        starts=project.starts,
        ends=project.ends,
        website=project.website,
    )


def create(
    partner_id: int,
    titles: Mapping[str, str],
    *,
    outline: Outline | None = None,
    original: Project | None = None,
    actor: Actor,
    now: datetime,
) -> Project:
    """Begin a project as an idea that only those who take part see: the partner coordinates, the actor manages.

    An `original` is adopted: its texts, words and plan come along, never its partners, people or money.
    """
    if partner_id not in actor.partner_ids or actor.account_id is None:
        raise Forbidden("project.create")
    title = titles["title_da"] or titles["title_en"]
    if not title:
        raise Invalid("title_da", "a project needs a title in one language")
    project = Project(
        slug=_free_slug(title),
        sort_key=sort_key(title),
        state=State.IDEA,
        visibility=Visibility.MEMBERS,
        created_at=now,
        participations=[Participation(partner_id=partner_id, role=Role.COORDINATOR)],
        team=[TeamMember(account_id=actor.account_id, role=TeamRole.MANAGER, since=now)],
        themes=[],
        barriers=[],
        work_packages=[],
        milestones=[],
    )
    if original is not None:
        require(actor, "project.see", original)
        _adopt(project, original, actor, now)
    elif outline is not None:
        _fill_in(project, outline, now)
    project.write(now, **titles)
    db.session.add(project)
    db.session.flush()
    if original is not None:
        db.session.add(ProjectRelation(project_id=project.id, related_id=original.id, kind="adopted_from"))
    audit.record(actor, "project.created", KIND, project.id, {"title": ("", title)}, now=now)
    touch(KIND, project.id)
    return project


def _fill_in(project: Project, outline: Outline, now: datetime) -> None:
    project.kind = outline.kind
    project.barriers = [ProjectBarrier(barrier=barrier) for barrier in outline.barriers]
    project.work_packages = [
        WorkPackage(number=str(n), position=n).write(now, title_da=da, title_en=en)
        for n, (da, en) in enumerate(outline.work_packages, 1)
    ]
    project.milestones = [
        Milestone(position=n).write(now, title_da=da, title_en=en) for n, (da, en) in enumerate(outline.milestones, 1)
    ]


def _adopt(project: Project, original: Project, actor: Actor, now: datetime) -> None:
    """Take over what another project is made of, as far as the actor sees it; its days and its people are its own."""
    project.kind = original.kind
    project.themes = [ProjectTheme(theme=one.theme) for one in original.themes]
    project.barriers = [ProjectBarrier(barrier=one.barrier) for one in original.barriers]
    columns = [f"{pair}_{language}" for pair in TEXTS[1:] for language in ("da", "en")]
    project.write(now, **{column: getattr(original, column) for column in columns})
    project.work_packages = [
        WorkPackage(number=one.number, position=one.position, weight=one.weight, visibility=one.visibility).write(
            now,
            title_da=one.title_da,
            title_en=one.title_en,
            description_da=one.description_da,
            description_en=one.description_en,
        )
        for one in original.work_packages
        if may_see_part(actor, one, original)
    ]
    project.milestones = [
        Milestone(position=one.position, visibility=one.visibility).write(
            now,
            title_da=one.title_da,
            title_en=one.title_en,
            verification_da=one.verification_da,
            verification_en=one.verification_en,
        )
        for one in original.milestones
        if may_see_part(actor, one, original)
    ]


def revise_texts(project: Project, texts: Mapping[str, str], *, actor: Actor, now: datetime) -> None:
    """Write texts by their columns (`title_da`); the address stays as it is."""
    require(actor, "project.edit", project)
    differences = changed({column: getattr(project, column) for column in texts}, texts)
    if not differences:
        return
    project.write(now, **texts)
    title = project.title_da or project.title_en
    if not title:
        raise Invalid("title_da", "a project needs a title in one language")
    project.sort_key = sort_key(title)
    note(project, "project.texts_revised", differences, actor=actor, now=now)


def revise_lessons(
    project: Project, texts: Mapping[str, str], visibility: Visibility, *, actor: Actor, now: datetime
) -> None:
    """Write what was learned, and who sees it."""
    require(actor, "project.edit", project)
    if is_wider(visibility, project.visibility):
        raise Invalid("lessons_visibility", "wider than the project")
    before = {column: getattr(project, column) for column in texts} | {"lessons_visibility": project.lessons_visibility}
    differences = changed(before, {**texts, "lessons_visibility": visibility})
    if not differences:
        return
    project.write(now, **texts)
    project.lessons_visibility = visibility
    note(project, "project.lessons_revised", differences, actor=actor, now=now)


def revise_facts(project: Project, facts: Facts, *, actor: Actor, now: datetime) -> None:
    """Write the facts; a list's words that stay keep their rows."""
    require(actor, "project.edit", project)
    before = facts_of(project)
    differences = changed(_told(before), _told(facts))
    if not differences:
        return
    project.acronym, project.kind, project.website = facts.acronym, facts.kind, facts.website
    project.starts_on, project.starts_precision = _columns(facts.starts)
    project.ends_on, project.ends_precision = _columns(facts.ends)
    project.themes = [one for one in project.themes if one.theme in facts.themes] + [
        ProjectTheme(theme=theme) for theme in facts.themes if theme not in before.themes
    ]
    project.barriers = [one for one in project.barriers if one.barrier in facts.barriers] + [
        ProjectBarrier(barrier=barrier) for barrier in facts.barriers if barrier not in before.barriers
    ]
    note(project, "project.facts_revised", differences, actor=actor, now=now)


def _told(facts: Facts) -> dict[str, object]:
    """The facts as the trace keeps them."""
    return {
        "acronym": facts.acronym,
        "kind": facts.kind or "",
        "themes": list(facts.themes),
        "barriers": list(facts.barriers),
        "starts": str(facts.starts or ""),
        "ends": str(facts.ends or ""),
        "website": facts.website,
    }


def _columns(value: PartialDate | None) -> tuple[date | None, Precision]:
    return (value.day, value.precision) if value else (None, Precision.DAY)


def set_place(
    project: Project, municipality: Municipality, role: MunicipalityRole, *, actor: Actor, now: datetime
) -> None:
    """Say what a municipality has to do with the project; saying it again changes the role."""
    require(actor, "project.edit", project)
    known = next((one for one in project.municipalities if one.municipality_id == municipality.id), None)
    before = known.role if known else ""
    if known is None:
        project.municipalities.append(ProjectMunicipality(municipality_id=municipality.id, role=role))
    else:
        known.role = role
    changes = {"municipality": ("", municipality.name_da), "role": (before, role)}
    note(project, "project.place_set", changes, actor=actor, now=now)


def remove_place(project: Project, municipality_id: int, *, actor: Actor, now: datetime) -> None:
    require(actor, "project.edit", project)
    known = next((one for one in project.municipalities if one.municipality_id == municipality_id), None)
    if known is None:
        return
    project.municipalities.remove(known)
    changes = {"municipality": (known.municipality.name_da, "")}
    note(project, "project.place_removed", changes, actor=actor, now=now)


def show_to(project: Project, visibility: Visibility, *, actor: Actor, now: datetime) -> None:
    """Say who sees the project. One taken from the public answers there that it was withdrawn."""
    require(actor, "project.manage", project)
    before = project.visibility
    if visibility is before:
        return
    project.visibility = visibility
    if before is Visibility.PUBLIC:
        slugs.withdrawn(KIND, project.slug, now=now)
    elif visibility is Visibility.PUBLIC:
        slugs.restored(KIND, project.slug)
    note(project, "project.shown_to", {"visibility": (before, visibility)}, actor=actor, now=now)


def rename(project: Project, wanted: str, *, actor: Actor, now: datetime) -> None:
    """Give the project another address; the old one leads to it for ever."""
    require(actor, "project.manage", project)
    slug, old = slugs.slugify(wanted), project.slug
    if slug == old:
        return
    if not slug or slug in slugs.RESERVED or slug in _taken(but=project):
        raise Invalid("slug", "this address is taken")
    project.slug = slug
    note(project, "project.renamed", {"address": (old, slug)}, actor=actor, now=now)
    was_withdrawn = db.session.scalar(
        select(OldAddress).where(OldAddress.kind == KIND, OldAddress.slug == old, OldAddress.target.is_(None))
    )
    slugs.renamed(KIND, old, slug, now=now)
    if was_withdrawn:
        slugs.withdrawn(KIND, slug, now=now)


def delete_idea(project: Project, *, actor: Actor, now: datetime) -> None:
    """Delete an idea for real. What once was public keeps answering that it is gone."""
    require(actor, "project.manage", project)
    if project.state is not State.IDEA:
        raise Invalid("state", "only an idea can be deleted")
    if project.visibility is Visibility.PUBLIC:
        slugs.withdrawn(KIND, project.slug, now=now)
    led_here = OldAddress.kind == KIND, OldAddress.target == project.slug
    db.session.execute(update(OldAddress).where(*led_here).values(target=None))
    title = project.title_da or project.title_en
    audit.record(actor, "project.deleted", KIND, project.id, {"title": (title, "")}, now=now)
    touch(KIND, project.id)
    # By the database's own cascades: the parts were not all loaded, and none of them is needed.
    db.session.flush()
    db.session.execute(delete(Project).where(Project.id == project.id))
    db.session.expunge(project)


def _free_slug(title: str) -> str:
    return slugs.free(title, token_hex(3), slugs.in_use(KIND, Project.slug))


def _taken(but: Project) -> Collection[str]:
    """Addresses that lead to other projects, or once did."""
    others = select(Project.slug).where(Project.id != but.id)
    had = select(OldAddress.slug).where(OldAddress.kind == KIND, OldAddress.target.is_distinct_from(but.slug))
    return {*db.session.scalars(others), *db.session.scalars(had)}
