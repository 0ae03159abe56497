"""A framework of two dimensions and three municipalities, whose assessments a test makes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from portal.core import generations
from portal.core.db import db
from portal.progress.models import Assessment, Basis, Dimension, Framework, StageMeaning, State
from portal.progress.operations import KIND


@pytest.fixture
def places(make: Any) -> list[Any]:
    return [make.municipality(name) for name in ("Ballerup", "Vejle", "Aarhus")]


@pytest.fixture
def dimensions(make: Any) -> SimpleNamespace:
    """`data` and `mobility`, by the version that is in force from 1 November 2026."""
    with make.writing():
        framework = Framework(version="2026-1", valid_from=date(2026, 11, 1))
        db.session.add(framework)
        db.session.flush()
        found = {}
        for position, (slug, en, da) in enumerate((("data", "Data", "Data"), ("mobility", "Mobility", "Mobilitet"))):
            found[slug] = Dimension(
                framework_id=framework.id,
                slug=slug,
                position=position,
                name_en=en,
                name_da=da,
                asks_en=f"How far is {en}?",
                asks_da=f"Hvor langt er {da}?",
                stages=[StageMeaning(stage=one, meaning_en=f"E{one}", meaning_da=f"D{one}") for one in range(5)],
            )
        db.session.add_all(found.values())
        generations.bump(KIND)
    return SimpleNamespace(**found)


@pytest.fixture
def judge(make: Any) -> Callable[..., Assessment]:
    """`judge(place, dimension, stage, when, until=…)` puts an assessment in force and ends the one before it."""

    def put(place: Any, dimension: Any, stage: int | None, when: datetime, **given: Any) -> Assessment:
        with make.writing():
            for before in db.session.query(Assessment).filter_by(
                municipality_id=place.id, dimension_id=dimension.id, state=State.PUBLISHED
            ):
                before.state, before.superseded_at = State.SUPERSEDED, when
            db.session.flush()
            until = given.pop("until", when.date() + timedelta(days=1461))
            made = Assessment(
                municipality_id=place.id,
                dimension_id=dimension.id,
                stage=stage,
                state=State.PUBLISHED,
                published_at=when,
                assessed_on=when.date(),
                valid_until=until,
                **{"basis": Basis.STAFF, **given},
            )
            db.session.add(made)
            generations.bump(KIND)
        return made

    return put
