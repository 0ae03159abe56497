"""Tables that people upload: every spelling of one is read alike, what is none is refused with a reason."""

import io
import zipfile

import pytest

from portal.core import sheets
from portal.core.sheets import Trouble, Unreadable
from tests.uploads import workbook, workbooks


@pytest.mark.parametrize(
    "content",
    [
        "Navn;Type\nÆrø Færge;virksomhed\n".encode("latin-1"),
        "Navn;Type\nÆrø Færge;virksomhed\n".encode("utf-8-sig"),
        "Navn\tType\nÆrø Færge\tvirksomhed\n".encode("utf-16"),
        'Navn,Type\r\n"Ærø Færge",virksomhed\r\n'.encode(),
        workbook(["Navn", "Type"], ["Ærø Færge", "virksomhed"], [None, None]),
    ],
    ids=["latin-1", "utf-8 with mark", "utf-16", "commas", "workbook"],
)
def test_every_spelling_of_a_file_is_read_alike(content: bytes) -> None:
    read = sheets.read(content)
    assert read.header == ["Navn", "Type"]
    assert [cells for _line, cells in read.rows] == [["Ærø Færge", "virksomhed"]]


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", Trouble.EMPTY),
        (b"  \n", Trouble.EMPTY),
        (b"name;type\n", Trouble.EMPTY),
        (b"\xd0\xcf\x11\xe0 old", Trouble.OLD_WORKBOOK),
        (b"PK\x03\x04 broken", Trouble.DAMAGED),
        (b"%PDF-1.7\n1 0 obj\n", Trouble.NOT_A_TABLE),
        (b"<!DOCTYPE html><table><tr><td>Navn</table>\n\n", Trouble.NOT_A_TABLE),
        (b"\x7fELF\x00\x00 a program", Trouble.NOT_A_TABLE),
        (b'name\n"open', Trouble.DAMAGED),
        (b"x" * (sheets.MAX_BYTES + 1), Trouble.TOO_LARGE),
        (b"name\n" + b"a\n" * (sheets.MAX_ROWS + 1), Trouble.TOO_MANY_ROWS),
        (b";".join(b"%d" % n for n in range(100)) + b"\na\n", Trouble.TOO_MANY_COLUMNS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.sqlite_only
def test_a_file_that_is_no_table_is_refused(content: bytes, trouble: Trouble) -> None:
    with pytest.raises(Unreadable) as refused:
        sheets.read(content)
    assert refused.value.trouble is trouble


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "content",
    [
        b"sep=;\r\nNavn;Type\r\nVejle, by;kommune\r\n",
        b"Partnerliste;\r\n;\r\nNavn;Type\r\nVejle, by;kommune\r\n",
        workbooks({"Forside": [], "Data": [["Udtrukket i dag"], ["Navn", "Type"], ["Vejle, by", "kommune"]]}),
        workbooks({"Vejledning": [["Udfyld arket"]], "Data": [["Navn", "Type"], ["Vejle, by", "kommune"]]}),
    ],
    ids=["separator told", "title above", "title and empty cover", "guide before"],
)
def test_a_list_is_found_below_its_title_and_behind_its_cover(content: bytes) -> None:
    read = sheets.read(content, lambda cells: len({"Navn", "Type"} & set(cells)))
    assert read.header == ["Navn", "Type"]
    assert [cells for _line, cells in read.rows] == [["Vejle, by", "kommune"]]


@pytest.mark.sqlite_only
def test_a_bomb_is_not_unpacked() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MAX_UNPACKED + 1))
    with pytest.raises(Unreadable) as refused:
        sheets.read(target.getvalue())
    assert refused.value.trouble is Trouble.TOO_LARGE
