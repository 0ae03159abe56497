"""The forms about a feed: what it is, why it pauses or ends, what of it is kept or blocked."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.core.bilingual import LANGUAGES
from portal.core.fields import ThemesField, filled_in, longest
from portal.core.forms import PortalForm, RevisionForm
from portal.core.labels import label
from portal.core.picking import PickerField
from portal.core.texts import gettext as _
from portal.core.web import LANGUAGE_NAMES
from portal.feeds import addresses
from portal.feeds.models import PATTERN_LENGTH, TITLE_LENGTH, RuleField, RuleKind
from portal.feeds.operations import Details

MOST_CHARACTERS = 2000


class FeedForm(RevisionForm):
    """What people say of a feed. The address may be a site's: its feed is looked for."""

    url = StringField(
        _l("Address"),
        [filled_in(_l("Write the address of the feed or of the site.")), longest(MOST_CHARACTERS)],
        description=_l("Of the feed itself, or of the page with the news: we look for its feed."),
    )
    title = StringField(
        _l("Name"), [longest(TITLE_LENGTH)], description=_l("Left empty, the feed’s own name is taken.")
    )
    language = SelectField(_l("Language"), default="")
    themes = ThemesField(description=_l("At most three: what comes of it stands under them."))
    title_only = BooleanField(_l("Show the title and the link alone, no excerpt"))
    permission_note = TextAreaField(
        _l("What its owner allows"),
        [longest(MOST_CHARACTERS)],
        description=_l("For instance who has agreed, and when."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.language.choices = [("", _("As the feed says")), *((code, LANGUAGE_NAMES[code]) for code in LANGUAGES)]

    def validate_url(self, field: Any) -> None:
        if not addresses.typed(str(field.data or "")):
            raise ValidationError(_("Write a web address that begins with https://."))

    def details(self) -> Details:
        return Details(
            url=str(self.url.data),
            title=self.title.data or "",
            language=self.language.data or "",
            title_only=bool(self.title_only.data),
            permission_note=self.permission_note.data or "",
            themes=tuple(self.themes.data),
        )


class StaffFeedForm(FeedForm):
    """The same with whose feed it is."""

    partner_ids = PickerField(
        _l("Partner"), kind="partner", most=1, description=_l("Left empty: a source of nobody here.")
    )


class PartnerFeedForm(FeedForm):
    """The same for somebody who looks after several partners."""

    partner_id = SelectField(_l("Partner"), coerce=int)


class ReasonForm(PortalForm):
    """Why a feed pauses or ends."""

    reason = StringField(_l("Why"), [filled_in(_l("Say why, in a sentence: it stands at the feed.")), longest(300)])


class RuleForm(PortalForm):
    """What of a feed is kept, or blocked."""

    kind = SelectField(_l("What to do"))
    field = SelectField(_l("Where it stands"))
    pattern = StringField(
        _l("Words"),
        [filled_in(_l("Write which words.")), longest(PATTERN_LENGTH)],
        description=_l("Whole words; * stands for any ending. Capitals do not matter."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kind.choices = [(one.value, label(one)) for one in (RuleKind.BLOCK, RuleKind.KEEP)]
        self.field.choices = [(one.value, label(one)) for one in RuleField]
