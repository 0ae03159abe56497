"""Sentences of a smart society that does not exist, in both languages, for load tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from portal.core.themes import Theme
from portal.partners.models import PartnerType

Pair = tuple[str, str]
"""The same in Danish and English."""

TOPICS: Mapping[Theme, tuple[Pair, ...]] = {
    Theme.ENERGY: (
        ("fleksibelt elforbrug", "flexible power use"),
        ("lokal solstrøm", "local solar power"),
        ("batterilagring", "battery storage"),
        ("ladestyring", "charge point control"),
    ),
    Theme.HEAT: (
        ("fleksibel fjernvarme", "flexible district heating"),
        ("overskudsvarme", "surplus heat"),
        ("lavtemperaturvarme", "low-temperature heating"),
        ("varmepumpestyring", "heat pump control"),
    ),
    Theme.MOBILITY: (
        ("delebilskørsel", "car sharing"),
        ("cykeltælling", "bicycle counting"),
        ("samkørsel", "ride sharing"),
        ("busprioritering", "bus priority"),
    ),
    Theme.WATER: (
        ("regnvandsstyring", "stormwater control"),
        ("lækagesøgning", "leak detection"),
        ("vandmåling", "water metering"),
        ("spildevandsvarsling", "wastewater warning"),
    ),
    Theme.BUILDINGS: (
        ("energirenovering", "energy renovation"),
        ("indeklimamåling", "indoor climate sensing"),
        ("bygningsautomatik", "building automation"),
        ("energiledelse", "energy management"),
    ),
    Theme.WASTE: (
        ("affaldssortering", "waste sorting"),
        ("sensorstyret tømning", "sensor-led collection"),
        ("genbrug", "reuse"),
        ("madspildsmåling", "food waste tracking"),
    ),
    Theme.DATA: (
        ("åben datadeling", "open data sharing"),
        ("datastandardisering", "data standardisation"),
        ("sensordrift", "sensor operation"),
        ("tvillingmodellering", "digital twin modelling"),
    ),
    Theme.HEALTH: (
        ("telemedicin", "telemedicine"),
        ("luftmåling", "air quality monitoring"),
        ("hjemmemonitorering", "home monitoring"),
        ("støjkortlægning", "noise mapping"),
    ),
    Theme.GOVERNANCE: (
        ("borgerinddragelse", "citizen involvement"),
        ("fælles indkøb", "joint procurement"),
        ("tværgående styring", "cross-sector steering"),
        ("databeskyttelse", "data protection"),
    ),
    Theme.PLANNING: (
        ("byudvikling", "urban development"),
        ("arealplanlægning", "land use planning"),
        ("trafikplanlægning", "traffic planning"),
        ("grøn byplanlægning", "green urban planning"),
    ),
    Theme.CLIMATE: (
        ("klimatilpasning", "climate adaptation"),
        ("skybrudssikring", "cloudburst protection"),
        ("klimaregnskab", "carbon accounting"),
        ("kystbeskyttelse", "coastal protection"),
    ),
}

NOWHERE: Pair = ("kommunen", "the municipality")
NOBODY: Pair = ("en forening", "an association")

TITLES: tuple[Pair, ...] = (
    (
        "{topic} bliver lettere at styre: erfaringer fra {place}",
        "{topic} becomes easier to control: lessons from {place}",
    ),
    ("{place} afprøver {topic} i fuld skala", "{place} tries out {topic} at full scale"),
    ("Nye tal fra {place}: {topic} sparer {n} procent", "New figures from {place}: {topic} saves {n} per cent"),
    ("{partner} og {place} går sammen om {topic}", "{partner} and {place} join forces on {topic}"),
    ("Borgerne i centrum, når {place} arbejder med {topic}", "Citizens at the centre as {place} works on {topic}"),
    ("Sådan gik det med {topic}: rapport fra {place}", "How {topic} went: a report from {place}"),
    ("Data om {topic} åbnes for alle", "Data on {topic} opened to everybody"),
    ("{place} søger partnere til {topic}", "{place} looks for partners on {topic}"),
)

PROJECT_TITLES: tuple[Pair, ...] = (
    ("Fælles om {topic} – {place}", "Together on {topic} – {place}"),
    ("{topic} til hverdag: demonstration fra {place}", "{topic} for every day: a demonstration from {place}"),
    ("Data bag {topic}", "The data behind {topic}"),
    ("{topic} på tværs af forvaltninger", "{topic} across departments"),
    ("Næste skridt for {topic}: {place} og naboerne", "The next step for {topic}: {place} and its neighbours"),
)

WORK_PACKAGES: tuple[Pair, ...] = (
    ("Kortlægning af {topic}", "Mapping of {topic}"),
    ("Forsøg i {place}", "Trial in {place}"),
    ("Udbredelse og læring", "Roll-out and learning"),
)

MILESTONES: tuple[Pair, ...] = (
    ("Aftaler på plads", "Agreements in place"),
    ("Første måling gennemført", "First measurement done"),
    ("Evaluering offentliggjort", "Evaluation published"),
)

UPDATES: tuple[Pair, ...] = (
    ("Godt fra start med {topic}", "Off to a good start with {topic}"),
    ("Halvvejs i {place}", "Halfway in {place}"),
    ("Første tal for {topic} er klar", "First figures for {topic} are ready"),
)

SUMMARIES: tuple[Pair, ...] = (
    (
        "{place} og {partner} undersøger, hvad {topic} kræver i praksis, og deler resultatet med andre kommuner.",
        "{place} and {partner} study what {topic} takes in practice and share the result with other municipalities.",
    ),
    (
        "Over {n} måneder måles det, om {topic} giver lavere udgifter og færre udledninger.",
        "Over {n} months it is measured whether {topic} brings lower costs and fewer emissions.",
    ),
    (
        "Målet er, at {topic} kan gentages af andre uden at begynde forfra.",
        "The aim is that others can repeat {topic} without starting from scratch.",
    ),
)

SENTENCES: tuple[Pair, ...] = (
    (
        "{partner} har siden {year} samlet erfaringer med {topic}.",
        "{partner} has gathered experience with {topic} since {year}.",
    ),
    (
        "Tallene viser et fald på {n} procent, men forskellen mellem kvartererne er stor.",
        "The figures show a fall of {n} per cent, but neighbourhoods differ widely.",
    ),
    (
        "Det sværeste var ikke teknikken, men at blive enige om, hvem der ejer data.",
        "The hardest part was not technology but agreeing on who owns the data.",
    ),
    (
        "Sensorerne sender målinger hvert {n}. minut til en fælles platform.",
        "The sensors send readings to a shared platform every {n} minutes.",
    ),
    (
        "Kommunen har bedt om en klar vejledning, før {topic} udbredes.",
        "The municipality has asked for clear guidance before {topic} is rolled out.",
    ),
    (
        "Beboerne fik en forklaring på dørtrinnet, og {n} husstande meldte sig.",
        "Residents were told on their doorstep, and {n} households signed up.",
    ),
    (
        "Loven giver i dag ikke adgang til at bruge målingerne til {topic}.",
        "The law does not yet allow the readings to be used for {topic}.",
    ),
    (
        "Udbuddet blev delt i {n} mindre dele, så også små leverandører kunne være med.",
        "The tender was split into {n} smaller lots so that small suppliers could take part.",
    ),
    (
        "Erfaringerne fra {place} er samlet i en tjekliste, som andre kan bruge.",
        "The lessons from {place} are gathered in a checklist for others to use.",
    ),
    (
        "Næste skridt er en fælles standard, så løsningen kan flyttes til nabokommunen.",
        "The next step is a common standard, so that the solution can move to the next municipality.",
    ),
    (
        "Forskerne advarer om, at {topic} kun virker, når driften er med fra begyndelsen.",
        "Researchers warn that {topic} only works when operations are involved from the start.",
    ),
    (
        "Budgettet holdt, men tidsplanen skred {n} uger på grund af en forsinket tilladelse.",
        "The budget held, but the schedule slipped by {n} weeks because of a late permit.",
    ),
    (
        "Alle data, der ikke vedrører personer, ligger frit tilgængelige.",
        "All data that do not concern persons are freely available.",
    ),
    (
        "Vinteren {year} blev den første rigtige prøve for {topic}.",
        "The winter of {year} was the first real test of {topic}.",
    ),
    (
        "{partner} regner med, at investeringen er tjent hjem på {n} år.",
        "{partner} expects the investment to pay for itself in {n} years.",
    ),
    (
        "Byrådet i {place} følger op hvert halve år og offentliggør resultatet.",
        "The council of {place} follows up twice a year and publishes the result.",
    ),
)

NAME_STEMS = (
    "Nordlys",
    "Fjordby",
    "Havblik",
    "Skovkær",
    "Vestvind",
    "Kildedal",
    "Strandeng",
    "Bøgelund",
    "Solhøj",
    "Klintebæk",
    "Lyngmark",
    "Åkrog",
    "Hedebo",
    "Søkær",
    "Engvang",
    "Tårnbjerg",
    "Mosehus",
    "Birkely",
    "Granholt",
    "Rønnebro",
)

NAME_ENDINGS: Mapping[PartnerType, tuple[Pair, ...]] = {
    PartnerType.STATE: (("{stem}styrelsen", "{stem} Agency"),),
    PartnerType.UTILITY: (("{stem} Forsyning", "{stem} Utility"), ("{stem} Fjernvarme", "{stem} District Heating")),
    PartnerType.UNIVERSITY: (("{stem} Universitet", "{stem} University"),),
    PartnerType.RESEARCH_INSTITUTE: (("{stem} Institut", "{stem} Institute"),),
    PartnerType.COMPANY: (
        ("{stem} Energi", "{stem} Energy"),
        ("{stem} Rådgivning", "{stem} Consulting"),
        ("{stem} Systemer", "{stem} Systems"),
    ),
    PartnerType.CLUSTER: (("Klyngen {stem}", "{stem} Cluster"),),
    PartnerType.ASSOCIATION: (("Foreningen {stem}", "{stem} Association"),),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What one text is about."""

    topic: Pair
    place: Pair
    partner: Pair

    def tell(self, patterns: Pair, random: Random) -> Pair:
        """The sentence in both languages, with the same figures in both."""
        n, year = random.randrange(3, 60), random.randrange(2012, 2026)
        told = [
            pattern.format(topic=topic, place=place, partner=partner, n=n, year=year)
            for pattern, topic, place, partner in zip(patterns, self.topic, self.place, self.partner, strict=True)
        ]
        return _capital(told[0]), _capital(told[1])

    def tell_much(self, paragraphs: int, random: Random) -> Pair:
        """Several paragraphs of different sentences."""
        sentences = [self.tell(patterns, random) for patterns in random.sample(SENTENCES, 3 * paragraphs)]
        da, en = zip(*sentences, strict=True)
        return _paragraphs(da), _paragraphs(en)


def _paragraphs(sentences: tuple[str, ...]) -> str:
    return "\n\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
