import csv
import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.exporting import csv_bytes, xlsx_bytes

NAMES = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


class Sheet:
    """The first sheet of a workbook, read from its XML."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.xml = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
            self.book = ET.fromstring(archive.read("xl/workbook.xml"))
            self.styles = ET.fromstring(archive.read("xl/styles.xml"))

    @property
    def name(self) -> str:
        return self.book.find("x:sheets/x:sheet", NAMES).attrib["name"]

    def cell(self, reference: str) -> ET.Element | None:
        return self.xml.find(f".//x:c[@r='{reference}']", NAMES)

    def text(self, reference: str) -> str:
        return "".join(self.cell(reference).itertext())

    def number(self, reference: str) -> float:
        cell = self.cell(reference)
        assert cell.get("t", "n") == "n"
        return float(cell.find("x:v", NAMES).text)

    def number_format(self, reference: str) -> str:
        style = self.styles.find("x:cellXfs", NAMES)[int(self.cell(reference).attrib["s"])]
        formats = {f.attrib["numFmtId"]: f.attrib["formatCode"] for f in self.styles.iter(f"{{{NAMES['x']}}}numFmt")}
        return formats[style.attrib["numFmtId"]]


def test_csv_is_utf8_with_a_byte_order_mark_and_crlf():
    content = csv_bytes(["Kommune", "Tal"], [["Ærø", 1]])
    assert content == b"\xef\xbb\xbf" + "Kommune,Tal\r\nÆrø,1\r\n".encode()


def test_csv_quotes_what_needs_it():
    row = ['a "b", c', "line\nbreak"]
    assert read_csv(csv_bytes(["x", "y"], [row]))[1] == row


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "＝1+1",
        "=",
        "-",
        "+45 12 34",
    ],
)
def test_a_text_that_looks_like_a_formula_is_neutralised(text):
    table = read_csv(csv_bytes([text], [[text]]))
    assert table == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (-5, "-5"),
        (-0.5, "-0.5"),
        (Decimal("-1E+3"), "-1000"),
        (Decimal("1.50"), "1.50"),
        ("-5", "-5"),
        ("+4512345678", "+4512345678"),
        ("-1,5", "-1,5"),
        (None, ""),
        (float("nan"), ""),
        (Decimal("Infinity"), ""),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2026-07-02T00:30:00+02:00"),
    ],
)
def test_numbers_and_dates_stay_what_they_are(cell, written):
    assert read_csv(csv_bytes(["x", "y"], [[cell, "end"]]))[1] == [written, "end"]


@given(st.text())
def test_no_text_begins_as_a_formula_or_breaks_the_file(text):
    table = read_csv(csv_bytes(["x", "y"], [[text, "end"]]))
    assert len(table) == 2
    first, last = table[1]
    assert last == "end"
    assert first[:1] not in set("=@\t\r\n") or first.startswith("'")


@pytest.mark.parametrize("render", [csv_bytes, lambda *table: xlsx_bytes("x", *table)])
def test_half_a_character_is_replaced_and_a_naive_moment_refused(render):
    assert render(["x"], [["\ud800"]])
    with pytest.raises(ValueError, match="naive"):
        render(["x"], [[datetime(2026, 1, 1)]])  # noqa: DTZ001


def test_a_workbook_types_its_cells():
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    sheet = Sheet(
        xlsx_bytes("Projekter", ["a", "b", "c", "d", "e"], [["=1+1", -5, Decimal("1.5"), date(2026, 3, 1), moment]])
    )
    assert sheet.name == "Projekter"
    assert sheet.text("A2") == "=1+1"
    assert sheet.cell("A2").find("x:f", NAMES) is None
    assert sheet.number("B2") == -5
    assert sheet.number("C2") == 1.5
    assert sheet.number("D2") == (date(2026, 3, 1) - date(1899, 12, 30)).days
    assert sheet.number_format("D2") == "yyyy-mm-dd"
    danish = datetime(2026, 7, 2, 0, 30) - datetime(1899, 12, 30)  # noqa: DTZ001
    assert sheet.number("E2") == pytest.approx(danish.total_seconds() / 86400)


def test_a_workbook_makes_no_link_of_an_address():
    content = xlsx_bytes("x", ["a"], [["https://a.example"], ["mailto:a@b.example"]])
    assert Sheet(content).xml.find("x:hyperlinks", NAMES) is None


def test_the_header_is_bold_and_frozen_and_filters_the_table():
    sheet = Sheet(xlsx_bytes("x", ["a", "b"], [["1", "2"], ["3", "4"]]))
    assert sheet.cell("A1").attrib["s"] != "0"
    assert sheet.xml.find(".//x:pane", NAMES).attrib["state"] == "frozen"
    assert sheet.xml.find("x:autoFilter", NAMES).attrib["ref"] == "A1:B3"


def test_what_excel_has_no_cell_for_is_left_out_or_written_as_text():
    row = [None, float("inf"), date(1800, 5, 1), 10**15, "x" * 40_000]
    sheet = Sheet(xlsx_bytes("x", list("abcde"), [row]))
    assert sheet.cell("A2") is None
    assert sheet.cell("B2") is None
    assert sheet.text("C2") == "1800-05-01"
    assert sheet.text("D2") == "1000000000000000"
    assert len(sheet.text("E2")) == 32_767


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("a/b: [c]?", "a b   c"),
        ("x" * 40, "x" * 31),
        ("''", "Sheet1"),
        ("", "Sheet1"),
        ("History", "Sheet1"),
    ],
)
def test_a_title_that_excel_refuses_is_altered(title, name):
    assert Sheet(xlsx_bytes(title, ["a"], [])).name == name


def test_the_same_rows_are_the_same_bytes():
    assert xlsx_bytes("x", ["a"], [["1"]]) == xlsx_bytes("x", ["a"], [["1"]])


def test_an_empty_table_is_a_file_too():
    assert read_csv(csv_bytes([], [])) == [[]]
    assert Sheet(xlsx_bytes("x", [], [])).name == "x"
