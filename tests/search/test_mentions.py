"""Names found in sentences, as editors write them in both languages."""

import pytest

from portal.search.mentions import Dictionary
from portal.search.names import Entry


def _entry(id_: int, da: str, en: str = "", *names: str, acronym: str = "", slug: str = "") -> Entry:
    return Entry(id_, da, en, names, acronym, slug)


PARTNERS = {
    "aarhus-kommune": _entry(1, "Aarhus Kommune", "City of Aarhus"),
    "dtu": _entry(2, "Danmarks Tekniske Universitet", "Technical University of Denmark", slug="dtu"),
    "orsted": _entry(3, "Ørsted", "Ørsted", slug="orsted"),
    "au": _entry(4, "Aarhus Universitet", "Aarhus University", slug="au"),
    "clean": _entry(5, "CLEAN", "CLEAN", slug="clean"),
    "hofor": _entry(6, "HOFOR", "HOFOR", slug="hofor"),
    "ea": _entry(7, "Ea Energianalyse", "Ea Energy Analyses", slug="ea"),
    "gpd": _entry(8, "Green Power Denmark (tidl. Dansk Energi)", "Green Power Denmark (formerly Danish Energy)"),
    "kl": _entry(9, "KL - Kommunernes Landsforening", "Local Government Denmark", slug="kl"),
    "bof": _entry(10, "Bornholms Energi & Forsyning", "", slug="beof"),
    "amsterdam": _entry(11, "", "City of Amsterdam", "Gemeente Amsterdam", slug="amsterdam"),
    "radius": _entry(12, "Radius Elnet", "Radius", slug="radius"),
    "htf": _entry(13, "Høje Taastrup Fjernvarme", "", slug="htf"),
    "doll-lab": _entry(14, "DOLL Living Lab", "DOLL Living Lab", slug="doll"),
    "cbs": _entry(15, "Copenhagen Business School", "Copenhagen Business School", slug="cbs"),
    "sonfor": _entry(16, "Sønderborg Forsyning (SONFOR)", "", slug="sonfor"),
}
PROJECTS = {
    "cities": _entry(1, "", "Centre for IT-Intelligent Energy Systems in Cities", acronym="CITIES", slug="cities"),
    "ready": _entry(2, "", "READY – Resource Efficient cities", acronym="READY", slug="ready"),
    "sca": _entry(3, "", "Smart Cities Accelerator", acronym="SCA", slug="sca"),
    "sca-plus": _entry(4, "", "Smart Cities Accelerator+", acronym="SCA+", slug="sca-plus"),
    "datahub": _entry(5, "Den Regionale Datahub", "Regional Data Hub", acronym="Datahub"),
    "local": _entry(6, "Lokal Energi", "Local energy", acronym="Lokal Energi"),
    "mobility": _entry(7, "", "Smart Mobility Aarhus", acronym="Smart Mobility"),
    "synikia": _entry(8, "", "syn.ikia – sustainable plus energy neighbourhoods", acronym="syn.ikia"),
    "organicity": _entry(9, "", "OrganiCity", acronym="OrganiCity"),
    "doll": _entry(10, "", "DOLL Living Lab", acronym="DOLL", slug="doll"),
    "leakman": _entry(11, "", "LEAKman – leakage management", acronym="LEAKman"),
    "lm": _entry(12, "", "Lighting Metropolis", acronym="LM"),
    "e2flex": _entry(13, "", "e2flex – consumer flexibility", acronym="e2flex"),
}
TOWNS = {
    "aarhus": _entry(1, "Aarhus", "Aarhus", "Aarhus Kommune", "Aarhus Municipality"),
    "koebenhavn": _entry(2, "København", "Copenhagen", "København Kommune", "Copenhagen Municipality"),
    "vejen": _entry(3, "Vejen", "Vejen", "Vejen Kommune"),
    "hoeje-taastrup": _entry(4, "Høje-Taastrup", "Høje-Taastrup", "Høje-Taastrup Kommune"),
    "aeroe": _entry(5, "Ærø", "Ærø", "Ærø Kommune"),
    "skive": _entry(6, "Skive", "Skive", "Skive Kommune"),
}
KINDS = {"partner": PARTNERS, "project": PROJECTS, "municipality": TOWNS}
WHO = {(kind, entry.id): name for kind, entries in KINDS.items() for name, entry in entries.items()}
NAMES = Dictionary({kind: entries.values() for kind, entries in KINDS.items()})


