"""Numbers as people write them, in each language."""

from decimal import Decimal

import pytest

from portal.core.numbers import parse

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    ("written", "danish", "english"),
    [
        ("1.234,50", "1234.50", "1234.50"),
        ("1,234.50", "1234.50", "1234.50"),
        ("1.234", "1234", "1.234"),
        ("1,234", "1.234", "1234"),
        ("1.234.567", "1234567", "1234567"),
        ("1,234,567", "1234567", "1234567"),
        ("1 234 567,8", "1234567.8", "1234567.8"),
        ("1\u00a0234", "1234", "1234"),
        ("1,5", "1.5", "1.5"),
        ("1.5", "1.5", "1.5"),
        ("0.123", "0.123", "0.123"),
        ("−5", "-5", "-5"),
        ("-1.234,5", "-1234.5", "-1234.5"),
        ("007", "7", "7"),
    ],
)
def test_what_can_be_read_is_read(written: str, danish: str, english: str) -> None:
    assert parse(written, "da") == Decimal(danish)
    assert parse(written, "en") == Decimal(english)


@pytest.mark.parametrize(
    "written", ["", "-", "1,", ",5,", "12,34,56", "1.23.4", "1.234,5.6", "1e5", "١٢", "NaN", "inf"]
)
def test_what_is_no_number_is_refused_in_both(written: str) -> None:
    for language in ("da", "en"):
        with pytest.raises(ValueError):
            parse(written, language)
