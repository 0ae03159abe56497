"""Contact points and the consent of the people behind them: asked by mail, given and withdrawn with one link."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core import audit, mail, throttle
from portal.core.bilingual import Language
from portal.core.db import db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Actor, require
from portal.core.tokens import digest_of, new_token
from portal.core.web import address
from portal.partners.models import Consent, ContactLink, ContactPoint, Partner
from portal.partners.permissions import contacts_edited_by, contacts_owned_by, contacts_seen_by
from portal.search.outbox import touch

KIND = "partner"
WORDING = "2026-11"
"""The version of the words in templates/partners/contacts/consent.html that people agree to."""
ASKING = throttle.Limit("ask_consent", 3, timedelta(days=1))
WRITING = throttle.Limit("write_to_contact", 20, timedelta(days=1))
THE_PERSON = Actor(name="the person named")
MOST = 20


@dataclass(frozen=True)
class Contact:
    """A contact point as its form says it."""

    name: str
    function_da: str
    function_en: str
    email: str
    phone: str
    languages: str
    consent: Consent


def add(partner: Partner, contact: Contact, *, actor: Actor, now: datetime) -> ContactPoint:
    """Add somebody to call, and ask them by mail whether they agree; until they do nobody public sees them."""
    require(actor, "partner.edit", partner)
    if len(of_partner(partner.id, actor)) >= MOST:
        raise Invalid("name", "there are too many")
    point = ContactPoint(partner_id=partner.id)
    _fill(point, contact, now)
    db.session.add(point)
    db.session.flush()
    audit.record(actor, "partner.contact_added", KIND, partner.id, {"contact": (None, point.id)}, now=now)
    _ask(point, partner, now)
    return point


def revise(point: ContactPoint, partner: Partner, contact: Contact, *, actor: Actor, now: datetime) -> None:
    """Change a contact point. What the person agreed to was the old one: they are asked anew."""
    require(actor, "contact.edit", point)
    fields = ("name", "function_da", "function_en", "email", "phone", "languages", "consent")
    changed = [field for field in fields if getattr(point, field) != getattr(contact, field)]
    if not changed:
        return
    _fill(point, contact, now)
    point.consent_given_at, point.consent_wording = None, ""
    if "email" in changed:
        db.session.execute(delete(ContactLink).where(ContactLink.contact_id == point.id))
    db.session.flush()
    # Which fields, not what stood in them: the trace outlives the consent.
    audit.record(actor, "partner.contact_revised", KIND, partner.id, {"fields": (None, changed)}, now=now)
    touch(KIND, partner.id)
    _ask(point, partner, now)


def remove(point: ContactPoint, *, actor: Actor, now: datetime) -> None:
    """Forget a contact point and everything about it."""
    require(actor, "contact.edit", point)
    _take_out(point, actor, now)


def _take_out(point: ContactPoint, actor: Actor, now: datetime) -> None:
    audit.record(actor, "partner.contact_removed", KIND, point.partner_id, {"contact": (point.id, None)}, now=now)
    confirmed_it = Partner.confirmed_contact_id == point.id
    db.session.execute(update(Partner).where(confirmed_it).values(confirmed_contact_id=None))
    db.session.delete(point)
    db.session.flush()
    touch(KIND, point.partner_id)


def ask_again(point: ContactPoint, partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Mail the question once more."""
    require(actor, "contact.edit", point)
    audit.record(actor, "partner.consent_asked", KIND, partner.id, {"contact": (None, point.id)}, now=now)
    _ask(point, partner, now)


def give(point: ContactPoint, level: Consent, *, now: datetime, actor: Actor = THE_PERSON) -> None:
    """The person agrees, as far as they say; also after having withdrawn. Their link is the proof that it is them."""
    before = point.consent if point.is_agreed else None
    point.consent, point.consent_given_at, point.consent_wording = level, now, WORDING
    point.consent_withdrawn_at = None
    _trace(point, "partner.consent_given", str(before), f"{level} ({WORDING})", actor, now)


def withdraw(point: ContactPoint, *, now: datetime, actor: Actor = THE_PERSON) -> None:
    """The person takes it back: from now on nobody sees them, the partner's own admins included."""
    if point.consent_withdrawn_at is not None:
        return
    point.consent_withdrawn_at = now
    _trace(point, "partner.consent_withdrawn", str(point.consent), "", actor, now)


