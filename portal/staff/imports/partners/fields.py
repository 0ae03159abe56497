"""The fields of a partner that a file may fill: how each is read, told in plain values, and set."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any

from babel import Locale
from flask_babel import lazy_gettext as _l
from stdnum.dk import cvr as cvr_numbers
from stdnum.exceptions import ValidationError

from portal.core import intake, tables
from portal.core.sorting import sort_key
from portal.core.themes import Theme
from portal.partners.models import Partner, PartnerNetwork, PartnerState, PartnerTheme, PartnerType
from portal.staff.imports.targets import Field, Plain

KEY = "partner_id"

TYPES: Mapping[str, PartnerType] = {
    **tables.own_words(PartnerType),
    "kommune": PartnerType.MUNICIPALITY,
    "stat": PartnerType.STATE,
    "statslig myndighed": PartnerType.STATE,
    "state body": PartnerType.STATE,
    "forsyning": PartnerType.UTILITY,
    "forsyningsselskab": PartnerType.UTILITY,
    "universitet": PartnerType.UNIVERSITY,
    "research institute": PartnerType.RESEARCH_INSTITUTE,
    "research": PartnerType.RESEARCH_INSTITUTE,
    "forskningsinstitut": PartnerType.RESEARCH_INSTITUTE,
    "GTS": PartnerType.RESEARCH_INSTITUTE,
    "virksomhed": PartnerType.COMPANY,
    "selskab": PartnerType.COMPANY,
    "klynge": PartnerType.CLUSTER,
    "forening": PartnerType.ASSOCIATION,
    "interesseorganisation": PartnerType.ASSOCIATION,
    "NGO": PartnerType.ASSOCIATION,
    "international organisation": PartnerType.INTERNATIONAL,
}
THEMES: Mapping[str, Theme] = {
    **tables.own_words(Theme),
    "energi": Theme.ENERGY,
    "varme": Theme.HEAT,
    "mobilitet": Theme.MOBILITY,
    "vand": Theme.WATER,
    "bygninger": Theme.BUILDINGS,
    "affald": Theme.WASTE,
    "sundhed": Theme.HEALTH,
    "styring": Theme.GOVERNANCE,
    "planlægning": Theme.PLANNING,
    "klima": Theme.CLIMATE,
}


def _cvr(cell: str) -> str:
    number = re.sub(r"[\s.-]|^DK", "", cell)
    try:
        return str(cvr_numbers.validate(number))
    except ValidationError:
        raise ValueError(f"is not a CVR number: {cell[:20]!r}") from None


@cache
def _country_codes() -> Mapping[str, str]:
    """Code and name (Danish, English) in small letters → code."""
    known: dict[str, str] = {}
    for language in ("en", "da"):
        names = Locale.parse(language).territories
        known |= {str(name).casefold(): code for code, name in names.items() if re.fullmatch("[A-Z]{2}", code)}
    return known | {code.casefold(): code for code in known.values()}


def _country(cell: str) -> str:
    code = _country_codes().get(cell.casefold())
    if code is None:
        raise ValueError(f"is not a country: {cell[:40]!r}")
    return code


def _website(cell: str) -> str:
    """A web address; `www.example.dk` is one that lacks its beginning."""
    bare = "://" not in cell and re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", cell)
    return tables.address(f"https://{cell}" if bare else cell)


def _themes(cell: str) -> Any:
    """Themes parted by semicolons, or by commas as most people do: none of our words holds one."""
    return tables.several(tables.word(THEMES))(cell.replace(",", ";").replace("\n", ";"))


def _municipality(cell: str) -> str:
    return cell.zfill(4) if cell.isdecimal() else str(tables.text(120)(cell))


FIELDS: tuple[Field, ...] = (
    Field("name", _l("Name"), tables.text(200), ("navn", "partner", "partnernavn", "organisation", "organization")),
    Field("name_da", _l("Danish name"), tables.text(200), ("danish name", "dansk navn", "navn (dansk)", "navn dansk")),
    Field(
        "name_en",
        _l("English name"),
        tables.text(200),
        ("english name", "engelsk navn", "navn (engelsk)", "navn engelsk"),
    ),
    Field("acronym", _l("Acronym"), tables.text(40), ("forkortelse", "akronym", "kort navn")),
    Field("type", _l("Type"), tables.word(TYPES), ("partnertype", "kind", "art")),
    Field("country", _l("Country"), _country, ("land", "landekode", "country code")),
    Field(
        "municipality",
        _l("Municipality"),
        _municipality,
        ("kommune", "municipality_code", "municipality code", "kommunekode", "hjemsted"),
    ),
    Field(
        "cvr", _l("CVR number"), _cvr, ("cvr", "cvr number", "cvr-nummer", "cvr-nr", "cvr-nr.", "cvr nummer", "cvrnr")
    ),
    Field("website", _l("Website"), _website, ("hjemmeside", "web", "url", "webadresse", "websted")),
    Field(
        "description_da",
        _l("Danish description"),
        tables.text(5000),
        ("danish description", "dansk beskrivelse", "beskrivelse"),
    ),
    Field(
        "description_en",
        _l("English description"),
        tables.text(5000),
        ("english description", "engelsk beskrivelse", "description"),
    ),
    Field("networks", _l("Networks"), tables.several(tables.text(120)), ("netværk", "network")),
    Field("themes", _l("Themes"), _themes, ("temaer", "tema", "theme")),
    Field(
        KEY,
        _l("Address or id in the directory"),
        tables.key(),
        ("address or id in the directory", "adresse eller id i kataloget", "partner-id", "id", "slug", "address"),
    ),
)
LABELS: Mapping[str, Any] = {
    **{field.name: field.label for field in FIELDS},
    tables.WHOLE_ROW: _l("The row"),
    "state": _l("State"),
    "source_type": _l("The source’s word for the type"),
}
"""What readers call the fields, those included that only a change of many at once sets."""

WRITTEN = tuple(field.name for field in FIELDS if field.name != KEY)
TEXTS = ("name", "name_da", "name_en", "acronym", "country", "website", "source_type")


def plain(value: Any) -> Plain:
    """A value that was read, as it is kept."""
    if isinstance(value, (tuple, list)):
        return [str(one) for one in value]
    return "" if value is None else str(value)


def state_of(partner: Partner, codes: Mapping[int, str]) -> dict[str, Plain]:
    """Every field of a partner in plain values. `codes`: municipality id → code. Its themes and networks are loaded."""
    return {
        **{name: getattr(partner, name) for name in TEXTS},
        "type": partner.type.value,
        "state": partner.state.value,
        "municipality": codes.get(partner.municipality_id or 0, ""),
        "cvr": partner.cvr or "",
        "description_da": partner.description_da,
        "description_en": partner.description_en,
        "networks": [one.name for one in sorted(partner.networks, key=lambda one: one.position)],
        "themes": sorted(one.theme.value for one in partner.themes),
    }


def assign(partner: Partner, values: Mapping[str, Plain], ids: Mapping[str, int], now: datetime) -> None:
    """Set fields of a partner from plain values. `ids`: municipality code → id."""
    for name, value in values.items():
        _SETTERS.get(name, partial(_set_text, name))(partner, value, ids, now)
    if "name" in values:
        partner.sort_key = sort_key(partner.name)


Setter = Callable[[Partner, Any, Mapping[str, int], datetime], None]


def _set_text(name: str, partner: Partner, value: str, _ids: Mapping[str, int], _now: datetime) -> None:
    setattr(partner, name, value)


def _set_description(name: str, partner: Partner, value: str, _ids: Mapping[str, int], now: datetime) -> None:
    partner.write(now, **{name: value})


def _set_networks(partner: Partner, value: list[str], _ids: Mapping[str, int], _now: datetime) -> None:
    positions = {name: position for position, name in enumerate(value)}
    wanted: Any = {name: partial(PartnerNetwork, name=name) for name in positions}
    intake.keep(partner.networks, wanted, lambda network: network.name)
    for network in partner.networks:
        network.position = positions[network.name]


def _set_themes(partner: Partner, value: list[str], _ids: Mapping[str, int], _now: datetime) -> None:
    intake.tie(partner.themes, "theme", [Theme(one) for one in value], PartnerTheme)


def _set_type(partner: Partner, value: str, _ids: Mapping[str, int], _now: datetime) -> None:
    partner.type = PartnerType(value)


def _set_state(partner: Partner, value: str, _ids: Mapping[str, int], _now: datetime) -> None:
    partner.state = PartnerState(value)


def _set_cvr(partner: Partner, value: str, _ids: Mapping[str, int], _now: datetime) -> None:
    partner.cvr = value or None


def _set_municipality(partner: Partner, value: str, ids: Mapping[str, int], _now: datetime) -> None:
    partner.municipality_id = ids[value] if value else None


_SETTERS: Mapping[str, Setter] = {
    "type": _set_type,
    "state": _set_state,
    "cvr": _set_cvr,
    "municipality": _set_municipality,
    "networks": _set_networks,
    "themes": _set_themes,
    "description_da": partial(_set_description, "description_da"),
    "description_en": partial(_set_description, "description_en"),
}
