"""Taking in projects.csv and project_participants.csv."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core import intake, slugs, tables
from portal.core.dates import Precision
from portal.core.db import db
from portal.core.intake import Intake, Outcome
from portal.core.sorting import sort_key
from portal.core.tables import Column, Row, Table
from portal.partners.load import PARTNERS, merged_keys, own_organisations
from portal.partners.load import keys as partner_keys
from portal.projects.models import (
    Funding,
    Participation,
    Project,
    ProjectBarrier,
    ProjectMunicipality,
    ProjectTheme,
    Role,
    Visibility,
)
from portal.projects.words import (
    BARRIERS,
    FUNDING_STATES,
    MUNICIPALITY_ROLES,
    ROLES,
    STATES,
    THEMES,
    RoleWord,
    StateWord,
    Titles,
    grant_number,
    titles,
)
from portal.search import outbox

KIND = "project"
LONGEST_TITLE = 200
MONEY = tables.number(0, 999_999_999_999)
CURRENCY = tables.pattern("[A-Z]{3}", "a currency code of three capital letters")
UNKNOWN_STATE = StateWord(None)


def _sound(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    starts, ends = values["start_year"], values["end_year"]
    if starts and ends and ends.day < starts.day and str(ends) < str(starts)[: len(str(ends))]:
        yield "end_year", f"is before the start: {ends} < {starts}"
    for money in ("grant", "budget"):
        if (values[f"{money}_amount"] is None) != (not values[f"{money}_currency"]):
            yield f"{money}_currency", "an amount and its currency belong together"


def _title(cell: str) -> Titles:
    found = titles(cell)
    for title in (found.da, found.en):
        tables.text(LONGEST_TITLE)(title)
    return found


PROJECTS = Table(
    "projects.csv",
    (
        Column("project_id", tables.key(), required=True),
        Column("name", _title, required=True),
        Column("name_da", tables.text(LONGEST_TITLE), optional=True, blank=""),
        Column("name_en", tables.text(LONGEST_TITLE), optional=True, blank=""),
        Column("acronym", tables.text(60), blank=""),
        Column("start_year", tables.partial_date),
        Column("end_year", tables.partial_date),
        Column("status", tables.word(STATES), blank=UNKNOWN_STATE),
        Column("funder", tables.text(200), blank=""),
        Column("programme", tables.text(200), blank=""),
        Column("grant_amount", MONEY),
        Column("grant_currency", CURRENCY, blank=""),
        Column("budget_amount", MONEY),
        Column("budget_currency", CURRENCY, blank=""),
        Column("lead_partner_id", tables.key()),
        Column("themes", tables.several(tables.word(THEMES)), blank=()),
        Column("barriers", tables.several(tables.word(BARRIERS)), blank=()),
        Column("summary_en", tables.text(), blank=""),
        Column("summary_da", tables.text(), blank=""),
        Column("website", tables.address, blank=""),
        Column("source_url", tables.addresses, blank=""),
        Column("note", tables.text(), blank=""),
        Column("retrieved", tables.text(200), blank=""),
    ),
    key=("project_id",),
    check=_sound,
)

PARTICIPANTS = Table(
    "project_participants.csv",
    (
        Column("project_id", tables.key(), required=True),
        Column("partner_id", tables.key(), required=True),
        Column("role", tables.word(ROLES), required=True),
        Column("source_url", tables.addresses, blank=""),
    ),
    key=("project_id", "partner_id"),
)


def load_projects(rows: Sequence[Row], participants: Sequence[Row], at: Intake) -> None:
    """Add or update projects and who takes part. New ones are public; an existing one keeps its visibility."""
    partners = partner_keys()
    rows = at.resolve(rows, "lead_partner_id", partners, "partner", PARTNERS.file)
    options = (selectinload(Project.themes), selectinload(Project.barriers), selectinload(Project.funding))
    there = intake.existing(Project, rows, Project.slug, *options)
    taken = slugs.in_use(KIND, Project.slug)
    outcomes = at.upsert(
        rows,
        there,
        lambda row: Project(slug=slugs.free(row.key, row.key, taken), visibility=Visibility.PUBLIC, created_at=at.now),
        lambda project, row: _fill(project, row, at),
    )
    projects = intake.keys_of(Project, Project.slug)
    participants = at.resolve(participants, "project_id", projects, "project", PROJECTS.file)
    participants = at.resolve(participants, "partner_id", partners, "partner", PARTNERS.file)
    participants = _once_each(participants, partners, at)
    leads = {(row.key, partners[row["lead_partner_id"]]) for row in rows if row["lead_partner_id"]}
    joined = _take_part(participants, leads, projects, partners, at)
    joined += _lead(outcomes, projects, partners)
    _place(joined)
    at.record(KIND, outcomes)
    outbox.touch_all(KIND, {outcome.thing.id for outcome in outcomes} | _trace(joined, outcomes, at))


def _fill(project: Project, row: Row, at: Intake) -> list[Any]:
    own = Titles(row["name_da"], row["name_en"]) if row["name_da"] or row["name_en"] else row["name"]
    given = {"title_da": own.da, "title_en": own.en, "summary_da": row["summary_da"], "summary_en": row["summary_en"]}
    project.write(at.now, **given)
    project.sort_key = sort_key(row["acronym"] or own.da or own.en)
    for column in ("acronym", "website", "source_url", "retrieved"):
        setattr(project, column, row[column])
    project.source_note = row["note"]
    project.state, project.source_state = row["status"].state, row["status"].source_words
    for name, column in (("starts", "start_year"), ("ends", "end_year")):
        setattr(project, f"{name}_on", row[column].day if row[column] else None)
        setattr(project, f"{name}_precision", row[column].precision if row[column] else Precision.DAY)
    project.total_cost, project.total_cost_currency = row["budget_amount"], row["budget_currency"]
    _tag(project, row)
    return _fund(project, row)


def _tag(project: Project, row: Row) -> None:
    intake.tie(project.themes, "theme", row["themes"], ProjectTheme)
    intake.tie(project.barriers, "barrier", row["barriers"], ProjectBarrier)


def _fund(project: Project, row: Row) -> list[Funding]:
    """Write the file's grant into the one funding that is its; others were entered here."""
    funding = next((one for one in project.funding if one.import_key == row.key), None)
    if not (row["funder"] or row["programme"] or row["grant_amount"] is not None):
        if funding is not None:
            project.funding.remove(funding)
        return []
    if funding is None:
        funding = Funding(import_key=row.key)
        project.funding.append(funding)
    funding.funder, funding.programme = row["funder"], row["programme"]
    funding.grant_number = grant_number(row["programme"])
    funding.amount, funding.currency = row["grant_amount"], row["grant_currency"]
    has_amount = row["grant_amount"] is not None
    funding.state = next(state for words, state in FUNDING_STATES if words in row["note"]) if has_amount else None
    for column in ("source_url", "retrieved"):
        setattr(funding, column, row[column])
    funding.source_note = row["note"]
    return [funding]


