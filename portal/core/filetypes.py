"""What a file is, by what is in it; its name is only asked whether it says the same.

Files that can act are refused, whatever they are called: pages, scripts, macros, archives. Pictures are drawn anew,
which leaves out what a camera wrote into them and whatever else was hidden behind the pixels.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.core import captions
from portal.core.texts import gettext as _

LONGEST_NAME_BYTES = 255
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 4000
MOST_ENTRIES = 5_000
MOST_UNPACKED = 256 * 1024 * 1024
MOST_RATIO = 200
MOST_OF_AN_ENTRY = 1024 * 1024
PDF_ENDS_WITHIN = 2048

PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    f"{OOXML}.wordprocessingml.document": ("docx",),
    f"{OOXML}.spreadsheetml.sheet": ("xlsx",),
    f"{OOXML}.presentationml.presentation": ("pptx",),
    f"{ODF}.text": ("odt",),
    f"{ODF}.spreadsheet": ("ods",),
    f"{ODF}.presentation": ("odp",),
    "text/csv": ("csv",),
    "text/plain": ("txt",),
    "text/vtt": ("vtt",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
}
CAPTIONS: Final = frozenset({"text/vtt"})
DOCUMENTS: Final = frozenset(ENDINGS) - CAPTIONS

Image.MAX_IMAGE_PIXELS = MOST_PIXELS

# The picture's format as Pillow names it → the format it is kept in. A GIF becomes a picture that stands still.
_KEPT_AS = {"PNG": "PNG", "JPEG": "JPEG", "WEBP": "WEBP", "GIF": "PNG"}
_DRAWN = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ACTIVE_TEXT = re.compile(r"<(?:!doctype|html|head|body|script|svg|iframe|\?xml|\?php)\b|^#!", re.IGNORECASE)
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ACTIVE_ENTRY = re.compile(
    r"vbaProject|vbaData|(?:^|/)activeX/|(?:^|/)(?:Basic|Scripts)/"
    r"|\.(?:zip|7z|rar|gz|tar|exe|dll|com|scr|bat|cmd|ps1|vbs|js|jse|jar|hta|lnk|html?|svg)$",
    re.IGNORECASE,
)
_OOXML_KIND = re.compile(rf"{re.escape(OOXML)}\.([a-z]+ml\.(?:document|sheet|presentation))\.main\+xml")


class Refused(Exception):
    """A file that is not taken, and why, in the page's language."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that may be kept: what it is, what it is called, and its content, drawn anew if it is a picture."""

    media_type: str
    name: str
    content: bytes


def recognise(content: bytes, name: str) -> Recognised:
    """What the file is. `Refused` with the reason for anything we do not take."""
    if not content:
        raise Refused(_("The file is empty."))
    shown = cleaned_name(name)
    if content.startswith(_DRAWN) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        media_type, content = _picture(content)
        return Recognised(media_type, _ending_in(shown, media_type), content)
    media_type = _document(content, shown)
    ending = PurePosixPath(shown).suffix.lower().removeprefix(".")
    if ending not in ENDINGS[media_type]:
        raise Refused(_("The file's name ends in “%(ending)s”, but its content is something else.", ending=ending))
    return Recognised(media_type, shown, content)


