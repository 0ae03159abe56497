"""How alike municipalities are: reckoned by hand, and as readers may weigh it."""

from decimal import Decimal
from math import e, isclose, sqrt

import pytest

from portal.core import clock
from portal.municipalities.peers import queries, weights
from portal.municipalities.peers.distance import EVEN, Distances, Measure

GROWTH, REGION, GROUP, AREA = Measure.GROWTH, Measure.REGION, Measure.GROUP, Measure.AREA
# Growth 1, 3, 5: the squared differences of the pairs are 4, 4 and 16, on average 8.
# Region: of three pairs two differ, on average 2/3. Group: only two are known, and they are alike, on average 0.
THREE = Distances(
    {
        1: {GROWTH: 1.0, REGION: "west", GROUP: "town"},
        2: {GROWTH: 3.0, REGION: "west", GROUP: "town"},
        3: {GROWTH: 5.0, REGION: "east"},
    }
)


def test_the_distance_is_what_it_is_by_hand():
    assert (THREE.usual[GROWTH], round(THREE.usual[REGION], 6), THREE.usual[GROUP]) == (8, 0.666667, 0)
    only = {**dict.fromkeys(Measure, 0.0), GROWTH: 1.0, REGION: 1.0, GROUP: 1.0}
    near = THREE.nearest(1, only)
    # To 2: growth 4/8, region 0, group 0, by three measures. To 3: growth 16/8, region 1/(2/3), by two.
    assert [peer.id for peer in near] == [2, 3]
    assert isclose(near[0].distance, sqrt((0.5 + 0 + 0) / 3))
    assert isclose(near[1].distance, sqrt((2 + 1.5) / 2))
    assert (near[0].compared, near[1].compared) == ([GROWTH, REGION, GROUP], [GROWTH, REGION])
    # Growth counts three times: (3 × 0.5) / 5 and (3 × 2 + 1.5) / 4.
    heavy = THREE.nearest(1, {**only, GROWTH: 3.0})
    assert isclose(heavy[0].distance, sqrt(1.5 / 5))
    assert isclose(heavy[1].distance, sqrt(7.5 / 4))


def test_who_is_known_by_less_than_half_is_not_compared():
    assert [peer.id for peer in THREE.nearest(1)] == [2]  # of six measures 3 shares two with 1
    assert THREE.nearest(99) == []
    assert Distances({}).nearest(1) == []
    alone = Distances({1: {GROWTH: 1.0, REGION: "west", AREA: 2.0}})
    assert (alone.usual[GROWTH], alone.nearest(1)) == (0, [])


@pytest.mark.parametrize(
    ("written", "population", "wrong", "is_nothing"),
    [
        ({}, 1, 0, False),
        ({"population": "2"}, 2, 0, False),
        ({"population": ""}, 1, 0, False),
        ({"population": "lots", "area": "-1", "growth": "9"}, 1, 3, False),
        ({measure.value: "0" for measure in Measure}, 1, 0, True),
        ({"alchemy": "3"}, 1, 0, False),
    ],
)
def test_weights_are_read_from_the_address(written, population, wrong, is_nothing):
    asked = weights.read(written)
    assert (asked.weights[Measure.POPULATION], len(asked.wrong), asked.is_nothing) == (population, wrong, is_nothing)
    assert asked.query == ({"population": population} if population != 1 else {})


def test_a_page_tells_who_is_alike_by_what_is_known(app, client, make, register):
    with app.app_context():
        known = queries.register(clock.today())
    aarhus, ballerup, aeroe, copenhagen = (place.id for place in register.places)
    # Of Ærø only the region is known. Population 300, 200, 900: as a logarithm; density 30, 10 and 30.
    assert isclose(known.distances.profiles[aarhus][Measure.POPULATION], 5.703782, abs_tol=1e-6)
    assert isclose(e ** known.distances.profiles[ballerup][Measure.DENSITY], 10)
    assert known.unknown[Measure.AREA] == 1
    assert known.nearest(aeroe) == []
    assert [peer.id for peer in known.nearest(aarhus)] == [ballerup, copenhagen]
    page = client.page("/en/municipalities/aarhus/peers")
    assert "2 municipalities can be compared with Aarhus" in page.text
    assert "by 4 of 6" in page.text
    assert "Population: 1 municipality" in page.text
    weighed = client.page("/en/municipalities/aarhus/peers?region=0&growth=0&group=0&population=0&area=0&density=3")
    assert weighed.text.index("Copenhagen") < weighed.text.index("Ballerup")
    assert (
        "“lots” is no weight that we know; Area, km² counts as usual."
        in client.page("/en/municipalities/aarhus/peers?area=lots").text
    )
    nothing = "&".join(f"{one}=0" for one in Measure)
    assert "Something has to count." in client.page(f"/en/municipalities/aarhus/peers?{nothing}").text
    assert "Too little is known of Ærø" in client.page("/en/municipalities/aeroe/peers").text
    assert "Too little is known of Ærø" in client.page("/en/municipalities/aeroe").text
    client.page("/en/municipalities/atlantis/peers", status=404)
    assert set(EVEN) == set(Measure)


def test_the_register_is_read_once_for_each_state_of_the_data(app, client, make, register, count_queries):
    path = "/en/municipalities/aarhus/peers"
    client.get(path)
    with count_queries() as seen:
        client.get(path)
    assert [one for one in seen if "population_growth" in one] == []
    make.municipality("Odder", population=280, area_km2=Decimal("9.5"))
    assert "Odder" in client.page(path).text
