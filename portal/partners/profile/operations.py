"""What a partner says of itself; what of it a curator looks at before it is published."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit, uploads
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.permissions import Actor, Role, require
from portal.core.sorting import sort_key
from portal.core.themes import Theme
from portal.core.uploads import Upload
from portal.partners.models import (
    ChangeState,
    Partner,
    PartnerChange,
    PartnerInterest,
    PartnerName,
    PartnerTheme,
    PartnerType,
)
from portal.search.outbox import touch

KIND = "partner"
REVIEWED = ("name", "type", "cvr", "parent_id")
"""What a curator looks at before a published profile shows it: who the organisation is."""
PAIRS = ("description_da", "description_en")
MOST_INTERESTS = 30


@dataclass(frozen=True)
class Profile:
    """A profile as its form says it."""

    name: str
    name_da: str
    name_en: str
    acronym: str
    type: PartnerType
    country: str
    municipality_id: int | None
    website: str
    cvr: str | None
    ror: str | None
    wikidata: str | None
    parent_id: int | None
    description_da: str
    description_en: str
    other_names: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()


PLAIN = tuple(field.name for field in fields(Profile) if field.name not in (*PAIRS, "other_names", "themes"))


def revise(partner: Partner, profile: Profile, *, actor: Actor, now: datetime) -> PartnerChange | None:
    """Save a profile. Returns what waits for a curator, where a published one's reviewed fields were changed.

    `partner` comes with its themes and other names.
    """
    require(actor, "partner.edit", partner)
    _check(partner, profile)
    held_back = is_held_back(partner, actor)
    reviewed = REVIEWED if held_back else ()
    changes: dict[str, tuple[Any, Any]] = {}
    for field in PLAIN:
        before, after = getattr(partner, field), getattr(profile, field)
        if before != after and field not in reviewed:
            changes[field] = (before, after)
    for field in PAIRS:
        if getattr(partner, field) != getattr(profile, field):
            changes[field] = (getattr(partner, field), getattr(profile, field))
    if several := _several(partner, profile):
        changes |= several
        flag_modified(partner, "name")  # a new version, also when only what hangs on it changed
    for field, (_before, after) in changes.items():
        if field in PLAIN:
            setattr(partner, field, after)
    partner.write(now, **{field: getattr(profile, field) for field in PAIRS})
    partner.sort_key = sort_key(partner.name)
    if changes:
        db.session.flush()
        audit.record(actor, "partner.revised", KIND, partner.id, changes, now=now)
        touch(KIND, partner.id)
    return _propose(partner, profile, actor, now) if held_back else None


def is_held_back(partner: Partner, actor: Actor) -> bool:
    """Whether what the actor says of the reviewed fields waits for a curator."""
    return partner.is_public and not actor.has(Role.CURATOR)


def _check(partner: Partner, profile: Profile) -> None:
    """What only the database can tell: numbers of others, and a parent that is itself."""
    if profile.parent_id == partner.id:
        raise Invalid("parent_id", "a partner is not part of itself")
    for field in ("cvr", "ror", "wikidata"):
        value = getattr(profile, field)
        if value and owner_of(field, value, partner.id):
            raise Invalid(field, "belongs to another partner")


def owner_of(field: str, value: str, but: int | None = None) -> str | None:
    """The name of another partner that has this number already."""
    same = select(Partner.name).where(getattr(Partner, field) == value)
    return db.session.scalar(same if but is None else same.where(Partner.id != but))


def _several(partner: Partner, profile: Profile) -> dict[str, tuple[Any, Any]]:
    """Bring themes and other names in step; returns what changed."""
    changes: dict[str, tuple[Any, Any]] = {}
    names = [one.name for one in partner.other_names]
    wanted = list(dict.fromkeys(profile.other_names))
    if set(names) != set(wanted):
        changes["other_names"] = (names, wanted)
        partner.other_names[:] = [one for one in partner.other_names if one.name in wanted] + [
            PartnerName(name=name) for name in wanted if name not in names
        ]
    themes = {one.theme for one in partner.themes}
    if themes != set(profile.themes):
        changes["themes"] = (sorted(themes), sorted(profile.themes))
        partner.themes[:] = [one for one in partner.themes if one.theme in profile.themes] + [
            PartnerTheme(theme=theme) for theme in profile.themes if theme not in themes
        ]
    return changes


def _propose(partner: Partner, profile: Profile, actor: Actor, now: datetime) -> PartnerChange | None:
    """Let what waits say what the profile's reviewed fields say; said as published again, it waits no more."""
    waits = waiting_change(partner.id)
    known = waits.changes if waits else {}
    published = {field: _plain(getattr(partner, field)) for field in REVIEWED}
    before = {field: known[field][1] if field in known else published[field] for field in REVIEWED}
    after = {field: _plain(getattr(profile, field)) for field in REVIEWED}
    said = {field: (before[field], after[field]) for field in REVIEWED if before[field] != after[field]}
    if not said:
        return None
    flag_modified(partner, "name")  # a new version: whoever has the form open still reads what was proposed before
    wanted = {field: [published[field], after[field]] for field in REVIEWED if published[field] != after[field]}
    if waits is not None and not wanted:
        db.session.delete(waits)
        db.session.flush()
        audit.record(actor, "partner.change_withdrawn", KIND, partner.id, said, now=now)
        return None
    change = waits or PartnerChange(partner_id=partner.id, created_at=now, changes={})
    change.changes = wanted
    change.account_id, change.proposed_by = actor.account_id, actor.name
    db.session.add(change)
    db.session.flush()
    audit.record(actor, "partner.change_proposed", KIND, partner.id, said, now=now)
    return change


