"""The pages on which an article is begun and changed: the same at the desk and for members."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.forms import answered, revise_once, submit_once, wants_preview
from portal.core.permissions import require
from portal.core.texts import gettext as _
from portal.core.web import actor
from portal.news.editing import operations, queries
from portal.news.editing.forms import LONGEST_BODY, ArticleForm
from portal.news.editing.wording import states_of_form
from portal.news.models import Article


@dataclass(frozen=True)
class Writing:
    """Where articles are written: with which form and page, and where one comes to afterwards.

    `begin` is what one must be allowed to do to write a new one, `begun` what is said when it is saved; `home` is the
    article's page, `after` the one that follows saving. `render` makes a page of a template and its values.
    """

    form: type[ArticleForm]
    template: str
    render: Callable[..., str]
    begin: str
    begun: Any
    home: str
    after: str

    def new(self) -> ResponseReturnValue:
        require(actor(), self.begin, None)
        form = self.form.of(None, actor())
        if done := answered(form):
            return done

        def act() -> str:
            article = operations.create(form.details(), actor=actor(), now=clock.now())
            flash(str(self.begun), "success")
            return url_for(self.after, article_id=article.id)

        if not wants_preview() and form.validate_on_submit():
            return submit_once(form, act)
        return self._page(form, None)

    def edit(self, article_id: int) -> ResponseReturnValue:
        article = queries.to_work_on(article_id, actor(), "article.edit")
        form = self.form.of(article, actor())

        def act() -> str:
            operations.revise(article, form.details(), actor=actor(), now=clock.now())
            flash(_("Your changes are saved."), "success")
            return url_for(self.after, article_id=article_id)

        def now() -> ArticleForm:
            present = queries.to_work_on(article_id, actor(), "article.edit")
            return self.form.of(present, actor(), formdata=None)

        if not wants_preview() and form.validate_on_submit():
            way_out = url_for(self.home, article_id=article_id)
            return revise_once(form, now, act, heading=str(article.text("title")), cancel=way_out)
        return self._page(form, article)

    def preview(self) -> ResponseReturnValue:
        """The text as its readers will see it, for static/js/preview.js."""
        require(actor(), self.begin, None)
        return render_template("news/editing/preview.html", text=request.form.get("text", "")[:LONGEST_BODY])

    def _page(self, form: ArticleForm, article: Article | None) -> ResponseReturnValue:
        page = self.render(
            self.template,
            form=form,
            article=article,
            title=str(article.text("title")) if article else "",
            states=states_of_form(article),
            previewed=wants_preview(),
        )
        return page, 422 if form.errors else 200
