"""What templates can say: dates, numbers and words in the page's language."""

from collections.abc import Callable, Hashable, MutableMapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask, json, request
from flask.templating import Environment
from jinja2 import StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from wtforms import Field

from portal.core import assets, bilingual, clock, differences, forms, generations, kept, richtext, web
from portal.core.bilingual import Language, Shown, is_stale, text_of
from portal.core.dates import PartialDate, Precision
from portal.core.labels import label
from portal.core.texts import gettext, ngettext

LOCALES: dict[Language, str] = {"da": "da_DK", "en": "en_GB"}
FORMATTED = 4096  # dates and sums that are remembered as they are written: most come again and again
LENIENCY = 5
SKELETONS = {Precision.DAY: "long", Precision.MONTH: "MMMM y", Precision.YEAR: "y"}


class Templates(Environment):
    """Flask's templates, all with the same globals."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # Jinja lets each template have globals of its own and looks them up in two dictionaries,
        # in Python, for each name of each import. Ours have none.
        return self.globals if d is None else super().make_globals(d)


def locale() -> str:
    """The Babel locale of the page's language."""
    return LOCALES[bilingual.chosen()]


def day(value: date | datetime) -> str:
    """22. november 2026, 22 November 2026; moments by the Danish calendar."""
    if isinstance(value, datetime):
        value = value.astimezone(clock.COPENHAGEN).date()
    return _date(value, "long", locale())


def partial_date(value: PartialDate) -> str:
    """A date as exactly as it is known: a day, a month or a year."""
    return _date(value.day, SKELETONS[value.precision], locale())


def date_part(value: date, pattern: str) -> str:
    """A part of a date by its CLDR pattern: `EEEE` is the weekday, `MMM` the short month."""
    return _date(value, pattern, locale())


@lru_cache(maxsize=FORMATTED)
def _date(value: date, pattern: str, locale: str) -> str:
    return str(format_date(value, format=pattern, locale=locale))


def moment(value: datetime, zone: str = "Europe/Copenhagen") -> str:
    """Weekday, date and time of day in a zone."""
    pattern = "EEEE d. MMMM y 'kl.' HH.mm" if bilingual.chosen() == "da" else "EEEE d MMMM y, HH:mm"
    return str(format_datetime(value, pattern, tzinfo=ZoneInfo(zone), locale=locale()))


def clock_time(value: datetime, zone: str = "Europe/Copenhagen") -> str:
    """The time of day in a zone: 14.30, 14:30."""
    pattern = "HH.mm" if bilingual.chosen() == "da" else "HH:mm"
    return str(format_datetime(value, pattern, tzinfo=ZoneInfo(zone), locale=locale()))


def lasting(seconds: int) -> str:
    """How long something takes, in whole minutes or hours, never less than it does: 12 minutter, 2 hours."""
    unit = 60 if seconds <= 3600 else 3600
    whole = timedelta(seconds=-(-seconds // unit) * unit)
    return str(format_timedelta(whole, "hour" if unit == 3600 else "minute", threshold=100, locale=locale()))


def number(value: Decimal | float, decimals: int | None = None) -> str:
    """A number with the language's separators; `decimals` fixes how many follow the point."""
    return _number(value, decimals, locale())


@lru_cache(maxsize=FORMATTED)
def _number(value: Decimal | float, decimals: int | None, locale: str) -> str:
    pattern = "#,##0.####" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale))


def field_in_words(field: Field, value: Any) -> str:
    """A field's value as a reader knows it: days and figures as they are written, choices by their labels."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(value)
    return number(value) if isinstance(value, Decimal) else forms.in_words(field, value)


def money(value: Decimal | float, currency: str) -> str:
    """An amount with its currency code; whole units."""
    return _money(value, currency, locale())


@lru_cache(maxsize=FORMATTED)
def _money(value: Decimal | float, currency: str, locale: str) -> str:
    return str(format_currency(value, currency, format="#,##0 ¤¤", locale=locale, currency_digits=False))


def year_fraction(value: date, ends: bool = False) -> float:
    """A date on an axis of years: 2019.5 is mid-2019; one that `ends` counts its month to the end."""
    return float(value.year + 1) if ends and (value.month, value.day) == (1, 1) else value.year + (value.month - 1) / 12


def text(subject: Any, pair: str) -> Shown:
    """A da/en pair of a model or a row, as the reader of this page gets it."""
    return text_of(subject, pair)


def markdown(source: str | Shown) -> Markup:
    """Our own Markdown as safe HTML."""
    return richtext.markdown(str(source))


def shortened(url: str, limit: int = 48) -> str:
    """A web address as readers know it, cut where it is long; for the words of a link."""
    for needless in ("https://", "http://", "www."):
        url = url.replace(needless, "")
    return url if len(url) <= limit + LENIENCY else f"{url[: limit - 3]}..."


def in_script(value: Any) -> Markup:
    """JSON as it may stand in a script element: what Jinja's `tojson` writes."""
    return htmlsafe_json_dumps(value, json.dumps)


def remembered(key: Hashable, macro: Callable[..., str], *arguments: Any) -> str:
    """What a macro renders, kept for each state of the content: for the part that many pages share."""
    return generations.remembered(key, lambda: macro(*arguments))


def unchanging(key: Hashable, macro: Callable[..., str], *arguments: Any) -> str:
    """What a macro renders that depends on the language and `key` alone, kept as long as the process lives."""
    known = _unchanging.get((bilingual.chosen(), key))
    if known is None:
        known = _unchanging[bilingual.chosen(), key] = macro(*arguments)
    return known


_unchanging: dict[tuple[Language, Hashable], str] = {}


def install(app: Flask, menu: Sequence[tuple[str, Any]]) -> None:
    """Give every template its filters and the few things each page shows."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    for words in (
        day,
        partial_date,
        date_part,
        moment,
        clock_time,
        lasting,
        number,
        money,
        year_fraction,
        text,
        is_stale,
        markdown,
        shortened,
        label,
    ):
        env.filters[words.__name__] = words
    env.globals.update(
        _=gettext,
        gettext=gettext,
        ngettext=ngettext,
        url_for=web.path_for,
        remembered=remembered,
        unchanging=unchanging,
        # A release's files do not change while it runs; in development they do.
        static=assets.url if app.config["PORTAL_ENV"] == "development" else lru_cache(maxsize=256)(assets.url),
        absolute=web.absolute,
        address=web.address,
        languages=bilingual.LANGUAGES,
        other_language=lambda: bilingual.other(bilingual.chosen()),
        language_names=web.LANGUAGE_NAMES,
        draft_here=lambda: kept.draft_at(request.path),
        draft_place=f"?{kept.ASKED}={kept.DRAFT}",
        word_changes=differences.words,
        in_words=field_in_words,
        sent_values=forms.sent_values,
    )

    def main_menu() -> list[dict[str, Any]]:
        here = f"{request.url_rule.rule}/" if request.url_rule else ""
        return [
            {
                "endpoint": endpoint,
                "url": web.path_for(endpoint),
                "label": name,
                "active": any(here.startswith(f"{rule.rule}/") for rule in app.url_map.iter_rules(endpoint)),
            }
            for endpoint, name in menu
        ]

    @app.context_processor
    def page() -> dict[str, Any]:
        return {
            "language": bilingual.chosen(),
            "alternates": web.alternates(),
            "today": clock.today(),
            "menu": main_menu,
            "me": web.actor(),
            "messages": web.messages,
        }
