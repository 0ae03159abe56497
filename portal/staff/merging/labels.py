"""What readers call the fields of a partner and what points at one."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

FIELDS = {
    "name": _l("Name"),
    "name_da": _l("Danish name"),
    "name_en": _l("English name"),
    "acronym": _l("Acronym"),
    "type": _l("Type"),
    "country": _l("Country"),
    "municipality_id": _l("Municipality of its seat"),
    "cvr": _l("CVR number"),
    "ror": "ROR",
    "wikidata": "Wikidata",
    "website": _l("Website"),
    "feed_url": _l("News feed"),
    "description_da": _l("Danish description"),
    "description_en": _l("English description"),
    "parent_id": _l("Part of"),
}

_POINTERS = {
    "participation.partner_id": _l("Parts in projects"),
    "membership.partner_id": _l("People who act for it"),
    "contact_point.partner_id": _l("Contact points"),
    "partner_name.partner_id": _l("Other names"),
    "partner_theme.partner_id": _l("Themes"),
    "partner_network.partner_id": _l("Networks"),
    "partner_interest.partner_id": _l("What it offers and looks for"),
    "article_partner.partner_id": _l("News that names it"),
    "article.author_id": _l("News that it wrote"),
    "webinar_partner.partner_id": _l("Webinars"),
    "webinar_series_partner.partner_id": _l("Series of webinars"),
    "work_package.lead_id": _l("Work packages that it leads"),
    "partnership_proposal.partner_id": _l("Invitations to take part in projects"),
    "feed.partner_id": _l("Feeds"),
    "assessment.partner_id": _l("Assessments that it made"),
    "project.confirmed_partner_id": _l("Projects that it confirmed"),
    "project_update.partner_id": _l("Updates that it signed"),
    "invitation.partner_id": _l("Invitations"),
    "join_request.partner_id": _l("Requests to join"),
    "partner_change.partner_id": _l("Proposed changes"),
    "correction.partner_id": _l("Corrections from readers"),
    "partner.parent_id": _l("Organisations that are part of it"),
    "partner.merged_into_id": _l("Partners merged into it earlier"),
}

name_actions(
    {
        "partner.merged": _l("Another partner was merged into this one"),
        "partner.merged_into": _l("Merged into another partner"),
        "partner.told_apart": _l("Told apart from a partner that looks alike"),
    }
)


def pointer(name: str) -> str:
    """What follows in a merge, in words; the column itself where nobody has named it."""
    return str(_POINTERS.get(name, name))
