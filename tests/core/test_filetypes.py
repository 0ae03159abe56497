"""A file is what is in it, and nothing that can act is taken, whatever it is called."""

import io

import pytest
from PIL import Image

from portal.core import bilingual, filetypes
from portal.core.filetypes import Refused, cleaned_name, recognise
from tests.uploads import PDF, office, picture, png_that_claims, zipped

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "plan.pdf"),
        *((office(ending), f"plan.{ending}") for ending in ("docx", "xlsx", "pptx", "odt", "ods", "odp")),
        ("a;b\næ;ø\n".encode(), "figures.csv"),
        ("\ufeffÅben tekst".encode(), "notes.txt"),
        (picture("PNG"), "map.png"),
        (picture("JPEG"), "photo.jpeg"),
        (picture("WEBP"), "photo.webp"),
    ],
)
def test_what_people_work_with_is_taken(content: bytes, name: str) -> None:
    found = recognise(content, name)
    assert found.name == name
    assert name.rpartition(".")[2] in filetypes.ENDINGS[found.media_type]


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "empty.pdf", "empty"),
        (b"<!doctype html><script>alert(1)</script>", "plan.pdf", "Web pages"),
        (b"  <svg xmlns='x'><script>alert(1)</script></svg>", "drawing.png", "Web pages"),
        (b"#!/bin/sh\nrm -rf /", "run.txt", "scripts"),
        (PDF, "plan.docx", "content is something else"),
        (PDF, "plan", "content is something else"),
        (b"%PDF-1.7\n<html><script>alert(1)</script></html>", "plan.pdf", "damaged"),
        (PDF + zipped({"META-INF/MANIFEST.MF": b"x"}), "plan.pdf", "another archive"),
        (b"MZ\x90\0program", "plan.pdf", "Files of this kind"),
        ("æøå".encode("latin-1"), "old.txt", "Files of this kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old.doc", "old or a locked Office file"),
        (zipped({"readme.txt": b"hello"}), "archive.zip", "Files of this kind"),
        (office("docx"), "plan.docm", "content is something else"),
        (office("docx", word__vbaProject_bin=b"x"), "plan.docx", "macros"),
        (office("docx", word__activeX__activeX1_xml=b"x"), "plan.docx", "macros"),
        (office("ods", Basic__Standard__Module1_xml=b"x"), "plan.ods", "macros"),
        (office("docx", word__embeddings__more_zip=b"PK"), "plan.docx", "another archive"),
        (
            zipped({"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}),
            "a.docx",
            "macros",
        ),
        (zipped({"../../etc/passwd": b"x", "mimetype": b"x"}), "plan.odt", "damaged"),
        (office("docx")[:40], "plan.docx", "damaged"),
        (office("docx", bomb_xml=b"\0" * 30_000_000), "plan.docx", "unpacks"),
        (zipped({f"{n}.xml": b"" for n in range(5001)}), "plan.docx", "unpacks"),
        (png_that_claims(50_000, 50_000), "huge.png", "too many pixels"),
        (picture()[:60], "cut.png", "damaged"),
        (b"GIF89a/*\x00\x00*/=1;alert(1)", "picture.gif", "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_act_or_lies_is_refused_with_a_reason(app: object, content: bytes, name: str, why: str) -> None:
    with bilingual.speaking("en"), pytest.raises(Refused, match=why):
        recognise(content, name)


def test_a_picture_keeps_neither_place_nor_time_nor_anything_behind_the_pixels() -> None:
    exif = Image.Exif()
    exif[0x0110] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    found = recognise(picture("JPEG", exif=exif) + b"<script>alert(1)</script>", "photo.jpg")
    assert b"<script" not in found.content
    assert b"Camera" not in found.content
    with Image.open(io.BytesIO(found.content)) as drawn:
        assert dict(drawn.getexif()) == {}


def test_a_picture_that_is_also_a_script_becomes_only_a_picture() -> None:
    both = picture("GIF") + b"*/=1;alert(document.domain)"
    found = recognise(both, "both.gif")
    assert (found.media_type, found.name) == ("image/png", "both.png")
    assert b"alert" not in found.content


def test_a_large_picture_is_made_smaller() -> None:
    found = recognise(picture("PNG", size=(5000, 100)), "wide.png")
    with Image.open(io.BytesIO(found.content)) as drawn:
        assert drawn.size == (4000, 80)


def test_a_picture_lies_as_it_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    found = recognise(picture("JPEG", size=(40, 30), exif=exif), "photo.jpg")
    with Image.open(io.BytesIO(found.content)) as drawn:
        assert drawn.size == (30, 40)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        (' .hidden<>:"|?*.pdf', "hidden_______.pdf"),
        ("smørrebrød å.pdf", "smørrebrød å.pdf"),
        ("", "file"),
        ("..", "file"),
    ],
)
def test_a_name_is_only_a_name(sent: str, shown: str) -> None:
    assert cleaned_name(sent) == shown


def test_a_long_name_keeps_its_ending() -> None:
    name = cleaned_name("å" * 300 + ".pdf")
    assert len(name.encode()) <= 255
    assert name.endswith("å.pdf")
