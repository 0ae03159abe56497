"""“Something wrong here?”: the page that every profile and project leads to."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, strangers
from portal.core.bilingual import chosen
from portal.core.forms import submit_once
from portal.core.permissions import VISITOR, audience
from portal.core.web import pages
from portal.corrections import operations
from portal.corrections.forms import CorrectionForm
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.projects import queries as projects
from portal.projects.models import Project

bp = pages("corrections", __name__, "")


@bp.route("/partners/<slug>/correct", methods=["GET", "POST"])
@audience("everyone")
def partner(slug: str) -> ResponseReturnValue:
    found = partners.by_slug(slug, VISITOR)
    return _page(found, found.called(), url_for("partners.show", slug=slug), url_for(".partner_thanks", slug=slug))


@bp.route("/projects/<slug>/correct", methods=["GET", "POST"])
@audience("everyone")
def project(slug: str) -> ResponseReturnValue:
    found = projects.to_work_on(slug, VISITOR, "project.see")
    title = str(found.text("title"))
    return _page(found, title, url_for("projects.show", slug=slug), url_for(".project_thanks", slug=slug))


@bp.get("/partners/<slug>/correct/thanks")
@audience("everyone")
def partner_thanks(slug: str) -> ResponseReturnValue:
    found = partners.by_slug(slug, VISITOR)
    return render_template("corrections/thanks.html", name=found.called(), back=url_for("partners.show", slug=slug))


@bp.get("/projects/<slug>/correct/thanks")
@audience("everyone")
def project_thanks(slug: str) -> ResponseReturnValue:
    found = projects.to_work_on(slug, VISITOR, "project.see")
    name = str(found.text("title"))
    return render_template("corrections/thanks.html", name=name, back=url_for("projects.show", slug=slug))


def _page(subject: Partner | Project, name: str, back: str, thanks: str) -> ResponseReturnValue:
    form = CorrectionForm()

    def act() -> str:
        now = clock.now()
        strangers.note_stranger(now)
        operations.suggest(
            subject, form.text.data, form.evidence.data or "", form.email.data or "", language=chosen(), now=now
        )
        return thanks

    if form.validate_on_submit():
        return submit_once(form, act)
    page = render_template("corrections/correct.html", form=form, name=name, back=back)
    return page, 422 if form.errors else 200