def waiting_change(partner_id: int) -> PartnerChange | None:
    """The change to reviewed fields that waits for a curator, if one does."""
    waits = (PartnerChange.partner_id == partner_id, PartnerChange.state == ChangeState.PENDING)
    return db.session.scalar(select(PartnerChange).where(*waits))


def accept_change(change: PartnerChange, *, actor: Actor, now: datetime) -> None:
    """Publish a proposed change. `change` comes with its partner; accepting twice does nothing more."""
    partner = change.partner
    require(actor, "partner.curate", partner)
    if change.state is not ChangeState.PENDING:
        return
    cvr = change.changes.get("cvr", ["", None])[1]
    if cvr and owner_of("cvr", cvr, partner.id):
        raise Invalid("cvr", "belongs to another partner")
    changes = {field: (getattr(partner, field), after) for field, (_before, after) in change.changes.items()}
    for field, (_before, after) in changes.items():
        setattr(partner, field, PartnerType(after) if field == "type" else after)
    partner.sort_key = sort_key(partner.name)
    change.state, change.handled_at = ChangeState.ACCEPTED, now
    db.session.flush()
    audit.record(actor, "partner.change_accepted", KIND, partner.id, changes, now=now)
    touch(KIND, partner.id)


def refuse_change(change: PartnerChange, reason: str, *, actor: Actor, now: datetime) -> None:
    """Leave the profile as it is, for a reason that its people are told."""
    require(actor, "partner.curate", change.partner)
    if change.state is not ChangeState.PENDING:
        return
    if not reason:
        raise Invalid("reason", "is missing")
    change.state, change.reason, change.handled_at = ChangeState.REFUSED, reason, now
    audit.record(actor, "partner.change_refused", KIND, change.partner_id, {"reason": ("", reason)}, now=now)


def add_interest(
    partner: Partner, direction: str, theme: Theme, line_da: str, line_en: str, *, actor: Actor, now: datetime
) -> None:
    """Say one more thing that the partner offers or seeks. `partner` comes with its interests."""
    require(actor, "partner.edit", partner)
    if len(partner.interests) >= MOST_INTERESTS:
        raise Invalid("line_da", "there are too many")
    interest = PartnerInterest(direction=direction, theme=theme).write(now, line_da=line_da, line_en=line_en)
    partner.interests.append(interest)
    db.session.flush()
    audit.record(actor, "partner.interest_added", KIND, partner.id, {direction: (None, line_da or line_en)}, now=now)
    touch(KIND, partner.id)


def drop_interest(partner: Partner, interest_id: int, *, actor: Actor, now: datetime) -> None:
    """Take one back; one that is gone already is no error."""
    require(actor, "partner.edit", partner)
    interest = next((one for one in partner.interests if one.id == interest_id), None)
    if interest is None:
        return
    said = interest.line_da or interest.line_en
    partner.interests.remove(interest)
    db.session.flush()
    audit.record(actor, "partner.interest_dropped", KIND, partner.id, {interest.direction: (said, None)}, now=now)
    touch(KIND, partner.id)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, PartnerType) else value


def set_logo(partner: Partner, upload: Upload, alt_da: str, alt_en: str, *, actor: Actor, now: datetime) -> None:
    """Show a logo, with what it shows in words."""
    require(actor, "partner.edit", partner)
    if not (alt_da or alt_en):
        raise Invalid("logo_alt_da", "is missing")
    uploads.enter(upload, now=now)
    changes = {"logo": (partner.logo_digest, upload.digest)}
    partner.logo_digest, partner.logo_alt_da, partner.logo_alt_en = upload.digest, alt_da, alt_en
    db.session.flush()
    audit.record(actor, "partner.logo_set", KIND, partner.id, changes, now=now)
    touch(KIND, partner.id)


def drop_logo(partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Show none. Dropping twice is no error."""
    require(actor, "partner.edit", partner)
    if partner.logo_digest is None:
        return
    audit.record(actor, "partner.logo_dropped", KIND, partner.id, {"logo": (partner.logo_digest, None)}, now=now)
    partner.logo_digest, partner.logo_alt_da, partner.logo_alt_en = None, "", ""
    db.session.flush()
    touch(KIND, partner.id)
