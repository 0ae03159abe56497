"""The forms in which an article is written: what a member proposes, and what the desk adds to it."""

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation

from portal.core import clock
from portal.core.fields import MomentField, ThemesField, filled_in, longest, web_address
from portal.core.forms import RevisionForm
from portal.core.permissions import Actor
from portal.core.picking import PickerField
from portal.core.texts import gettext as _
from portal.news.editing import queries
from portal.news.editing.content import TEXTS, Content, content_of
from portal.news.models import Article, Kind, State
from portal.projects.parts.forms import ChoiceField, WordField

LONGEST_BODY = 60_000
_TITLE, _STANDFIRST, _BODY = [longest(200)], [longest(600)], [longest(LONGEST_BODY)]

TIES = ("partner_ids", "project_ids", "municipality_ids")
"""What an article is linked with: fields of ids."""


class ArticleForm(RevisionForm):
    """What a member writes. `of` fills it from an article and offers what its writer may choose."""

    named_by = ("title_da", "title_en")
    texts: tuple[str, ...] = ("title_da", "title_en", "standfirst_da", "standfirst_en", "body_da", "body_en")
    values: tuple[str, ...] = ("kind", "themes", "author_id", "origin_url", *TIES)
    moments: tuple[str, ...] = ()

    title_da = StringField(_l("Title in Danish"), _TITLE)
    title_en = StringField(_l("Title in English"), _TITLE)
    standfirst_da = TextAreaField(_l("Standfirst in Danish"), _STANDFIRST)
    standfirst_en = TextAreaField(_l("Standfirst in English"), _STANDFIRST)
    body_da = TextAreaField(_l("Text in Danish"), _BODY)
    body_en = TextAreaField(_l("Text in English"), _BODY)
    kind = WordField(_l("Kind"), Kind)
    themes = ThemesField(description=_l("One to three: what it is mostly about."))
    author_id = ChoiceField(_l("From"), description=_l("The organisation that readers see as its author."))
    partner_ids = PickerField(_l("Partners it names"), kind="partner")
    project_ids = PickerField(_l("Projects it is about"), kind="project")
    municipality_ids = PickerField(_l("Municipalities it is about"), kind="municipality")
    origin_url = StringField(
        _l("The whole story is at"),
        [longest(2000), web_address],
        description=_l("For a short summary that leads to somebody else’s text."),
    )

    @classmethod
    def of(cls, article: Article | None, actor: Actor, **options: Any) -> "ArticleForm":
        content = content_of(article) if article else Content(kind=Kind.NEWS)
        now = {**content.texts, **{name: _plain(getattr(content, name)) for name in (*cls.values, *cls.moments)}}
        form = cls(obj=SimpleNamespace(**now, version=article.version if article else ""), **options)
        form.before = content
        form.state = article.state if article else State.DRAFT
        form._offer(actor)
        return form

    before: Content
    state: State

    def _offer(self, actor: Actor) -> None:
        authors = queries.authors_for(actor)
        self.author_id.offer(authors, self._nobody(authors))

    def _nobody(self, authors: Iterable[tuple[int, str]]) -> str:
        chosen: int | None = self.author_id.data
        if not self.is_submitted() and chosen is None:
            self.author_id.data = next((key for key, _name in authors), None)
        return _("Choose an organisation")

    def validate_author_id(self, field: Any) -> None:
        filled_in(_("Choose the organisation it is from."))(self, field)

    def details(self) -> Content:
        """What the writer says. What the form does not show stays as it was."""
        texts = {**dict.fromkeys(TEXTS, ""), **self.before.texts}
        texts |= {name: self[name].data or "" for name in self.texts}
        return self.before.but(
            texts=texts,
            kind=self.kind.data,
            themes=tuple(self.themes.data),
            author_id=self.author_id.data,
            origin_url=self.origin_url.data or "",
            **{name: tuple(sorted(self[name].data)) for name in TIES},
            **{name: self._moment(name) for name in self.moments},
        )

    def _moment(self, name: str) -> datetime | None:
        """The form knows minutes alone: a moment whose minute stays keeps its seconds."""
        before: datetime | None = getattr(self.before, name)
        said: datetime | None = self[name].data
        is_same = before is not None and before.replace(second=0, microsecond=0) == said
        return before if is_same else said


class DeskForm(ArticleForm):
    """What the desk writes: also when it comes out and goes, and what had to be corrected."""

    texts = (*ArticleForm.texts, "correction_da", "correction_en")
    moments = ("publish_at", "expire_at")

    publish_at = MomentField(
        _l("Comes out"), description=_l("Danish time. Empty until it is scheduled: then it is needed.")
    )
    expire_at = MomentField(
        _l("Expires"), description=_l("From then on its page says that it is gone. Mostly left empty.")
    )
    correction_da = TextAreaField(
        _l("Correction in Danish"),
        [longest(2000)],
        description=_l("What was wrong and is right now. It stands above the article, and feeds show it anew."),
    )
    correction_en = TextAreaField(_l("Correction in English"), [longest(2000)])

    def _nobody(self, _authors: Iterable[tuple[int, str]]) -> str:
        return _("The portal itself")

    def validate_author_id(self, field: Any) -> None:
        """The portal may write in its own name."""

    def validate_publish_at(self, field: Any) -> None:
        """Readers who have been given something keep it; what is on its way needs a time that is still to come."""
        now = clock.now()
        is_new = self._moment("publish_at") != self.before.publish_at
        if self.state is State.SCHEDULED and is_new and (field.data is None or field.data <= now):
            raise StopValidation(_("It is scheduled: choose a time later than now, or publish it."))
        if self.state in (State.PUBLISHED, State.ARCHIVED) and is_new and field.data and field.data > now:
            raise StopValidation(_("Readers have it already: the date cannot be later than now."))

    def validate_expire_at(self, field: Any) -> None:
        if field.data and self.publish_at.data and field.data <= self.publish_at.data:
            raise StopValidation(_("It would expire before it comes out."))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
