"""What readers call what was done with documents, and the kinds of files."""

from flask_babel import lazy_gettext as _l

from portal.core.filetypes import ODF, OOXML
from portal.core.labels import name_actions

name_actions(
    {
        "document.added": _l("Document added"),
        "document.revised": _l("Document described anew"),
        "document.version_sent": _l("New version of a document"),
        "document.version_restored": _l("Went back to an older version of a document"),
        "document.deleted": _l("Document deleted"),
        "document.restored": _l("Document brought back"),
        "document.read": _l("Document read by staff"),
    }
)

KINDS = {
    "application/pdf": _l("PDF"),
    f"{OOXML}.wordprocessingml.document": _l("Word"),
    f"{OOXML}.spreadsheetml.sheet": _l("Excel"),
    f"{OOXML}.presentationml.presentation": _l("PowerPoint"),
    f"{ODF}.text": _l("OpenDocument text"),
    f"{ODF}.spreadsheet": _l("OpenDocument spreadsheet"),
    f"{ODF}.presentation": _l("OpenDocument presentation"),
    "text/csv": _l("CSV"),
    "text/plain": _l("Text"),
    "image/png": _l("Picture (PNG)"),
    "image/jpeg": _l("Picture (JPEG)"),
    "image/webp": _l("Picture (WebP)"),
}


def file_kind(media_type: str) -> str:
    """What a kind of file is called."""
    return str(KINDS.get(media_type, media_type))
