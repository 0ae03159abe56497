"""Reading CSV files: what is sound becomes rows, everything else a problem with its place."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portal.core import tables
from portal.core.tables import Column, Problem, Sheet, Table

TABLE = Table(
    "things.csv",
    (
        Column("id", tables.key(), required=True),
        Column("name", tables.text(10), required=True),
        Column("size", tables.number(0, 100)),
        Column("kind", tables.word({"big": 1, "small": 2})),
        Column("tags", tables.several(tables.text()), blank=()),
        Column("note", tables.text(), optional=True, blank=""),
    ),
    key=("id",),
)
HEADER = "id,name,size,kind,tags\n"


def read(tmp_path: Path, content: bytes | str) -> Sheet:
    (tmp_path / "things.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return tables.read(tmp_path / "things.csv", TABLE)


def problems(sheet: Sheet) -> list[str]:
    return [str(problem) for problem in sheet.problems]


def test_a_sound_row_is_read_with_the_blanks_of_its_columns(tmp_path):
    (row,) = read(tmp_path, HEADER + "a-1,Ærø,1.50,BIG,x; y;x\n").rows
    assert dict(row.values) == {
        "id": "a-1",
        "name": "Ærø",
        "size": Decimal("1.50"),
        "kind": 1,
        "tags": ("x", "y"),
        "note": "",
    }
    assert (row.key, row.line) == ("a-1", 2)


def test_a_byte_order_mark_is_not_part_of_the_first_column(tmp_path):
    sheet = read(tmp_path, b"\xef\xbb\xbf" + (HEADER + "a,A,,,\n").encode())
    assert [row.key for row in sheet.rows] == ["a"]


def test_a_file_that_is_not_utf8_is_one_problem_on_the_line_where_it_shows(tmp_path):
    sheet = read(tmp_path, (HEADER + "a,A,,,\nb,Ærø,,,\nc,Ørsted,,,\n").encode("latin-1"))
    assert problems(sheet) == ["things.csv:3: (file): is not UTF-8"]
    assert sheet.rows == []


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_says_so(tmp_path, content):
    assert problems(read(tmp_path, content)) == ["things.csv:1: (file): is empty"]


def test_a_file_that_is_not_there_is_a_problem(tmp_path):
    sheet = tables.read(tmp_path / "things.csv", TABLE)
    assert problems(sheet) == ["things.csv:1: (file): cannot be read: No such file or directory"]


def test_missing_and_repeated_columns_are_named_and_nothing_is_read(tmp_path):
    sheet = read(tmp_path, "id,id,size,kind,tags\na,b,,,\n")
    assert problems(sheet) == [
        "things.csv:1: name: this column is missing",
        "things.csv:1: id: this column is there twice",
    ]
    assert sheet.rows == []


def test_lines_are_those_of_an_editor_also_after_cells_of_several_lines(tmp_path):
    sheet = read(tmp_path, HEADER + 'a,"A\r\nB\nC",,,\n\nb,B,x,,\n')
    assert [row.line for row in sheet.rows] == [2]
    assert problems(sheet) == ["things.csv:6: size: is not a number: 'x'"]


def test_too_few_and_too_many_cells(tmp_path):
    assert problems(read(tmp_path, HEADER + "a,A\nb,B,,,,\n")) == [
        "things.csv:2: (row): has 2 columns instead of 5",
        "things.csv:3: (row): has 6 columns instead of 5",
    ]


def test_a_stray_quotation_mark_costs_its_own_row_only(tmp_path):
    sheet = read(tmp_path, HEADER + 'a,"A"x,,,\nb,B,,,\n')
    assert problems(sheet) == ["things.csv:2: (row): has a quotation mark that is not closed or not doubled"]
    assert [row.key for row in sheet.rows] == ["b"]


def test_an_open_quotation_mark_at_the_end_is_reported_where_it_begins(tmp_path):
    sheet = read(tmp_path, HEADER + 'a,A,,,\nb,"B,,,\nc,C,,,\n')
    assert problems(sheet) == ["things.csv:3: (row): has a quotation mark that is not closed or not doubled"]


def test_an_endless_cell_is_refused(tmp_path):
    assert problems(read(tmp_path, HEADER + f"a,{'x' * 200_000},,,\n")) == [
        "things.csv:2: (row): has a cell of more than 131072 characters"
    ]


def test_the_second_row_of_a_key_is_refused(tmp_path):
    sheet = read(tmp_path, HEADER + "a,A,,,\nb,B,,,\na,C,,,\n")
    assert problems(sheet) == ["things.csv:4: id: 'a' is already on line 2"]
    assert [row["name"] for row in sheet.rows] == ["A", "B"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("a,,,,", "name: is blank"),
        ("a,Elleve tegn,,,", "name: has 11 characters, at most 10 fit"),
        ("a,A\x00,,,", "name: holds the control character U+0000"),
        ("A b,A,,,", "id: is not an id of a-z, 0-9 and hyphens: 'A b'"),
        ('a,A,"1,5",,', "size: is not a number: '1,5'"),
        ("a,A,1e3,,", "size: is not a number: '1e3'"),
        ("a,A,-1,,", "size: is less than 0: -1"),
        ("a,A,100.1,,", "size: is more than 100: 100.1"),
        ("a,A,,huge,", "kind: is not one of big, small: 'huge'"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(tmp_path, cells, expected):
    assert problems(read(tmp_path, f"{HEADER}{cells}\n")) == [f"things.csv:2: {expected}"]


def test_every_bad_cell_of_a_row_is_told_at_once(tmp_path):
    assert len(problems(read(tmp_path, HEADER + "a,,x,huge,\n"))) == 3


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (tables.day, "2026-02-28", "2026-02-28"),
        (tables.partial_date, "2026-02", "2026-02"),
        (tables.whole(0), "0042", 42),
        (tables.address, "https://energipåtværs.dk/a?b=c", "https://energipåtværs.dk/a?b=c"),
        (tables.addresses, "https://a.dk ; http://b.dk", "https://a.dk ; http://b.dk"),
    ],
)
def test_readers_read(reader, cell, value):
    assert reader(cell) == value or str(reader(cell)) == value


@pytest.mark.parametrize(
    ("reader", "cell", "reason"),
    [
        (tables.day, "2026-02-30", "is not a date (year-month-day): '2026-02-30'"),
        (tables.day, "2026-02", "is not a date (year-month-day): '2026-02'"),
        (tables.day, "２０２６-02-03", "is not a date (year-month-day): '２０２６-02-03'"),
        (tables.partial_date, "2026-13", "is not a date (year, year-month or year-month-day): '2026-13'"),
        (tables.whole(), "1.0", "is not a whole number: '1.0'"),
        (tables.whole(), "9" * 12, f"is more than 2147483647: {'9' * 12}"),
        (tables.address, "javascript:alert(1)", "is not a web address: 'javascript:alert(1)'"),
        (tables.address, "http://[", "is not a web address: 'http://['"),
        (tables.address, "www.kk.dk", "is not a web address: 'www.kk.dk'"),
        (tables.addresses, "https://a.dk ; x", "is not a web address: 'x'"),
    ],
)
def test_readers_refuse(reader: Any, cell: str, reason: str):
    with pytest.raises(ValueError) as refused:
        reader(cell)
    assert str(refused.value) == reason


def test_a_digest_hears_what_a_row_says_not_how_it_is_spelled(tmp_path):
    (one,) = read(tmp_path, HEADER + "a,A,1.50,big,x;y\n").rows
    (same,) = read(tmp_path, "tags,kind,size,name,id,note,else\nx ; y,BIG,1.5,A,a,,unknown column\n").rows
    (other,) = read(tmp_path, HEADER + "a,A,1.51,big,x;y\n").rows
    assert one.digest() == same.digest()
    assert len({one.digest(), other.digest(), one.digest("more")}) == 3


def test_what_is_written_is_read_again(tmp_path):
    rows = [{"id": "a", "name": 'Æ "B",\nC', "size": Decimal("2.50"), "kind": None, "tags": ("x", "y")}]
    tables.write(tmp_path / "things.csv", [column.name for column in TABLE.columns], rows)
    (row,) = tables.read(tmp_path / "things.csv", TABLE).rows
    assert (row["name"], row["size"], row["kind"], row["tags"]) == ('Æ "B",\nC', Decimal("2.5"), None, ("x", "y"))


def test_problems_sort_by_place():
    assert min(Problem("b", 1, "", ""), Problem("a", 2, "", "")).file == "a"
