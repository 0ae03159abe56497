"""What projects of the demo content plan and tell, and the people who would write it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from portal.accounts import onetime, operations, queries
from portal.accounts.commands import FIRST_LINK
from portal.accounts.models import MembershipRole, TokenPurpose
from portal.core.db import db
from portal.core.permissions import SYSTEM, Role
from portal.partners.models import Partner
from portal.projects.models import Milestone, Update, Visibility, WorkPackage
from portal.reference.demo_texts import MILESTONES, UPDATES, WORK_PACKAGES, Scene

STAFF = {"editor": Role.EDITOR, "curator": Role.CURATOR, "administrator": Role.ADMINISTRATOR}
OF_A_PARTNER = {"partner-admin": MembershipRole.ADMIN, "partner-editor": MembershipRole.EDITOR}


@dataclass(frozen=True, slots=True)
class Begun:
    """A project that was made: when it began, what it is about, who leads it."""

    year: int
    scene: Scene
    lead_id: int | None


def plan(projects: Sequence[tuple[int, Begun]], random: Random, until: date, written: datetime) -> None:
    """Give each project work packages, milestones on them, and news; what was due before `until` is done, mostly."""
    said = {"revised_da_at": written, "revised_en_at": written, "visibility": Visibility.PUBLIC}
    packages: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    for project_id, begun in projects:
        for number, title in enumerate(WORK_PACKAGES, 1):
            da, en = begun.scene.tell(title, random)
            packages.append(
                {
                    "project_id": project_id,
                    "number": str(number),
                    "title_da": da,
                    "title_en": en,
                    "lead_id": begun.lead_id,
                    "starts_on": date(begun.year + number - 1, 1, 1),
                    "ends_on": date(begun.year + number - 1, 12, 31),
                    "weight": random.randrange(1, 6),
                    "position": number,
                    **said,
                }
            )
        for _one in range(random.randrange(0, 3)):
            da, en = begun.scene.tell(random.choice(UPDATES), random)
            body_da, body_en = begun.scene.tell_much(1, random)
            dated = min(date(begun.year, 3, 1) + timedelta(days=random.randrange(700)), until)
            texts = {"title_da": da, "title_en": en, "body_da": body_da, "body_en": body_en}
            updates.append({"project_id": project_id, "dated": dated, "partner_id": begun.lead_id, **texts, **said})
    if not packages:
        return
    ids = db.session.scalars(insert(WorkPackage).returning(WorkPackage.id, sort_by_parameter_order=True), packages)
    milestones = [
        _milestone(one, package_id, place, random, until) | said
        for place, (package_id, one) in enumerate(zip(ids.all(), packages, strict=True), 1)
    ]
    db.session.execute(insert(Milestone), milestones)
    if updates:
        db.session.execute(insert(Update), updates)


def _milestone(package: dict[str, Any], package_id: int, place: int, random: Random, until: date) -> dict[str, Any]:
    da, en = MILESTONES[place % len(MILESTONES)]
    due = package["starts_on"] + timedelta(days=random.randrange(120, 360))
    is_done = due < until and random.random() < 0.85
    return {
        "project_id": package["project_id"],
        "work_package_id": package_id,
        "title_da": da,
        "title_en": en,
        "due_on": due,
        "done_on": due if is_done else None,
        "position": place,
    }


def people(partner_id: int | None, password: str, now: datetime) -> list[tuple[str, str]]:
    """Make an account for each role that is not there yet, in the running transaction.

    (address, token of the link that sets its password) of each; no tokens where a password is given.
    """
    partner = db.session.get(Partner, partner_id) if partner_id else db.session.scalar(select(Partner).limit(1))
    made = []
    for word in (*STAFF, *(OF_A_PARTNER if partner else ())):
        email = f"{word}@example.org"
        if queries.by_email(email) is not None:
            continue
        account = operations.create(
            email,
            word.replace("-", " ").capitalize(),
            actor=SYSTEM,
            now=now,
            password=password,
            roles={STAFF[word]} if word in STAFF else set(),
            partner=partner if word in OF_A_PARTNER else None,
            partner_role=OF_A_PARTNER.get(word, MembershipRole.EDITOR),
        )
        token = "" if password else onetime.issue(account, TokenPurpose.RESET, now=now, lifetime=FIRST_LINK)
        made.append((email, token))
    return made
