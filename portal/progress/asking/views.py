"""“Ask them”: a question to the people of a municipality that is a step ahead.

Visitors may ask as well, whoever agreed to be shown to everybody: they may write to the same people from a partner's
page, and an adviser should not need an account to make a call. They are held to what holds for all forms of visitors.
"""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock, strangers
from portal.core.errors import NotFound
from portal.core.forms import submit_once
from portal.core.permissions import audience
from portal.core.web import actor, pages, path_for
from portal.municipalities import queries as municipalities
from portal.partners import queries as partners
from portal.progress.ahead import queries as ahead
from portal.progress.asking import operations
from portal.progress.asking.forms import AskForm, VisitorAskForm

bp = pages("asking", __name__, "/municipalities")


@bp.route("/<slug>/ask/<int:contact_id>", methods=["GET", "POST"])
@audience("everyone")
def write(slug: str, contact_id: int) -> ResponseReturnValue:
    """`?about=` names the dimension, `asks=` the municipality on whose page the question came up."""
    asked = municipalities.by_slug(slug)
    contact = ahead.contact_in(asked.id, contact_id, actor())
    dimension = _dimension(request.args.get("about", ""))
    asks = _place(request.args.get("asks", ""))
    is_known = bool(actor().email)
    form = AskForm() if is_known else VisitorAskForm()

    def act() -> str:
        now = clock.now()
        if not is_known:
            strangers.note_stranger(now)
        name = _signature() if is_known else form.name.data
        email = actor().email if is_known else form.email.data
        question = operations.Question(name, email, form.message.data, asked, asks, dimension)
        operations.ask(contact, question, actor=actor(), now=now)
        return path_for(".written", slug=slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = render_template(
        "progress/asking/write.html",
        form=form,
        is_known=is_known,
        asked=asked,
        contact=contact,
        dimension=dimension,
        back=path_for("municipalities.show", slug=(asks or asked).slug) + f"#ahead-{dimension.slug}",
    )
    return page, 422 if form.errors else 200


@bp.get("/<slug>/asked")
@audience("everyone")
def written(slug: str) -> ResponseReturnValue:
    """Said to who has asked; a visitor has no session in which it could be said elsewhere."""
    return render_template("progress/asking/written.html", municipality=municipalities.by_slug(slug))


def _dimension(slug: str) -> ahead.Looked:
    for one in ahead.looked_at(clock.today()):
        if one.slug == slug:
            return one
    raise NotFound("dimension", slug)


def _place(slug: str) -> Any | None:
    return next((place for place in municipalities.tiles() if place.slug == slug), None)


def _signature() -> str:
    """Who asks, and for whom."""
    mine = [partners.called(row) for row in partners.of_actor(actor()) if row.id in actor().partner_ids]
    return ", ".join([actor().name, *mine[:1]])
