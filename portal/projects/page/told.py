"""What a project's page says, finished in the page's language: texts, labels and addresses, nothing left to look up."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from portal.core import clock, richtext
from portal.core.bilingual import Shown, is_stale, text_of
from portal.core.labels import label
from portal.core.provenance import addresses
from portal.core.schedule import Schedule
from portal.core.templating import in_script, number, partial_date, shortened
from portal.core.texts import gettext as _
from portal.core.web import path_for
from portal.partners.queries import called
from portal.projects import metadata, wording
from portal.projects.labels import source_words
from portal.projects.models import Role, State
from portal.projects.page.queries import NEWEST, ProjectPage
from portal.projects.plan import drawing, progress

ENDED = (State.COMPLETED, State.CLOSED, State.CANCELLED)

Section = tuple[str, Shown, Markup]
"""Heading, text and the text as HTML."""


def told(page: ProjectPage, news: Iterable[Any], webinars: Iterable[Any]) -> dict[str, Any]:
    """What projects/show.html says, but for what is its reader's own."""
    project = page.project
    title, summary = text_of(project, "title"), text_of(project, "summary")
    confirmed_for = project.confirmed_partner_id
    return {
        "page": page,
        "project": project,
        "title": title,
        "summary": summary,
        "kind": _kind(project, str(title)),
        "is_stale": is_stale(project),
        "facts_told": _facts(page),
        "aims": _sections(
            project,
            ("challenge", _("The challenge")),
            ("objective", _("What it sets out to do")),
            ("expected_change", _("What is to change")),
        ),
        "lessons": _sections(
            project,
            ("lessons_failed", _("What did not work")),
            ("lessons_copy", _("What others need to copy it")),
        )
        if project.shows_lessons
        else [],
        "has_coordinator": any(one.role is Role.COORDINATOR for one in page.participations),
        "partners": [_partner(one) for one in page.participations],
        "called": called,
        "confirmer": next((called(one) for one in page.participations if one.partner_id == confirmed_for), ""),
        "plan": _plan(page),
        "updates": [drawing.told(one, project) for one in page.updates[:NEWEST]],
        "has_older_updates": len(page.updates) > NEWEST,
        "is_over": project.state in ENDED,
        "results": [_result(one, page) for one in page.results],
        "sources": [(url, shortened(url)) for url in addresses(project.source_url)],
        "projects": [
            *(_link(one, "projects.show", wording.relation(one.relation, one.is_origin)) for one in page.related),
            *(_link(one, "projects.show", wording.partners_in_common(one.shared)) for one in page.sharing),
        ],
        "news": [_link(one, "news.show") for one in news],
        "webinars": [_link(one, "webinars.show") for one in webinars],
        "jsonld": in_script(metadata.jsonld(page)),
        "on_page": _on_page(page),
    }


def _on_page(page: ProjectPage) -> list[tuple[str, str]]:
    """(heading, id) of the sections that this page has, in its order."""
    has = {
        "progress": bool(page.plan),
        "news": bool(page.updates),
        "barriers": bool(page.barrier_notes),
        "deliverables": bool(page.deliverables),
        "results": bool(page.results),
        "documents": bool(page.documents),
    }
    sections = (
        (_("How far it is"), "progress"),
        (_("News from the project"), "news"),
        (_("Who takes part"), "partners"),
        (_("What stands in the way"), "barriers"),
        (_("What it delivers"), "deliverables"),
        (_("What came of it"), "results"),
        (_("Documents"), "documents"),
        (_("Money"), "money"),
    )
    return [(heading, id) for heading, id in sections if has.get(id, True)]


def _kind(project: Any, title: str) -> str:
    """What sort of project it is, and what it is called for short where the title does not say so."""
    known_as = project.acronym if project.acronym not in title else ""
    return " · ".join(filter(None, (label(project.kind) if project.kind else "", known_as)))


