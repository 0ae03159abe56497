from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.dates import PartialDate, Precision

dates = st.builds(PartialDate, st.dates(), st.sampled_from(Precision)).map(str)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2024", date(2024, 1, 1), Precision.YEAR),
        ("2024-05", date(2024, 5, 1), Precision.MONTH),
        ("2024-02-29", date(2024, 2, 29), Precision.DAY),
    ],
)
def test_a_date_is_as_precise_as_its_text(text, day, precision):
    assert PartialDate.parse(text) == PartialDate(day, precision)


@given(dates)
def test_what_is_read_is_written_the_same(text):
    assert str(PartialDate.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "-", "24", "2024-", "2024-5", "2024-13", "2023-02-29", "2024-05-31-01", "0000", "20240531", "2024/05", " 2024",
     "-2024", "+202", "2024-0x", "٢٠٢٤", "２０２４-０５"],
)  # fmt: skip
def test_anything_else_is_not_a_date(text):
    with pytest.raises(ValueError):
        PartialDate.parse(text)


@given(st.text(alphabet="0123456789-Q ", max_size=11))
def test_text_is_read_faithfully_or_refused(text):
    with suppress(ValueError):
        assert str(PartialDate.parse(text)) == text


def test_dates_are_ordered_by_their_first_day():
    texts = ["2023-12-31", "2024", "2024-05", "2024-05-02", "2025"]
    assert sorted(texts, key=PartialDate.parse) == texts


def test_two_columns_make_a_date_or_none():
    assert PartialDate.of(date(2024, 5, 1), Precision("month")) == PartialDate.parse("2024-05")
    assert PartialDate.of(None, Precision.DAY) is None