def _found(text: str) -> dict[str, str]:
    """What is named → how the text says it."""
    return {WHO[one.kind, one.id]: one.matched for one in NAMES.mentions(text, lambda asked: asked)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Genitives, Danish and English
        ("Aarhus Kommunes plan og DTUs svar", {"aarhus-kommune": "Aarhus Kommunes", "dtu": "DTUs"}),
        ("Ørsteds vindmøller", {"orsted": "Ørsteds"}),
        ("CITIES' forskere og CBS' studerende", {"cities": "CITIES'", "cbs": "CBS'"}),
        ("DTU’s researchers met Ørsted's", {"dtu": "DTU’s", "orsted": "Ørsted's"}),
        ("Københavns havn", {"koebenhavn": "Københavns"}),
        ("Aarhus' borgmester", {"aarhus": "Aarhus'"}),
        # Borders of words
        ("DTU-forskere og HOFOR-direktøren", {"dtu": "DTU", "hofor": "HOFOR"}),
        ("ADTU, DTUX, DTU2, @DTU, DTU@example.org, www.DTU.dk", {}),
        ("Aarhusianere og Vejene", {}),
        ("(DTU), »HOFOR« og KL.", {"dtu": "DTU", "hofor": "HOFOR", "kl": "KL"}),
        # The longest name counts
        ("Aarhus Universitet", {"au": "Aarhus Universitet"}),
        ("Smart Mobility Aarhus begynder", {"mobility": "Smart Mobility Aarhus"}),
        ("SCA+ følger efter SCA", {"sca-plus": "SCA+", "sca": "SCA"}),
        ("Smart Cities Accelerator+", {"sca-plus": "Smart Cities Accelerator+"}),
        ("DOLL Living Lab åbner", {"doll-lab": "DOLL Living Lab", "doll": "DOLL Living Lab"}),
        ("Greater Copenhagen", {}),
        ("Copenhagen Business School in Copenhagen", {"cbs": "Copenhagen Business School", "koebenhavn": "Copenhagen"}),
        # Spelling
        ("Århus, Koebenhavn, Aeroe og Oersted", {}.fromkeys(("aarhus", "koebenhavn", "aeroe", "orsted"))),
        ("Orsted sold it", {"orsted": "Orsted"}),
        ("Bornholms Energi og Forsyning, BEOF", {"bof": "Bornholms Energi og Forsyning"}),
        ("Høje Taastrup og Høje-Taastrup Kommune", {"hoeje-taastrup": "Høje Taastrup"}),
        ("Danmarks Tekniske\n  Universitet", {"dtu": "Danmarks Tekniske\n  Universitet"}),
        ("aarhus kommune og Aarhus kommune", {"aarhus-kommune": "Aarhus kommune"}),
        ("a\u030a Aa\u030arhus A\u030arhus", {"aarhus": "Århus"}),
        # What is said beside a name, and what it was before
        ("Dansk Energi svarede", {"gpd": "Dansk Energi"}),
        ("Green Power Denmark og Kommunernes Landsforening", {}.fromkeys(("gpd", "kl"))),
        ("SONFOR leverer", {"sonfor": "SONFOR"}),
        ("The city worked on leakage management in LEAKman", {"leakman": "LEAKman"}),
        # Ordinary words
        ("Cities are ready for clean energy. Ready or not, Clean air", {}),
        ("READY, CLEAN and CITIES", {"ready": "READY", "clean": "CLEAN", "cities": "CITIES"}),
        ("FUTURE CITIES READY FOR CLEAN AIR AND HOFOR", {"hofor": "HOFOR"}),
        ("Hofor og Ea Energianalyse, men ikke EA eller ea", {"hofor": "Hofor", "ea": "Ea Energianalyse"}),
        ("Vejen til Skive. Skive er rund", {"skive": "Skive"}),
        ("Han bor i Vejen", {"vejen": "Vejen"}),
        ("Radius of 5 km; the radius; netselskabet Radius", {"radius": "Radius"}),
        ("Datahub. Energinets datahub", {}),
        ("Regionens Datahub", {"datahub": "Datahub"}),
        ("Local energy and lokal energi, smart mobility", {}),
        ("Projektet Lokal Energi", {"local": "Lokal Energi"}),
        ("lm, Lm, 5 lm og LM", {"lm": "LM"}),
        ("organicity, OrganiCity og syn.ikia, e2flex", {}.fromkeys(("organicity", "synikia", "e2flex"))),
        # A town abroad by its bare name; at home the municipality is meant
        ("Amsterdam og Aarhus", {"amsterdam": "Amsterdam", "aarhus": "Aarhus"}),
        ("City of Aarhus", {"aarhus-kommune": "City of Aarhus"}),
        ("", {}),
        ("ingenting her", {}),
    ],
)
def test_names_in_a_sentence(text: str, expected: dict[str, str | None]) -> None:
    found = _found(text)
    assert list(found) == list(expected)
    assert all(how is None or found[name] == how for name, how in expected.items())


def test_a_name_that_may_not_be_told_hides_none_and_is_not_told() -> None:
    asked = NAMES.mentions("Aarhus Universitet", lambda asked: {one for one in asked if one != ("partner", 4)})
    assert [(one.kind, one.id, one.matched) for one in asked] == [("municipality", 1, "Aarhus")]


def test_a_long_text_without_names_or_spaces_is_gone_through_at_once() -> None:
    assert _found("DTU" * 200_000) == {}
    assert list(_found("x " * 50_000 + "DTU " * 50_000)) == ["dtu"]
