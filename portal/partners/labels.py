"""What readers call the words of the directory."""

from collections.abc import Iterable, Mapping

from babel import Locale
from flask_babel import lazy_gettext as _l

from portal.core.bilingual import chosen
from portal.core.labels import enter, name_actions
from portal.core.sorting import sort_key
from portal.core.texts import gettext as _
from portal.municipalities.labels import retrieved
from portal.partners.models import Consent, PartnerState, PartnerType

__all__ = ["countries", "country", "retrieved", "source_word"]

enter(
    PartnerType,
    {
        PartnerType.MUNICIPALITY: _l("Municipality"),
        PartnerType.REGION: _l("Region"),
        PartnerType.STATE: _l("State body"),
        PartnerType.UTILITY: _l("Utility"),
        PartnerType.UNIVERSITY: _l("University"),
        PartnerType.RESEARCH_INSTITUTE: _l("Research institute"),
        PartnerType.COMPANY: _l("Company"),
        PartnerType.CLUSTER: _l("Cluster"),
        PartnerType.ASSOCIATION: _l("Association"),
        PartnerType.INTERNATIONAL: _l("International organisation"),
    },
)
enter(
    PartnerState,
    {
        PartnerState.SUGGESTED: _l("Suggested"),
        PartnerState.PUBLISHED: _l("Published"),
        PartnerState.DORMANT: _l("Dormant"),
        PartnerState.LEFT: _l("Has left"),
        PartnerState.REJECTED: _l("Rejected"),
    },
)

name_actions({"partner.proposed": _l("Organisation proposed"), "partner.added": _l("Partner added by the staff")})


def country(code: str) -> str:
    """A country's name in the page's language; a code nobody knows stands as it is."""
    return Locale.parse(chosen()).territories.get(code, code) if code else ""


def countries(values: Iterable[str]) -> Mapping[str, str]:
    """Code → name of those values that are countries, alphabetical, Denmark first."""
    territories = Locale.parse(chosen()).territories
    known = {code: territories[code] for code in values if len(code) == 2 and code in territories}
    return dict(sorted(known.items(), key=lambda item: (item[0] != "DK", sort_key(item[1]))))


NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def all_countries() -> Mapping[str, str]:
    """Code → name of every country that an organisation may be in."""
    codes = [str(code) for code in Locale.parse("en").territories]
    return countries(code for code in codes if code.isalpha() and code not in NO_COUNTRIES)


SOURCE_WORDS = {
    "NGO": _l("NGO"),
    "research": _l("research"),
}


def source_word(word: str) -> str:
    """The source's own word, where ours is another: in the page's language if it is a known one."""
    return _("“%(words)s” (the source’s words)", words=_(word) if word in SOURCE_WORDS else word) if word else ""


enter(
    Consent,
    {
        Consent.PUBLIC: _l("Everybody"),
        Consent.PARTNERS: _l("Partners of the portal"),
        Consent.STAFF: _l("The partner’s admins and the staff of the portal"),
    },
)
name_actions(
    {
        "partner.approved": _l("Taken into the directory"),
        "partner.rejected": _l("Application rejected"),
        "partner.asked": _l("Applicants asked"),
        "partner.dormant": _l("Marked as dormant"),
        "partner.left": _l("Taken out of the directory"),
        "partner.restored": _l("Brought back"),
        "partner.confirmed": _l("Profile confirmed"),
        "partner.cvr_verified": _l("CVR number compared with the register"),
        "partner.revised": _l("Profile revised"),
        "partner.change_proposed": _l("Change proposed"),
        "partner.change_withdrawn": _l("Proposed change taken back"),
        "partner.change_accepted": _l("Proposed change accepted"),
        "partner.change_refused": _l("Proposed change refused"),
        "partner.logo_set": _l("Logo set"),
        "partner.logo_dropped": _l("Logo removed"),
        "partner.contact_added": _l("Contact added"),
        "partner.contact_revised": _l("Contact revised"),
        "partner.contact_corrected": _l("Contact put right by the person"),
        "partner.contact_removed": _l("Contact removed"),
        "partner.consent_asked": _l("Person asked for consent"),
        "partner.consent_given": _l("Person agreed to be shown"),
        "partner.consent_withdrawn": _l("Person withdrew consent"),
        "partner.interest_added": _l("Offer or wish added"),
        "partner.interest_dropped": _l("Offer or wish removed"),
    }
)
