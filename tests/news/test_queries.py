"""What other pages ask about news."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.core import clock, listing
from portal.core.permissions import VISITOR
from portal.core.themes import Theme
from portal.news import queries
from portal.news.models import State
from portal.partners.models import PartnerType
from portal.projects.models import Visibility

HOUR = timedelta(hours=1)


def _slugs(rows: Any) -> list[str]:
    return [row.slug for row in rows]


def test_news_of_a_partner_a_project_and_a_municipality(app: Any, make: Any) -> None:
    town = make.municipality("Albertslund")
    council = make.partner("Albertslund Kommune", type=PartnerType.MUNICIPALITY, municipality_id=town.id)
    project = make.project("DOLL")
    older = make.article("Older", partners=[council], publish_at=datetime(2020, 1, 1, tzinfo=UTC))
    newer = make.article("Newer", projects=[project], municipalities=[town])
    written = make.article("Written", author_id=council.id, publish_at=None)
    make.article("Elsewhere")
    with app.app_context():
        assert _slugs(queries.of_partner(council.id, VISITOR)) == [older.slug, written.slug]
        assert _slugs(queries.of_project(project.id, VISITOR)) == [newer.slug]
        assert _slugs(queries.of_municipality(town.id, VISITOR)) == [newer.slug, older.slug]
        assert _slugs(queries.of_partner(council.id, VISITOR, limit=1)) == [older.slug]


def test_the_latest_leaves_out_what_is_archived_hidden_or_to_come(app: Any, make: Any) -> None:
    now = clock.now()
    shown = make.article("Shown", publish_at=now - HOUR)
    make.article("Archived", state=State.ARCHIVED)
    make.article("Draft", state=State.DRAFT)
    make.article("Tomorrow", state=State.SCHEDULED, publish_at=now + HOUR)
    make.article("Expired", publish_at=now - 2 * HOUR, expire_at=now - HOUR)
    with app.app_context():
        assert _slugs(queries.latest(VISITOR, 5)) == [shown.slug]


def test_the_year_is_that_of_danish_calendars(app: Any, make: Any) -> None:
    make.article("New year", publish_at=clock.start_of(datetime(2020, 1, 1, tzinfo=UTC).date()))
    make.article("Last evening", publish_at=datetime(2019, 12, 31, 22, 59, 59, tzinfo=UTC))
    make.article("Summer", publish_at=datetime(2020, 7, 1, tzinfo=UTC))
    make.article("Undated", publish_at=None)
    with app.test_request_context("/en/"):
        found = queries.listing_of(listing.read(queries.PLAN, [("year", "2020")]), VISITOR, "/en/news")
        assert {row.slug for row in found.items} == {"new-year", "summer"}
        years = next(facet for facet in found.facets if facet.name == "year")
        assert [(option.value, option.count) for option in years.options] == [("2020", 2), ("2019", 1)]


def test_counts_are_those_of_counting_by_hand(app: Any, make: Any) -> None:
    partners = make.partners(3)
    hidden = make.project("Hidden", visibility=Visibility.MEMBERS)
    themes = list(Theme)
    for n in range(12):
        make.article(
            themes=themes[n % 3 : n % 3 + 2],
            partners=partners[: n % 4],
            projects=[hidden],
            title_da="Dansk" if n % 2 else "",
            state=State.DRAFT if n == 11 else State.PUBLISHED,
        )
    with app.test_request_context("/en/"):
        everything = queries.listing_of(listing.read(queries.PLAN, []), VISITOR, "/en/news")
        assert everything.total == 11
        for facet in everything.facets:
            for option in facet.options:
                choice = listing.read(queries.PLAN, [(facet.name, option.value)])
                assert option.count == len(queries.all_of(choice, VISITOR)), (facet.name, option.value)
        # A project that visitors may not see does not turn up as a filter either.
        assert not next(facet for facet in everything.facets if facet.name == "project").options


def test_moments_are_the_last_and_the_next_by_time_alone(app: Any, make: Any) -> None:
    now = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    with app.app_context():
        assert queries.moments(now) == (None, None)
    make.article(publish_at=now - 5 * HOUR, expire_at=now + 9 * HOUR)
    make.article(publish_at=now - 2 * HOUR)
    make.article(state=State.SCHEDULED, publish_at=now + 3 * HOUR)
    make.article(state=State.DRAFT, publish_at=now + HOUR)
    make.article(publish_at=None)
    with app.app_context():
        assert queries.moments(now) == (now - 2 * HOUR, now + 3 * HOUR)
        assert queries.moments(now + 4 * HOUR) == (now + 3 * HOUR, now + 9 * HOUR)


def test_more_on_the_theme_begins_with_what_has_most_in_common(app: Any, make: Any) -> None:
    article = make.article(themes=[Theme.ENERGY, Theme.DATA])
    one = make.article("One", themes=[Theme.DATA], publish_at=datetime(2026, 5, 1, tzinfo=UTC))
    both = make.article("Both", themes=[Theme.DATA, Theme.ENERGY], publish_at=datetime(2020, 5, 1, tzinfo=UTC))
    make.article("Other", themes=[Theme.WATER])
    with app.app_context():
        read = queries.by_slug(article.slug, VISITOR)
        assert _slugs(queries.on_theme(read, VISITOR)) == [both.slug, one.slug]


@pytest.mark.parametrize("language", ["da", "en"])
def test_search_holds_what_a_visitor_may_read(app: Any, make: Any, language: str) -> None:
    from portal.news.search import source

    partner, hidden = make.partner("Gate 21"), make.partner("Secret", state="suggested")
    article = make.article(
        **{f"title_{language}": "Varme", f"body_{language}": "**Fed** tekst"}, partners=[partner, hidden]
    )
    draft = make.article("Draft", state=State.DRAFT)
    with app.app_context():
        [document] = source.documents(None)
        assert document.key == f"article:{article.id}"
        assert getattr(document, f"title_{language}") == "Varme"
        assert getattr(document, f"body_{language}") == "Fed tekst\nGate 21"
        assert document.partners == ("gate-21",)
        assert document.years == (2026,)
        assert list(source.documents([draft.id])) == []
        assert source.visible([article.id, draft.id], VISITOR) == {article.id}
        assert source.versions() == {article.id: 1}
