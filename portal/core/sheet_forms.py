"""A form that takes a spreadsheet: read as it comes, so that what is wrong with it stands at its field."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import ValidationError

from portal.core import sheets
from portal.core.forms import PortalForm
from portal.core.labels import enter, label
from portal.core.sheets import MAX_COLUMNS, Trouble, Unreadable, Upload

enter(
    Trouble,
    {
        Trouble.EMPTY: _l("The file has no rows under its header."),
        Trouble.TOO_LARGE: _l("The file is too large: 5 MB at most, and no cell longer than 20,000 characters."),
        Trouble.TOO_MANY_ROWS: _l("The file has more than 20,000 rows. Split it up."),
        Trouble.TOO_MANY_COLUMNS: _l("The file has more than %(most)s columns.", most=MAX_COLUMNS),
        Trouble.OLD_WORKBOOK: _l("This is an old Excel file. Save it as .xlsx or CSV and choose it again."),
        Trouble.DAMAGED: _l("The file is damaged and cannot be read."),
        Trouble.GARBLED: _l(
            "The letters of the file are a mixture of two encodings. Save it as UTF-8 and choose it again."
        ),
        Trouble.NOT_A_TABLE: _l(
            "This is neither a CSV file nor an Excel workbook (.xlsx). Open it in a spreadsheet and save it as one."
        ),
    },
)


class SheetForm(PortalForm):
    """The base of such forms; `upload` is what was read."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("CSV or Excel (.xlsx), at most 5 MB and 20,000 rows. The headers stand above the list."),
        render_kw={"accept": ".csv,.txt,.xlsx"},
    )
    upload: Upload

    def knows(self, _cells: Sequence[str]) -> int:
        """How many of the cells are headers that are known here: so is found where a list begins."""
        return 0

    def validate_file(self, field: Any) -> None:
        """Read the file now: what is wrong with it belongs to its field."""
        try:
            self.upload = sheets.read(field.data.stream.read(sheets.MAX_BYTES + 1), self.knows)
        except Unreadable as error:
            raise ValidationError(label(error.trouble)) from error

    @property
    def file_name(self) -> str:
        """The file's own name, without any folder a browser or a rogue put before it."""
        name: str = self.file.data.filename or ""
        return "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())[:200]
