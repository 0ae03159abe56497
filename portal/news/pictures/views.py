"""Pictures of articles: the files in their sizes, and the pages on which they are added and described."""

from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, pictures, uploads
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, answered, revise_once, submit_once
from portal.core.permissions import Role, audience
from portal.core.pictures import ENDINGS, Focus, Shape
from portal.core.texts import gettext as _
from portal.core.web import actor, pages, shows
from portal.news.editing import queries as writing
from portal.news.models import Article
from portal.news.pictures import operations, queries
from portal.news.pictures.forms import NewPictureForm, PictureForm
from portal.news.pictures.models import ArticlePicture
from portal.news.pictures.showing import KEY, pictured

bp = pages("article_pictures", __name__, "/news")

EDIT = "article.edit"
ARTICLE = "/writing/<int:article_id>/pictures"
PICTURE = f"{ARTICLE}/<int:picture_id>"


@bp.get("/<slug>/pictures/<int:picture_id>/<any(whole, card):shape>-<int(max=9999):width>.<any(webp, jpg):ending>")
@audience("everyone")
def file(slug: str, picture_id: int, shape: str, width: int, ending: str) -> Response:
    """A picture in one of its sizes, for whoever sees its article or was given a link to the draft."""
    shows("article")
    if token := request.args.get(KEY, ""):
        row, is_public = queries.shown_by_link(slug, picture_id, token, clock.now()), False
    else:
        row, is_public = queries.shown(slug, picture_id, actor())
    kind, focus = Shape(shape), Focus(row.focus_x, row.focus_y)
    if width not in pictures.widths(kind, row.width, row.height):
        raise NotFound("size", width)
    path = pictures.sized(row.digest, kind, width, ending, focus)
    name = f"{slug}-{width}.{ending}"
    tag = f"{row.digest[:16]}-{path.name}"
    return uploads.answer(path, ENDINGS[ending], name, tag, is_public=is_public, inline=True)


@bp.route(ARTICLE, methods=["GET", "POST"])
@audience("signed_in")
def index(article_id: int) -> ResponseReturnValue:
    """The pictures of an article, and the form that adds one."""
    article = writing.to_work_on(article_id, actor(), EDIT)
    form = NewPictureForm()
    if done := answered(form):
        return done

    def act() -> str:
        operations.add(article, form.picture.taken, form.details(), actor=actor(), now=clock.now())
        flash(_("The picture is added."), "success")
        return url_for(".index", article_id=article_id)

    is_full = queries.count(article.id) >= operations.MOST
    if not is_full and form.validate_on_submit():
        return submit_once(form, act)
    return _page(
        "index", article, form=form, one_form=PortalForm(formdata=None), is_full=is_full, most=operations.MOST
    ), (422 if is_full and form.is_submitted() else form.status)


@bp.route(PICTURE, methods=["GET", "POST"])
@audience("signed_in")
def edit(article_id: int, picture_id: int) -> ResponseReturnValue:
    """What is said of a picture, and what matters in it."""
    article, picture = _found(article_id, picture_id)
    form = PictureForm(obj=picture)

    def act() -> str:
        operations.revise(article, picture, form.details(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".index", article_id=article_id)

    if form.validate_on_submit():
        way_out = url_for(".index", article_id=article_id)

        def now() -> PictureForm:
            return PictureForm(formdata=None, obj=_found(article_id, picture_id)[1])

        return revise_once(form, now, act, heading=_("Picture"), cancel=way_out)
    row = next(one for one in queries.of_article(article.id) if one.id == picture_id)
    return _page("edit", article, form=form, picture=row), 422 if form.errors else 200


@bp.post(f"{PICTURE}/<any(first, remove):decision>")
@audience("signed_in")
def decide(article_id: int, picture_id: int, decision: str) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    article, picture = _found(article_id, picture_id)
    do = {"first": operations.put_first, "remove": operations.remove}[decision]

    def act() -> str:
        do(article, picture, actor=actor(), now=clock.now())
        flash(_("It stands first now.") if decision == "first" else _("The picture is removed."), "success")
        return url_for(".index", article_id=article_id)

    return submit_once(form, act)


def _found(article_id: int, picture_id: int) -> tuple[Article, ArticlePicture]:
    article = writing.to_work_on(article_id, actor(), EDIT)
    return article, queries.one_of(article, picture_id)


def _page(name: str, article: Article, **shown: Any) -> str:
    place = "newsroom.edit" if actor().has(Role.EDITOR) else "proposals.edit"
    back = url_for(place, article_id=article.id)
    return render_template(
        f"news/pictures/{name}.html",
        article=article,
        pictures=queries.of_article(article.id),
        back=back,
        **shown,
    )


bp.add_app_template_global(pictured, "pictured")
bp.add_app_template_global(queries.of_article, "article_pictures")