def cleaned_name(name: str) -> str:
    """A file's name as it may be shown and saved: no folders, nothing invisible, at most 255 bytes. May be `file`."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Cc, Cf, Cs, Co, Cn: among them the signs that turn the direction of writing and make "fdp.exe" read "exe.pdf".
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in "\u2028\u2029")
    safe = re.sub(r'[<>:"|?*]', "_", visible).strip(". \u00a0") or "file"
    stem, dot, ending = safe.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = safe, "", ""
    room = LONGEST_NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending


def _document(content: bytes, name: str) -> str:
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(_OLD_OFFICE):
        raise Refused(_("This is an old or a locked Office file. Save it as .docx, .xlsx or .pptx without a password."))
    return _text(content, name)


def _pdf(content: bytes) -> str:
    """A PDF from its first line to its last, and nothing besides: no page or archive that only begins like one."""
    if b"%%EOF" not in content[-PDF_ENDS_WITHIN:]:
        raise Refused(_("The file is damaged: it cannot be opened."))
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(_("The file holds macros, scripts or another archive. Save it without them."))
    return "application/pdf"


def _text(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_unknown()) from None
    if _NO_TEXT.search(text):
        raise Refused(_unknown())
    if _ACTIVE_TEXT.search(text.lstrip()[:1000]):
        raise Refused(_("Web pages, drawings in SVG and scripts are not taken."))
    if captions.looks_like(text):
        try:
            captions.read(text)
        except captions.NoCaptions as wrong:
            raise Refused(str(wrong)) from None
        return "text/vtt"
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def _unknown() -> str:
    return _(
        "Files of this kind are not taken. These are: PDF, Word, Excel and PowerPoint (docx, xlsx, pptx),"
        " OpenDocument (odt, ods, odp), text and CSV in UTF-8, and pictures (PNG, JPEG, WebP, GIF)."
    )


def _office(content: bytes) -> str:
    """What an Office file is: a bounded look into its container, which is a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            entries = container.infolist()
            _bound(entries, len(content))
            media_type = _office_kind(container)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise Refused(_("The file is damaged: it cannot be opened.")) from None
    if media_type is None:
        raise Refused(_unknown())
    return media_type


def _bound(entries: list[zipfile.ZipInfo], size: int) -> None:
    # By what the directory says. Nothing but one short entry is ever unpacked here, and that with a limit.
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(size, 1024):
        raise Refused(_("The file unpacks to far more than it should."))
    for entry in entries:
        if ".." in PurePosixPath(entry.filename).parts or entry.filename.startswith("/") or "\\" in entry.filename:
            raise Refused(_("The file is damaged: it cannot be opened."))
        if _ACTIVE_ENTRY.search(entry.filename):
            raise Refused(_("The file holds macros, scripts or another archive. Save it without them."))


def _office_kind(container: zipfile.ZipFile) -> str | None:
    names = container.namelist()
    if "[Content_Types].xml" in names:
        types = _beginning(container, "[Content_Types].xml").decode("utf-8", "replace")
        if "macroEnabled" in types:
            raise Refused(_("The file holds macros, scripts or another archive. Save it without them."))
        found = _OOXML_KIND.search(types)
        return f"{OOXML}.{found[1]}" if found else None
    if "mimetype" in names:
        said = _beginning(container, "mimetype").decode("ascii", "replace").strip()
        return said if said.startswith(f"{ODF}.") and said in ENDINGS else None
    return None


def _beginning(container: zipfile.ZipFile, name: str) -> bytes:
    with container.open(name) as entry:
        return entry.read(MOST_OF_AN_ENTRY)


def _picture(content: bytes) -> tuple[str, bytes]:
    """The picture drawn anew, upright, at most 4000 pixels long."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_KEPT_AS)) as picture:
            # The header alone: nothing is unpacked before its size is known to be bearable.
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_too_many_pixels())
            kept_as = _KEPT_AS[picture.format or ""]
            if kept_as == "JPEG":
                picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn = upright.convert(_mode(upright, kept_as))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_many_pixels()) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise Refused(_("The picture is damaged: it cannot be opened.")) from None
    drawn.info.clear()
    made = io.BytesIO()
    drawn.save(made, kept_as, **_SAVING[kept_as])
    return f"image/{kept_as.lower()}", made.getvalue()


def _too_many_pixels() -> str:
    return _("The picture has too many pixels. Make it smaller, at most 50 megapixels.")


_SAVING: Mapping[str, Mapping[str, int | bool]] = {
    "PNG": {"optimize": False},
    "JPEG": {"quality": 88, "progressive": True},
    "WEBP": {"quality": 88},
}


def _mode(picture: Image.Image, kept_as: str) -> str:
    if picture.has_transparency_data and kept_as != "JPEG":
        return "RGBA"
    return "L" if picture.mode in {"1", "L"} else "RGB"


def _ending_in(name: str, media_type: str) -> str:
    """The name with an ending that says what the file has become."""
    path = PurePosixPath(name)
    if path.suffix.lower().removeprefix(".") in ENDINGS[media_type]:
        return name
    return cleaned_name(f"{path.stem if path.suffix else name}.{ENDINGS[media_type][0]}")
