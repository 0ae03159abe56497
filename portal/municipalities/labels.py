"""What readers call the words of the register and of its indicators."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.bilingual import Shown, chosen
from portal.core.dates import PartialDate
from portal.core.labels import enter, label, name_actions
from portal.core.templating import partial_date
from portal.core.themes import Theme
from portal.municipalities.models import Direction, Missing

enter(
    Direction,
    {
        Direction.HIGHER_BETTER: _l("A higher figure is progress."),
        Direction.LOWER_BETTER: _l("A lower figure is progress."),
        Direction.NEUTRAL: _l("Neither a high nor a low figure is better."),
    },
)
enter(
    Missing,
    {
        Missing.NOT_REPORTED: _l("not reported"),
        Missing.NOT_COLLECTED: _l("not measured here"),
        Missing.CONFIDENTIAL: _l("confidential at the source"),
        Missing.NOT_APPLICABLE: _l("does not apply here"),
    },
)

UNITS = {
    "inhabitants": _l("inhabitants"),
    "inhabitants/km²": _l("inhabitants per km²"),
    "cars/1,000 inhabitants": _l("cars per 1,000 inhabitants"),
    "% of residents": _l("per cent of residents"),
    "% of electricity use": _l("per cent of the electricity used"),
    "% of occupied dwellings": _l("per cent of occupied dwellings"),
    "kW/inhabitant": _l("kW per inhabitant"),
    "GJ/inhabitant": _l("GJ per inhabitant"),
    "t CO2e/inhabitant": _l("tonnes of CO₂e per inhabitant"),
    "kg/inhabitant": _l("kg per inhabitant"),
}
WORDS = {
    "yes": _l("Yes"),
    "no": _l("No"),
    "hovedstad": _l("Capital municipality"),
    "storby": _l("City municipality"),
    "provinsby": _l("Provincial town municipality"),
    "opland": _l("Commuter municipality"),
    "land": _l("Rural municipality"),
    "c40_member": _l("Took part from the start as a member of C40"),
    "pilot": _l("Pilot municipality"),
    "round_1": _l("Joined in round 1"),
    "round_2": _l("Joined in round 2"),
    "ordinary": _l("Full member"),
    "basic": _l("Basic member"),
    "not_listed": _l("Not on the list of members"),
}
# From the lightest to the darkest on a map. What stands in no order here is counted instead.
ORDER = (
    "not_listed",
    "no",
    "basic",
    "land",
    "opland",
    "round_2",
    "provinsby",
    "round_1",
    "storby",
    "pilot",
    "hovedstad",
    "c40_member",
    "ordinary",
    "yes",
)
PERIODS = {
    "undated": _l("undated"),
    "various": _l("various years"),
}
_SOLAR = _l("The month the figure stands for is not recorded; the totals fit 2025–2026.")
# The caveats as the files word them; one that is reworded there shows as it stands until it is entered here.
CAVEATS = {
    "see each municipality": _l(
        "The figures of earlier years come from several sources; each municipality’s page tells how they were put "
        "together."
    ),
    "computed here from two published figures": _l("Computed by us from two published figures."),
    "computed here": _l("Computed by us from published figures."),
    "registered by owner address; leasing fleets can distort a few municipalities": _l(
        "Cars count where their owner lives or has its office; leasing fleets distort a few municipalities."
    ),
    "third-party reconstruction, not an official figure; national value 37.01": _l(
        "Calculated by a third party, not an official figure. All of Denmark: 37.01."
    ),
    "built from REekWhKeep; export is not counted": _l("Electricity that is sold outside the area does not count."),
    "latest month when the repository author fetched it; month not recorded, repository metadata says 2024 but the "
    "script takes the newest month, and totals fit 2025–26": _SOLAR,
    "see re_solar_mw": _SOLAR,
    "see re_solar_mw; offshore parks serve the national grid": _l(
        "Offshore wind farms serve the whole country. The month the figure stands for is not recorded."
    ),
    "computed here; see re_solar_mw": _l(
        "Computed by us. The month the capacity stands for is not recorded; the totals fit 2025–2026."
    ),
    "registered heating type (BBR) can lag behind reality": _l("The register of heating types can lag behind reality."),
    "aggregated by the repository author; Stevns has no value": _l(
        "Added up by a third party; there is no value for Stevns."
    ),
    "territorial, not consumption-based; large industry and farming weigh heavily in small municipalities; "
    "figures are revised back in time": _l(
        "Counts what is emitted within the municipality, not what its people consume: large industry and farming "
        "weigh heavily in small municipalities. Figures are revised back in time."
    ),
    "can be negative where land takes up carbon": _l("Can be negative where land takes up carbon."),
    "joint waste companies report one figure for several municipalities": _l(
        "Joint waste companies report one figure for several municipalities."
    ),
    "see waste_kg": _l("Joint waste companies report one figure for several municipalities."),
    "participants named in the sources found; 20 municipalities are blank although almost all joined in 2021; "
    "Syddjurs moved from the 2020 list to round 2 and one more is thought to have left that list (66 became 64)": _l(
        "Only those that a source names. 20 municipalities are missing although almost all joined in 2021."
    ),
    "same value for all; the two late municipalities are not named in the source": _l("The same for all 98."),
    "undated page (offer 2018–2020); the network had 47 members in November 2024, but the newer list was not found; "
    "not_listed means not on this page": _l(
        "From an undated list of members. The network had 47 members in November 2024; the newer list was not found."
    ),
    "third-party tally; only Ærø was marked yes": _l("Counted by a third party; only Ærø was marked yes."),
    "12 of the 27 municipalities in the project; the others were not found by name": _l(
        "12 of the 27 municipalities in the project; the others were not found by name."
    ),
    "incomplete: only what the sources name": _l("Not complete: only what the sources name."),
}


SOURCES = {
    "Own calculation by the repository author from open timetable data and the 2021 census grid "
    "(SDG 11.2.1 method)": _l("A third party’s calculation from open timetables and the census of 2021 (SDG 11.2.1)"),
    "Plandata.dk as tallied in a public repository": _l("Plandata.dk, counted by a third party"),
    "see row": "",
}
AUTHORITIES = {
    "Statistics Denmark": _l("Statistics Denmark"),
    "Danish Energy Agency": _l("Danish Energy Agency"),
    "Central Denmark Region": _l("Central Denmark Region"),
}


def source_name(text: str) -> str:
    """What a source is called; authorities have a name in each language."""
    named = str(SOURCES.get(text, text))
    for english, name in AUTHORITIES.items():
        named = named.replace(english, str(name))
    return named


def theme(word: str) -> str:
    """What a group of indicators is about; `context` is no theme of ours but describes the place."""
    return label(Theme(word)) if word in set(Theme) else _("People and place")


def unit(text: str) -> str:
    return str(UNITS.get(text, text))


def word(text: str) -> str:
    """What a category's word means; names of networks stand as they are."""
    return str(WORDS.get(text, text))


def caveat(text: str) -> Shown:
    """A warning in the page's language, or in the source's own English."""
    if text in CAVEATS:
        return Shown(str(CAVEATS[text]), chosen(), chosen())
    return Shown(text, "en", chosen())


def period(text: str) -> str:
    """A period in words: `2026-01` is January 2026, `2020-01-01/2026-01-01` has both its ends."""
    if text in PERIODS:
        return str(PERIODS[text])
    try:
        return " – ".join(partial_date(PartialDate.parse(part)) for part in text.split("/"))
    except ValueError:
        return text.replace("c. ", _("about") + " ") if text.startswith("c. ") else text


_STORED = _l("November 2026 (stored copy)")
RETRIEVED = {
    "stored copy, 2026": _l("2026 (stored copy)"),
    "stored copy, November 2026": _STORED,
    "stored copy, November 2026; re-keyed and cross-checked": _STORED,
    "stored public copy, November 2026; not checked live": _STORED,
}


def retrieved(text: str) -> str:
    """When a fact was read and from what, in words."""
    return str(RETRIEVED.get(text, text))


name_actions({"boundaries.loaded": _l("Boundaries of the municipalities loaded")})