SECOND_LEAD = "lead"
Joined = list[tuple[Participation, bool]]
"""Participations that were added (true) or changed."""


def _take_part(
    rows: Sequence[Row],
    leads: set[tuple[str, int]],
    projects: Mapping[str, int],
    partners: Mapping[str, int],
    at: Intake,
) -> Joined:
    def leads_it(row: Row) -> bool:
        return is_named(row) or row["role"].role is Role.COORDINATOR

    def is_named(row: Row) -> bool:
        return (row["project_id"], partners[row["partner_id"]]) in leads

    def digest(row: Row) -> str:
        return row.digest("lead") if is_named(row) else row.digest()

    def fill(participation: Participation, row: Row) -> None:
        word: RoleWord = row["role"]
        role = Role.COORDINATOR if leads_it(row) else word.role
        participation.project_id = projects[row["project_id"]]
        participation.partner_id = partners[row["partner_id"]]
        participation.source_role = word.source_word
        if role is Role.COORDINATOR and coordinated.setdefault(participation.project_id, row.key) != row.key:
            role, participation.source_role = Role.PARTNER, word.source_word or SECOND_LEAD
        participation.role = role
        participation.source_url = row["source_url"]

    there = _participations({projects[row["project_id"]] for row in rows})
    pairs = {row.key: (projects[row["project_id"]], partners[row["partner_id"]]) for row in rows}
    known = {key: there[pair] for key, pair in pairs.items() if pair in there}
    keys = {pair: key for key, pair in pairs.items()}
    joined: Joined = []
    # Who is named in projects.csv comes before whom the other file calls the lead as well.
    # Who leads no more steps back first: the database admits one coordinator a project. Who coordinates in it already,
    # by an earlier file or because it was passed on here, stays; a second one is a partner, in the source's word.
    leading = sorted(filter(leads_it, rows), key=is_named, reverse=True)
    for some in ([row for row in rows if not leads_it(row)], leading):
        coordinated = {pair[0]: keys.get(pair, "") for pair, one in there.items() if one.role is Role.COORDINATOR}
        joined += [
            (one.thing, one.is_new) for one in at.upsert(some, known, lambda _row: Participation(), fill, digest)
        ]
    return joined


