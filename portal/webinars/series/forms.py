"""The form of a series."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from portal.core.fields import ThemesField, longest, web_address
from portal.core.forms import RevisionForm
from portal.core.picking import PickerField
from portal.webinars.models import NAME, Series
from portal.webinars.series.operations import TEXTS, Content, content_of

LISTS = ("host_ids", "partner_ids", "project_ids", "themes")


class SeriesForm(RevisionForm):
    named_by = ("title_da", "title_en")

    title_da = StringField(_l("Title in Danish"), [longest(NAME)])
    title_en = StringField(_l("Title in English"), [longest(NAME)])
    summary_da = TextAreaField(_l("Summary in Danish"), [longest(1000)])
    summary_en = TextAreaField(_l("Summary in English"), [longest(1000)])
    host_ids = PickerField(_l("Partners that hold it"), kind="partner")
    host_names = StringField(_l("Others who hold it"), [longest(1000)], description=_l("Names, parted by semicolons."))
    partner_ids = PickerField(_l("Other partners in it"), kind="partner")
    project_ids = PickerField(_l("Projects it is about"), kind="project")
    themes = ThemesField(description=_l("One to three: what it is mostly about."))
    info_url = StringField(_l("Its own page elsewhere"), [longest(2000), web_address])

    @classmethod
    def of(cls, series: Series | None, **options: Any) -> "SeriesForm":
        content = content_of(series) if series else Content()
        now = {**content.texts, **{name: list(getattr(content, name)) for name in LISTS}}
        rest = {"host_names": content.host_names, "info_url": content.info_url}
        return cls(obj=SimpleNamespace(**now, **rest, version=series.version if series else ""), **options)

    def details(self) -> Content:
        return Content(
            texts={name: self[name].data or "" for name in TEXTS},
            host_ids=tuple(self.host_ids.data),
            host_names=self.host_names.data or "",
            partner_ids=tuple(self.partner_ids.data),
            project_ids=tuple(self.project_ids.data),
            themes=tuple(self.themes.data),
            info_url=self.info_url.data or "",
        )
