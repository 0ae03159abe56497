"""The right of reply: what a municipality was sent, by its mailed link, without signing in."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, strangers
from portal.core.bilingual import chosen
from portal.core.forms import answered, submit_once
from portal.core.permissions import audience
from portal.core.texts import ngettext
from portal.core.web import hidden, pages
from portal.municipalities import labels as words
from portal.progress.labels import STAGES
from portal.progress.reply import operations, queries
from portal.progress.reply.forms import reply_form

bp = pages("reply", __name__, "/municipalities/reply")


@bp.route("/<token>", methods=["GET", "POST"])
@audience("everyone")
def show(token: str) -> ResponseReturnValue:
    request = queries.by_token(token)
    waiting = [one for one in request.assessments if operations.awaits(one, request)]
    waiting = waiting if request.closed_at is None else []
    form = reply_form(waiting)
    if done := answered(form):
        return done

    def act() -> str:
        now = clock.now()
        strangers.note_stranger(now)
        taken = operations.answer(request, form.answers(), form.name.data or "", chosen(), now=now)
        said = ngettext("Thank you. Your answer is noted.", "Thank you. Your %(num)d answers are noted.", len(taken))
        flash(said, "success")
        return url_for(".show", token=token)

    if waiting and form.validate_on_submit():
        return submit_once(form, act)
    page = render_template(
        "progress/reply/show.html",
        asked=request,
        waiting=waiting,
        answered=[one for one in request.assessments if one not in waiting],
        form=form,
        stage_names=STAGES,
        words=words,
    )
    return hidden(page, 422 if form.errors else 200)