def _once_each(rows: Sequence[Row], partners: Mapping[str, int], at: Intake) -> list[Row]:
    """The rows without those that name a partner of the project once more, by what has been merged into it since."""
    merged = merged_keys()
    seen: set[tuple[str, int]] = set()
    kept = []
    for row in sorted(rows, key=lambda row: row["partner_id"] in merged):
        pair = (row["project_id"], partners[row["partner_id"]])
        if pair in seen:
            at.count(row, "unchanged")
        else:
            kept.append(row)
        seen.add(pair)
    return kept


def _lead(outcomes: Iterable[Outcome[Project]], projects: Mapping[str, int], partners: Mapping[str, int]) -> Joined:
    """See to it that the lead that projects.csv names takes part, also when the other file does not say so."""
    led = {one.row.key: one.row for one in outcomes if one.row["lead_partner_id"]}
    there = _participations({projects[key] for key in led})
    joined: Joined = []
    coordinated = {project_id for (project_id, _), one in there.items() if one.role is Role.COORDINATOR}
    for key, row in led.items():
        pair = (projects[key], partners[row["lead_partner_id"]])
        if pair[0] in coordinated:
            continue
        participation = there.get(pair)
        if participation is None:
            import_key = f"{key}/{row['lead_partner_id']}"
            participation = Participation(project_id=pair[0], partner_id=pair[1], import_key=import_key)
            participation.source_url, participation.retrieved = row["source_url"], row["retrieved"]
            db.session.add(participation)
        joined.append((participation, participation.role is None))
        participation.role = Role.COORDINATOR
    db.session.flush()
    return joined


def _participations(project_ids: set[int]) -> dict[tuple[int, int], Participation]:
    found: dict[tuple[int, int], Participation] = {}
    for ids in intake.chunks(sorted(project_ids)):
        for one in db.session.scalars(select(Participation).where(Participation.project_id.in_(ids))):
            found[one.project_id, one.partner_id] = one
    return found


def _place(joined: Joined) -> None:
    """Note which municipality leads a project or is its demonstration site: that follows from its own organisation."""
    own = own_organisations()
    for participation, _is_new in joined:
        municipality_id = own.get(participation.partner_id)
        if municipality_id is None:
            continue
        role = MUNICIPALITY_ROLES.get(participation.source_role) or MUNICIPALITY_ROLES.get(participation.role or "")
        place = db.session.get(ProjectMunicipality, (participation.project_id, municipality_id))
        if role is None and place is not None and place.role in MUNICIPALITY_ROLES.values():
            db.session.delete(place)
        elif role is not None:
            place = place or ProjectMunicipality(project_id=participation.project_id, municipality_id=municipality_id)
            place.role = role
            db.session.add(place)
    db.session.flush()


def _trace(joined: Joined, outcomes: Iterable[Outcome[Project]], at: Intake) -> set[int]:
    """Leave one entry a project whose participants changed, give those projects a new version; returns their ids."""
    counts: dict[int, list[bool]] = {}
    for participation, is_new in joined:
        counts.setdefault(participation.project_id, []).append(is_new)
    of = {outcome.thing.id for outcome in outcomes}
    for ids in intake.chunks(sorted(set(counts) - of)):
        for project in db.session.scalars(select(Project).where(Project.id.in_(ids))):
            intake.flag(project)
    for project_id, news in counts.items():
        at.trace("project.joined", KIND, project_id, added=sum(news), changed=len(news) - sum(news))
    return set(counts)


def themes_of_projects() -> dict[int, list[str]]:
    """Project id → its themes: what is written about a project is about them too."""
    themes: dict[int, list[str]] = {}
    for project_id, theme in db.session.execute(select(ProjectTheme.project_id, ProjectTheme.theme)):
        themes.setdefault(project_id, []).append(theme)
    return themes
