"""The shape of a picture and what is said of it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.core.fields import WholeNumberField, filled_in, longest
from portal.core.filetypes import PICTURES
from portal.core.forms import RevisionForm
from portal.core.pictures import MIDDLE
from portal.core.uploads import UploadField, UploadForm
from portal.news.pictures.models import ALT_LENGTH, CAPTION_LENGTH, CREDIT_LENGTH
from portal.news.pictures.operations import Details

_ALT_HINT = _l("For those who do not see it: what it shows, in a sentence. Not the file’s name.")


class _Words:
    """What is said of a picture."""

    alt_da = StringField(
        _l("What it shows, in Danish"),
        [filled_in(_l("Say in Danish what the picture shows.")), longest(ALT_LENGTH)],
        description=_ALT_HINT,
    )
    alt_en = StringField(
        _l("What it shows, in English"),
        [filled_in(_l("Say in English what the picture shows.")), longest(ALT_LENGTH)],
        description=_ALT_HINT,
    )
    caption_da = StringField(
        _l("Caption in Danish"), [longest(CAPTION_LENGTH)], description=_l("Stands under the picture, for everybody.")
    )
    caption_en = StringField(
        _l("Caption in English"), [longest(CAPTION_LENGTH)], description=_l("Stands under the picture, for everybody.")
    )
    credit = StringField(
        _l("Photographer or source"),
        [longest(CREDIT_LENGTH)],
        description=_l("Stands under the picture. Leave it empty only where nobody has to be named."),
    )
    focus_x = WholeNumberField(_l("From the left, in per cent"), least=0, most=100, default=MIDDLE)
    focus_y = WholeNumberField(_l("From the top, in per cent"), least=0, most=100, default=MIDDLE)

    def details(self) -> Details:
        form: Any = self
        x, y = form.focus_x.data, form.focus_y.data
        return Details(
            alt_da=form.alt_da.data or "",
            alt_en=form.alt_en.data or "",
            caption_da=form.caption_da.data or "",
            caption_en=form.caption_en.data or "",
            credit=form.credit.data or "",
            focus_x=MIDDLE if x is None else x,
            focus_y=MIDDLE if y is None else y,
        )


class NewPictureForm(_Words, UploadForm):
    picture = UploadField(
        _l("Picture"),
        kinds=PICTURES,
        description=_l(
            "PNG, JPEG, WebP or GIF. Best at least 1,600 pixels wide. What a camera wrote into it is left out."
        ),
    )


class PictureForm(_Words, RevisionForm):
    pass
