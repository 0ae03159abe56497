"""Files as people send them, and as people should not."""

import io
import struct
import zipfile
import zlib
from typing import Any

from openpyxl import Workbook
from PIL import Image
from werkzeug.datastructures import FileStorage

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
MAIN = {
    "docx": "wordprocessingml.document",
    "xlsx": "spreadsheetml.sheet",
    "pptx": "presentationml.presentation",
}
ODF = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def office(ending: str, **more: bytes) -> bytes:
    """A small Office file; `more` are further entries, named with `__` for a slash and `_` for a dot."""
    if ending in ODF:
        entries = {"mimetype": f"application/vnd.oasis.opendocument.{ODF[ending]}".encode(), "content.xml": b"<x/>"}
    else:
        kind = f"application/vnd.openxmlformats-officedocument.{MAIN[ending]}.main+xml"
        entries = {"[Content_Types].xml": f'<Types><Override ContentType="{kind}"/></Types>'.encode()}
    named = {name.replace("__", "/").replace("_", "."): content for name, content in more.items()}
    return zipped({**entries, **named})


def zipped(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in entries.items():
            container.writestr(name, content)
    return made.getvalue()


def picture(format_: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, format_, **options)
    return made.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A tiny PNG whose header promises a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chosen(content: bytes, name: str) -> FileStorage:
    """What a form is sent when a file was chosen."""
    return FileStorage(io.BytesIO(content), filename=name)


def workbook(*rows: list[Any]) -> bytes:
    """An Excel file with these rows."""
    return workbooks({"Sheet": list(rows)})


def workbooks(sheets: dict[str, list[list[Any]]]) -> bytes:
    """An Excel file with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
