"""Changing many partners at once: prepared like an import, so that it is looked over, written and undone like one."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert

from portal.core import audit
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.permissions import Actor, require
from portal.core.themes import Theme
from portal.partners.models import PUBLIC_STATES, Partner, PartnerState
from portal.staff.imports.models import BatchState, ImportBatch, ImportRow, Origin, Outcome
from portal.staff.imports.partners import plan
from portal.staff.imports.targets import Changes

MOST = 500
REASON = "reason"


class Act(StrEnum):
    ADD_THEME = "add_theme"
    REMOVE_THEME = "remove_theme"
    DORMANT = "dormant"
    LEFT = "left"


def prepare(
    ids: Collection[int], act: Act, theme: Theme | None, name: str, reason: str, *, actor: Actor, now: datetime
) -> ImportBatch:
    """What would happen to each of the partners, as rows to choose from. Nothing is written yet.

    `reason` is mailed to the people of those that are taken out.
    """
    require(actor, "import.manage", None)
    if not 0 < len(ids) <= MOST:
        raise Invalid("chosen", f"must be 1 to {MOST} partners")
    partners = sorted(plan.load(sorted(ids)).values(), key=lambda one: one.sort_key)
    batch = ImportBatch(
        origin=Origin.BULK,
        name=name[:200],
        account_id=actor.account_id,
        actor_name=actor.name,
        created_at=now,
        state=BatchState.READY,
        same_for_all={REASON: reason} if reason and act is Act.LEFT else {},
        total=len(partners),
        done=len(partners),
    )
    db.session.add(batch)
    db.session.flush()
    rows = []
    for line, partner in enumerate(partners, start=1):
        changes = _changes(partner, act, theme)
        problems = _problems(partner, act) if not changes else []
        rows.append(
            {
                "batch_id": batch.id,
                "line": line,
                "name": partner.name,
                "cells": [],
                "outcome": Outcome.CHANGED if changes else Outcome.BAD if problems else Outcome.UNCHANGED,
                "is_chosen": bool(changes),
                "problems": problems,
                "changes": changes,
                "partner_id": partner.id,
                "import_key": "",
                "left": [],
            }
        )
    if rows:
        db.session.execute(insert(ImportRow), rows)
    audit.record(actor, "import.bulk_prepared", "import", batch.id, {"total": (0, len(rows))}, now=now)
    return batch


def _problems(partner: Partner, act: Act) -> list[list[str]]:
    """Why the act cannot be done to a partner that is not as it would make it already."""
    is_decision, is_so = act in (Act.DORMANT, Act.LEFT), partner.state.value == act.value
    return [["state", f"cannot be changed so while it is {partner.state.value}"]] if is_decision and not is_so else []


def _changes(partner: Partner, act: Act, theme: Theme | None) -> Changes:
    """What the act changes in a partner; nothing where it is so already, or cannot be."""
    if act in (Act.DORMANT, Act.LEFT):
        allowed = (PartnerState.PUBLISHED,) if act is Act.DORMANT else PUBLIC_STATES
        return {"state": [partner.state.value, act.value]} if partner.state in allowed else {}
    if theme is None:
        raise Invalid("theme", "is missing")
    before = sorted(one.theme.value for one in partner.themes)
    after = sorted({*before, theme.value}) if act is Act.ADD_THEME else [one for one in before if one != theme.value]
    return {"themes": [before, after]} if before != after else {}
