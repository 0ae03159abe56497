"""The forms about what a feed brought: what becomes of it, and what of its feed is not wanted."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import ValidationError

from portal.core.fields import ThemesField, filled_in, longest
from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.core.picking import PickerField
from portal.core.texts import gettext as _
from portal.feeds.models import PATTERN_LENGTH, FeedEntry, RuleField
from portal.news.linking.operations import Source

NOTICE, DRAFT = "notice", "draft"


class TakeForm(PortalForm):
    """What a taken entry is linked with, and whether it comes out at once (`notice`) or is written on (`draft`)."""

    how = HiddenField(default=DRAFT)
    themes = ThemesField(description=_l("One to three: what it is mostly about."))
    partner_ids = PickerField(_l("Partners it names"), kind="partner")
    project_ids = PickerField(_l("Projects it is about"), kind="project")
    municipality_ids = PickerField(_l("Municipalities it is about"), kind="municipality")

    @property
    def is_notice(self) -> bool:
        return self.how.data == NOTICE

    def validate_themes(self, field: Any) -> None:
        if self.is_notice and not field.data:
            raise ValidationError(_("Choose what it is about: readers find it by its theme."))

    def source(self, entry: FeedEntry, translation: FeedEntry | None) -> Source:
        """The entry as the news know it, in both languages where another tells it in the other. Of a feed whose texts
        are not ours to show, the title alone."""
        return Source(
            entry_id=entry.id,
            title=entry.title,
            excerpt=_excerpt(entry),
            other_title=translation.title if translation else "",
            other_excerpt=_excerpt(translation) if translation else "",
            language="en" if (entry.language or entry.feed.language) == "en" else "da",
            origin_url=entry.url,
            partner_id=entry.feed.partner_id,
            published_at=entry.published_at,
            themes=tuple(self.themes.data),
            partner_ids=tuple(self.partner_ids.data),
            project_ids=tuple(self.project_ids.data),
            municipality_ids=tuple(self.municipality_ids.data),
        )


def _excerpt(entry: FeedEntry) -> str:
    return "" if entry.feed.title_only else entry.excerpt


class BlockForm(PortalForm):
    """A pattern of a feed that is passed over from now on."""

    field = SelectField(_l("Where it stands"))
    pattern = StringField(
        _l("Words"),
        [filled_in(_l("Write what is not wanted.")), longest(PATTERN_LENGTH)],
        description=_l("Whole words; * stands for any ending. Capitals do not matter."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.field.choices = [(one.value, label(one)) for one in RuleField]
