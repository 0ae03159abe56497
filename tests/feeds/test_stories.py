"""What is one story and what is not: the thresholds, on pairs of both kinds."""

from dataclasses import replace

import pytest

from portal.feeds.stories import Shelf, is_same, telling

Pair = tuple[tuple[str, str], tuple[str, str]]

PRESS = (
    "Fem kommuner går sammen om en platform, hvor deres bygninger og forsyninger kan dele data om forbruget time for "
    "time. Platformen er åben for alle kommuner fra foråret, og de første bygninger er koblet på allerede nu."
)
HARBOUR = (
    "Havnen får landstrøm til færgerne. Anlægget er bygget sammen med forsyningen og tages i brug i maj, når de "
    "første skibe lægger til ved den nye kaj. Det sparer byen for støj og os om natten."
)
HEAT = (
    "Ten cities show how they plan their heat. The report compares the plans of large and small cities and finds that "
    "those with open data about buildings needed half the time to draw them up."
)

ABOUT = "Om os: Forsyningen leverer vand og varme til 90.000 borgere og har 300 ansatte."

SAME: dict[str, Pair] = {
    "one press release in two feeds": (
        ("Fælles platform for energidata", PRESS),
        ("Fælles platform for energidata", PRESS),
    ),
    "the second feed cuts it shorter": (
        ("Fælles platform for energidata", PRESS),
        ("Fælles platform for energidata", PRESS[:110].rsplit(" ", 1)[0] + "…"),
    ),
    "another heading over the same words": (
        ("Kommuner får fælles platform for energidata", PRESS),
        ("Fem kommuner deler energidata på fælles platform", PRESS),
    ),
    "a sentence in front": (
        ("Landstrøm til færgerne", HARBOUR),
        ("Færgerne får landstrøm", "Godt nyt fra havnen i dag. " + HARBOUR),
    ),
    "two words changed": (
        ("Cities show their heat plans", HEAT),
        (
            "Cities show their heat plans",
            HEAT.replace("large and small", "big and small").replace("half", "a third of"),
        ),
    ),
    "the heading alone, in a feed of headings": (
        ("Ny lov om energidata giver kommunerne adgang til målere", ""),
        ("Ny lov om energidata giver kommunerne adgang til målere", PRESS),
    ),
    "signs and capitals": (
        ("Stor interesse: 12 byer vil måle luften", ""),
        ("Stor interesse – 12 byer vil måle luften!", ""),
    ),
}

OTHER: dict[str, Pair] = {
    "two stories": (("Landstrøm til færgerne", HARBOUR), ("Fælles platform for energidata", PRESS)),
    "the newsletter of another week": (
        (
            "Nyhedsbrev uge 47: det sker i klyngen",
            "Læs om det, der sker i klyngen i denne uge, og hvad du kan være med til.",
        ),
        (
            "Nyhedsbrev uge 48: det sker i klyngen",
            "Læs om det, der sker i klyngen i denne uge, og hvad du kan være med til.",
        ),
    ),
    "another sum": (
        ("30 millioner kroner til grøn varme i kommunerne", ""),
        ("3 millioner kroner til grøn varme i kommunerne", ""),
    ),
    "a short heading that many use": (("Ledige stillinger", ""), ("Ledige stillinger", HARBOUR)),
    "one theme, two towns": (
        ("Aarhus åbner sine data om trafikken", "Byen lægger tællinger fra 200 kryds frem, så alle kan bruge dem."),
        ("Odense åbner sine data om parkering", "Byen lægger tællinger fra sine huse frem, så alle kan se dem."),
    ),
    "the same boilerplate under two stories": (
        (
            "Ny direktør for forsyningen",
            f"Bestyrelsen har fundet en afløser fra egne rækker. {ABOUT}",
        ),
        (
            "Regnvand holdes ude af kloakken",
            f"Tolv nye bassiner tager imod regnen. {ABOUT}",
        ),
    ),
    "a heading about the same, by somebody else": (
        ("Klimaplanen er vedtaget i byrådet efter lang debat", HARBOUR),
        ("Klimaplanen er til debat i byrådet efter lang pause", PRESS),
    ),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_one_story(pair: Pair) -> None:
    one, other = (telling(*told, source) for source, told in enumerate(pair))
    assert is_same(one, other)
    assert is_same(other, one)
    assert found(pair) == 0


@pytest.mark.parametrize("pair", OTHER.values(), ids=OTHER)
def test_two_stories(pair: Pair) -> None:
    one, other = (telling(*told, source) for source, told in enumerate(pair))
    assert not is_same(one, other)
    assert not is_same(other, one)
    assert found(pair) is None


def found(pair: Pair) -> int | None:
    shelf: Shelf[int] = Shelf()
    shelf.put(0, telling(*pair[0], 0))
    return shelf.same(telling(*pair[1], 1))


def test_a_feed_that_repeats_its_headings_is_judged_by_its_texts() -> None:
    heading = "Det sker i vores by denne måned"
    one, other = telling(heading, PRESS, 1), telling(heading, HARBOUR, 1)
    assert not is_same(one, other)
    assert is_same(one, replace(other, source=2))


def test_the_shelf_finds_the_same_among_many_and_forgets() -> None:
    shelf: Shelf[int] = Shelf()
    for number in range(500):
        shelf.put(number, telling(f"Sag {number} om varme i kommunen", f"Det handler om {number} huse."))
    shelf.put(500, telling("Ny platform for energidata", PRESS))
    told = telling("Platform for energidata er åben", PRESS)
    assert shelf.same(told) == 500
    assert shelf.same(telling("Sag 7 om vand i kommunen", "Det handler om 7 huse.")) is None
    shelf.drop([500, 500, 999])
    assert shelf.same(told) is None
    assert len(shelf) == 500