def _facts(page: ProjectPage) -> Sequence[dict[str, Any]]:
    """The facts beside the state, for `facts` in components/facts.html."""
    site = page.project.website
    coordinators = [one for one in page.participations if one.role is Role.COORDINATOR]
    return [
        *({"label": _("Coordinator"), "value": [_named(one)]} for one in coordinators),
        {"label": _("Start"), "value": partial_date(page.starts) if page.starts else None},
        {"label": _("End"), "value": partial_date(page.ends) if page.ends else None},
        {"label": _("Themes"), "value": [_choice(theme, "theme") for theme in page.themes]},
        {"label": _("Barriers"), "value": [_choice(barrier, "barrier") for barrier in page.barriers]},
        {"label": _("Municipalities"), "value": [_place(one) for one in page.municipalities]},
        {"label": _("Website"), "value": [(shortened(site, 40), site)] if site else None},
    ]


def _choice(word: Any, facet: str) -> tuple[str, str]:
    """A word of the domain and the projects it stands for."""
    return label(word), path_for("projects.index", **{facet: word.value})


def _place(one: Any) -> tuple[str, str]:
    return f"{text_of(one, 'name')} ({label(one.role).lower()})", path_for("municipalities.show", slug=one.slug)


def _sections(project: Any, *pairs: tuple[str, str]) -> Sequence[Section]:
    """The texts there are of these (pair, heading)."""
    shown = [(heading, text_of(project, pair)) for pair, heading in pairs]
    return [(heading, text, richtext.markdown(str(text))) for heading, text in shown if text]


def _partner(one: Any) -> tuple[str, str, str]:
    """A partner's name, its page (empty once it has left the directory) and its role, in our words and the source's."""
    role = " – ".join(filter(None, (label(one.role) if one.role else "", source_words(one.source_role))))
    if one.left_at:
        role = f"{role} · {_('has left')}"
    return called(one), path_for("partners.show", slug=one.slug) if one.has_page else "", role


def _file(slug: str, document: Any) -> str:
    return path_for("documents.download", slug=slug, document_id=document.id, number=document.number)


def _named(one: Any) -> Any:
    """A partner's name, with its page as long as it has one."""
    return (called(one), path_for("partners.show", slug=one.slug)) if one.has_page else called(one)


def _link(one: Any, endpoint: str, why: str = "") -> dict[str, Any]:
    """What `related` in components/rows.html says of something."""
    return {"title": text_of(one, "title"), "href": path_for(endpoint, slug=one.slug), "why": why}


def _plan(page: ProjectPage) -> dict[str, Any]:
    """How far the project is, as far as its reader may see: see `plan_section` in projects/plan/public.html."""
    plan = page.plan
    if not plan:
        return {}
    today = clock.today()
    # What was left undone when a project ended is not late any more.
    due_day = date.min if page.project.state in ENDED else today
    how_far = progress.overview(plan.packages, plan.milestones, plan.deliverables, due_day)
    return {
        "plan": plan,
        "how_far": how_far,
        "schedule": drawing.drawn(plan, how_far, today, due_day) if plan.packages else Schedule(),
        "columns": drawing.columns(),
        "rows": drawing.rows(plan, how_far, due_day) if plan.packages else (),
        "moments": drawing.moments(plan.milestones, page.project, due_day),
    }


def _result(one: Any, page: ProjectPage) -> dict[str, Any]:
    """A result with its figures in words, and the evidence that the reader may see under names that tell it apart."""
    evidence: list[Any] = [(shortened(one.evidence_url, 40), one.evidence_url)] if one.evidence_url else []
    papers = [paper for paper in page.deliverables if paper.id == one.deliverable_id]
    evidence += [(text_of(paper, "title"), paper.url) if paper.url else text_of(paper, "title") for paper in papers]
    files = [file for file in page.documents if file.id == one.document_id]
    evidence += [(text_of(file, "title"), _file(page.project.slug, file)) for file in files]
    before, after = (
        None if value is None else f"{number(value)} {one.unit}".strip() for value in (one.baseline, one.value)
    )
    return {
        "visibility": one.visibility,
        "claim": text_of(one, "claim"),
        "indicator": text_of(one, "indicator"),
        "before": before,
        "after": after,
        "evidence": evidence,
    }