def correct(point: ContactPoint, contact: Contact, *, actor: Actor, now: datetime) -> None:
    """The person puts right what is said of them, and says who may see it. The address stays: by it they are known."""
    require(actor, "contact.own", point)
    fields = ("name", "function_da", "function_en", "phone", "languages")
    changed = [field for field in fields if getattr(point, field) != getattr(contact, field)]
    says_more = not point.is_agreed or point.consent is not contact.consent
    before = point.consent if point.is_agreed else None
    _fill(point, replace(contact, email=point.email), now)
    if changed:
        audit.record(actor, "partner.contact_corrected", KIND, point.partner_id, {"fields": (None, changed)}, now=now)
        touch(KIND, point.partner_id)
    if says_more:
        point.consent_given_at, point.consent_wording, point.consent_withdrawn_at = now, WORDING, None
        _trace(point, "partner.consent_given", str(before), f"{contact.consent} ({WORDING})", actor, now)


def take_back(point: ContactPoint, *, actor: Actor, now: datetime) -> None:
    """The same as `withdraw`, for a person who is signed in."""
    require(actor, "contact.own", point)
    withdraw(point, now=now, actor=actor)


def own(actor: Actor) -> list[tuple[ContactPoint, Partner]]:
    """Where partners have named the actor, agreed to or not."""
    mine = select(ContactPoint, Partner).join(Partner, ContactPoint.partner_id == Partner.id)
    rows = db.session.execute(mine.where(contacts_owned_by(actor)).order_by(Partner.sort_key, ContactPoint.id))
    return [(point, partner) for point, partner in rows]


def forget(address: str, *, actor: Actor, now: datetime) -> None:
    """Take a person who goes out of every partner's list of whom to call."""
    for point in db.session.scalars(select(ContactPoint).where(func.lower(ContactPoint.email) == address)).all():
        _take_out(point, actor, now)


def write_to(
    point: ContactPoint,
    partner: Partner,
    name: str,
    email: str,
    message: str,
    *,
    actor: Actor,
    now: datetime,
    template: str = "to_contact",
    **more: Any,
) -> None:
    """Pass a message on by mail; the address stays with us, the answer goes straight to who wrote.

    `more` is what another template than the usual one says besides.
    """
    require(actor, "contact.see", point)
    if not point.is_agreed or not point.email:
        raise NotFound("contact", point.id)
    throttle.check(WRITING, str(point.id), now=now)
    throttle.note(WRITING, str(point.id), now=now)
    mail.post(
        point.email,
        template,
        kind="to_contact",
        language=_language(partner),
        headers={"Reply-To": email},
        partner=partner.called(),
        name=name,
        email=email,
        message=message,
        **more,
    )


def by_token(token: str) -> ContactPoint:
    """The contact point that a mailed link is about; NotFound for any other."""
    stmt = select(ContactPoint).join(ContactLink, ContactLink.contact_id == ContactPoint.id)
    found = db.session.scalar(stmt.where(ContactLink.token_hash == digest_of(token)))
    if found is None:
        raise NotFound("contact", "link")
    return found


def reachable(partner_id: int, contact_id: int, actor: Actor) -> ContactPoint:
    """Somebody of the partner to whom the actor may write; NotFound for anybody else."""
    agreed = ContactPoint.consent_given_at.is_not(None), ContactPoint.email != ""
    here = ContactPoint.id == contact_id, ContactPoint.partner_id == partner_id
    found = db.session.scalar(select(ContactPoint).where(*here, *agreed, contacts_seen_by(actor)))
    if found is None:
        raise NotFound("contact", contact_id)
    return found


def of_partner(partner_id: int, actor: Actor) -> list[ContactPoint]:
    """The contact points that the actor looks after."""
    mine = select(ContactPoint).where(ContactPoint.partner_id == partner_id, contacts_edited_by(actor))
    return list(db.session.scalars(mine.order_by(ContactPoint.id)))


def _fill(point: ContactPoint, contact: Contact, now: datetime) -> None:
    point.name, point.email, point.phone = contact.name, contact.email, contact.phone
    point.languages, point.consent = contact.languages, contact.consent
    point.write(now, function_da=contact.function_da, function_en=contact.function_en)


def _ask(point: ContactPoint, partner: Partner, now: datetime) -> None:
    throttle.check(ASKING, point.email, now=now)
    throttle.note(ASKING, point.email, now=now)
    token = new_token()
    db.session.add(ContactLink(token_hash=digest_of(token), contact_id=point.id, sent_at=now))
    point.consent_asked_at = now
    db.session.flush()
    language = _language(partner)
    mail.post(
        point.email,
        "contact_consent",
        kind="contact_consent",
        language=language,
        name=point.name,
        partner=partner.called(language),
        link=address("contacts.consent_by_link", token=token, language=language),
    )


def _language(partner: Partner) -> Language:
    return "da" if partner.country in ("", "DK") else "en"


def _trace(point: ContactPoint, action: str, before: str, after: str, actor: Actor, now: datetime) -> None:
    db.session.flush()
    changes = {f"contact {point.id}": (before, after)}
    audit.record(actor, action, KIND, point.partner_id, changes, now=now)
    touch(KIND, point.partner_id)
