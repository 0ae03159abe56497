"""Taking hints from readers and answering them."""

from datetime import datetime

from portal.core import audit, mail
from portal.core.bilingual import Language, chosen
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.permissions import VISITOR, Actor, require
from portal.corrections.models import Correction
from portal.partners.models import Partner
from portal.projects.models import Project


def suggest(
    subject: Partner | Project, text: str, evidence: str, email: str, *, language: Language, now: datetime
) -> Correction:
    """Take a hint about something that everybody may see."""
    is_partner = isinstance(subject, Partner)
    require(VISITOR, "partner.see" if is_partner else "project.see", subject)
    correction = Correction(
        partner_id=subject.id if is_partner else None,
        project_id=None if is_partner else subject.id,
        text=text,
        evidence=evidence,
        email=email,
        language=language,
        created_at=now,
    )
    db.session.add(correction)
    db.session.flush()
    kind = "partner" if is_partner else "project"
    audit.record(VISITOR, "correction.suggested", kind, subject.id, {"correction": (None, correction.id)}, now=now)
    return correction


def close(correction: Correction, outcome: str, *, actor: Actor, now: datetime) -> None:
    """Say what was done; whoever left an address is told, and then forgotten. Closing twice does nothing more."""
    require(actor, "correction.answer", correction)
    if correction.closed_at is not None:
        return
    if not outcome:
        raise Invalid("outcome", "is missing")
    if correction.email:
        language: Language = "en" if correction.language == "en" else "da"
        mail.post(
            correction.email,
            "correction_closed",
            kind="correction",
            language=language,
            about=called(correction, language),
            text=correction.text,
            outcome=outcome,
        )
    correction.email, correction.outcome, correction.closed_at = "", outcome, now
    db.session.flush()
    kind, subject_id = (
        ("partner", correction.partner_id) if correction.partner_id else ("project", correction.project_id)
    )
    changes = {f"correction {correction.id}": ("", outcome)}
    audit.record(actor, "correction.closed", kind, subject_id, changes, now=now)


def called(correction: Correction, language: Language | None = None) -> str:
    """The name of what it is about."""
    if correction.partner is not None:
        return correction.partner.called(language or chosen())
    assert correction.project is not None
    return str(correction.project.text("title", language or chosen()))
