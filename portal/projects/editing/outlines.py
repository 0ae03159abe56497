"""What a new project can begin with: its kind, the barriers it will meet, and a plan to change, in both languages."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.projects.models import Barrier, Kind

Texts = tuple[str, str]
"""Danish and English."""


@dataclass(frozen=True)
class Outline:
    """A beginning for one kind of project."""

    name: Any
    meant_for: Any
    kind: Kind
    barriers: tuple[Barrier, ...]
    work_packages: tuple[Texts, ...]
    milestones: tuple[Texts, ...]


OUTLINES: dict[str, Outline] = {
    "policy": Outline(
        _l("Policy and regulation"),
        _l("Find out what in the rules stands in the way, and propose what to change."),
        Kind.POLICY,
        (Barrier.LEGISLATION, Barrier.ORGANISATION),
        (
            ("Kortlægning af regler og praksis", "Survey of rules and practice"),
            ("Cases fra kommuner og virksomheder", "Cases from municipalities and companies"),
            ("Anbefalinger og dialog med myndigheder", "Recommendations and dialogue with authorities"),
        ),
        (
            ("Kortlægningen er færdig", "The survey is finished"),
            ("Barriererne er beskrevet og bekræftet af parterne", "The barriers are described and confirmed"),
            ("Anbefalingerne er sendt til myndighederne", "The recommendations are with the authorities"),
            ("Myndighederne har svaret", "The authorities have answered"),
        ),
    ),
    "demonstration": Outline(
        _l("Demonstration"),
        _l("Try a solution in one or more places, measure what it does, and make it ready for others."),
        Kind.DEMONSTRATION,
        (Barrier.TECHNOLOGY, Barrier.FINANCING, Barrier.DATA_ACCESS),
        (
            ("Projektledelse", "Project management"),
            ("Krav, data og måleplan", "Requirements, data and measuring plan"),
            ("Etablering på demonstrationsstedet", "Installation at the demonstration site"),
            ("Drift og måling", "Operation and measurement"),
            ("Udbredelse", "Replication"),
        ),
        (
            ("Udgangspunktet er målt", "The baseline is measured"),
            ("Løsningen er i drift", "The solution is in operation"),
            ("Et år med målinger er samlet", "A year of measurements is collected"),
            ("Vejledning til andre er udgivet", "Guidance for others is published"),
        ),
    ),
    "procurement": Outline(
        _l("Joint procurement"),
        _l("Buy together: agree on the need, ask the market, and share the contract."),
        Kind.PROCUREMENT,
        (Barrier.PROCUREMENT, Barrier.FINANCING, Barrier.LEGISLATION),
        (
            ("Fælles behov og organisering", "Shared need and organisation"),
            ("Markedsdialog", "Market dialogue"),
            ("Udbud og kontrakt", "Tender and contract"),
            ("Ibrugtagning hos parterne", "Taking it into use"),
        ),
        (
            ("Parterne har underskrevet samarbejdsaftalen", "The partners have signed the agreement"),
            ("Markedsdialogen er afsluttet", "The market dialogue is completed"),
            ("Udbuddet er offentliggjort", "The tender is published"),
            ("Kontrakten er tildelt", "The contract is awarded"),
        ),
    ),
    "knowledge": Outline(
        _l("Knowledge sharing"),
        _l("Bring people with the same task together and write down what works."),
        Kind.KNOWLEDGE_SHARING,
        (Barrier.ORGANISATION, Barrier.CITIZENS),
        (
            ("Netværk og møder", "Network and meetings"),
            ("Indsamling af erfaringer", "Collecting experience"),
            ("Formidling", "Dissemination"),
        ),
        (
            ("Første netværksmøde er holdt", "The first network meeting is held"),
            ("Erfaringerne er samlet i et katalog", "The experience is gathered in a catalogue"),
            ("Kataloget er præsenteret på et åbent webinar", "The catalogue is presented at an open webinar"),
        ),
    ),
}
