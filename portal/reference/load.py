"""Loading the reference data: all files in one transaction, or nothing of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal.config import ROOT
from portal.core import clock, tables
from portal.core.db import analyze, db, transaction
from portal.core.intake import Advance, Intake, Tally
from portal.core.tables import Problem, Sheet, Table
from portal.feeds import load as feeds
from portal.feeds.load import FEEDS
from portal.municipalities import load as municipalities
from portal.municipalities.load import INDICATORS, MUNICIPALITIES, OBSERVATIONS, REGIONS
from portal.news import load as news
from portal.news.load import NEWS
from portal.news.words import Kind
from portal.partners import load as partners
from portal.partners.load import PARTNERS
from portal.progress import load as progress
from portal.progress.load import FRAMEWORK, RULES
from portal.progress.operations import apply_rules
from portal.projects import load as projects
from portal.projects.load import PARTICIPANTS, PROJECTS
from portal.webinars import load as webinars
from portal.webinars.series import load as series

OWN_DATA = ROOT / "data"
CORE = (MUNICIPALITIES, PARTNERS, PROJECTS, PARTICIPANTS, NEWS)
"""The files that anybody may bring; the other ones are described in data/README.md."""

TABLES: tuple[Table, ...] = (
    REGIONS,
    MUNICIPALITIES,
    INDICATORS,
    OBSERVATIONS,
    FRAMEWORK,
    RULES,
    PARTNERS,
    PROJECTS,
    PARTICIPANTS,
    NEWS,
    FEEDS,
)

Begin = Callable[[Mapping[str, int]], Advance]
"""Told the number of rows of each file, returns what is to be called as they are done."""


@dataclass(slots=True)
class Report:
    """What a load did, or would do."""

    missing: list[str]
    tallies: dict[str, Tally] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    is_written: bool = False


def load(folder: Path, begin: Begin, *, dry_run: bool = False, strict: bool = False) -> Report:
    """Load the files of a folder. A dry run, or with `strict` a single bad row, leaves everything as it was."""
    sheets = {table.file: tables.read(folder / table.file, table) for table in TABLES if (folder / table.file).exists()}
    if MUNICIPALITIES.file in sheets and REGIONS.file not in sheets:
        sheets[REGIONS.file] = tables.read(OWN_DATA / REGIONS.file, REGIONS)
    report = Report([table.file for table in TABLES if table.file not in sheets])
    intake = Intake(clock.now(), begin({file: len(sheet.rows) for file, sheet in sheets.items()}))
    for sheet in sheets.values():
        intake.open(sheet)
    with transaction():
        _take_in(sheets, intake)
        report.is_written = not (dry_run or (strict and intake.problems))
        if not report.is_written:
            db.session.rollback()
    if report.is_written:
        analyze()
    order = {table.file: position for position, table in enumerate(TABLES)}
    report.problems = sorted(intake.problems, key=lambda problem: (order[problem.file], problem.line))
    report.tallies = intake.tallies
    return report


def _take_in(sheets: Mapping[str, Sheet], at: Intake) -> None:
    """Take in what is there, each file after those that it refers to."""
    rows = {table.file: sheets[table.file].rows if table.file in sheets else [] for table in TABLES}
    regions = municipalities.load_regions(rows[REGIONS.file], at)
    municipalities.load_municipalities(rows[MUNICIPALITIES.file], regions, at)
    municipalities.load_indicators(rows[INDICATORS.file], at)
    municipalities.load_observations(rows[OBSERVATIONS.file], at)
    progress.load_framework(rows[FRAMEWORK.file], at)
    progress.load_rules(rows[RULES.file], at)
    apply_rules(at.now)
    partners.load_partners(rows[PARTNERS.file], at)
    projects.load_projects(rows[PROJECTS.file], rows[PARTICIPANTS.file], at)
    news.load_articles([row for row in rows[NEWS.file] if row["kind"] is Kind.ARTICLE], at)
    events = [row for row in rows[NEWS.file] if row["kind"] is not Kind.ARTICLE]
    of_many = [row for row in events if row["kind"] is Kind.SERIES or series.calls_itself_series(row)]
    series.load_series(of_many, at)
    webinars.load_webinars([row for row in events if row not in of_many], at)
    feeds.load_feeds(rows[FEEDS.file], at)
