"""The pages on which a draft of an assessment is written: the same for the editors and for a municipality's people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.core import clock
from portal.core.db import read
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, answered, revise_once, submit_once
from portal.core.permissions import VISITOR, Actor
from portal.core.texts import gettext as _
from portal.core.web import actor
from portal.municipalities import labels as words
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.progress.assessing import operations, queries
from portal.progress.assessing.forms import EvidenceForm, JudgementForm
from portal.progress.labels import STAGES
from portal.progress.models import Assessment, Dimension
from portal.projects.models import Project
from portal.projects.permissions import seen_by as project_seen_by

Render = Callable[..., str]


@dataclass(frozen=True)
class Desk:
    """Where drafts are written: by the blueprint `name`, whose pages `render` frames."""

    name: str
    render: Render

    def begin(self, place: Municipality, dimension: Dimension, partner: Partner | None = None) -> ResponseReturnValue:
        """A new draft. While another one is under way the page leads there."""
        form = JudgementForm(dimension=dimension)
        if done := answered(form):
            return done
        there = operations.under_way(place.id, dimension.id, partner.id if partner else None)
        if there is not None:
            flash(_("This dimension is being judged already."), "info")
            return self._to(there)

        def act() -> str:
            begun = operations.begin(
                place.id, dimension, form.judgement(), actor=actor(), now=clock.now(), partner=partner
            )
            return self.place_of(begun.id)

        if form.validate_on_submit():
            return submit_once(form, act)
        return self._judge(form, place, dimension, url_for(f"{self.name}.room", slug=place.slug))

    def edit(self, assessment: Assessment) -> ResponseReturnValue:
        """What a draft says, said anew."""
        self._expect_draft(assessment)
        form = JudgementForm(obj=assessment, dimension=assessment.dimension)

        def now() -> JudgementForm:
            there = queries.by_id(assessment.id, actor())
            return JudgementForm(formdata=None, obj=there, dimension=there.dimension)

        def act() -> str:
            operations.revise(assessment, form.judgement(), actor=actor(), now=clock.now())
            flash(_("Your changes are saved."), "success")
            return self.place_of(assessment.id)

        back = self.place_of(assessment.id)
        if form.validate_on_submit():
            return revise_once(form, now, act, heading=_("Judge"), cancel=back)
        return self._judge(form, assessment.municipality, assessment.dimension, back)

    def add_evidence(self, assessment: Assessment) -> ResponseReturnValue:
        """Something that a draft rests on."""
        form = EvidenceForm()
        if done := answered(form):
            return done
        self._expect_draft(assessment)

        def act() -> str:
            operations.add_evidence(assessment, form.piece(project), actor=actor(), now=clock.now())
            return self.place_of(assessment.id)

        project = None
        if form.validate_on_submit():
            project = public_project(form.project.data[0]) if form.project.data else None
            if not form.project.data or project is not None:
                return submit_once(form, act)
            form.project.errors = [_("Only a project that everybody may see can be evidence.")]
        page = self.render(
            "progress/assessing/evidence.html", form=form, assessment=assessment, back=self.place_of(assessment.id)
        )
        return page, 422 if form.errors else 200

    def remove_evidence(self, assessment: Assessment, evidence_id: int) -> ResponseReturnValue:
        """Take away something that a draft was to rest on."""

        def act(now: Any) -> str:
            found = next((one for one in assessment.evidence if one.id == evidence_id), None)
            if found is None:
                raise NotFound("evidence", evidence_id)
            operations.remove_evidence(assessment, found, actor=actor(), now=now)
            return self.place_of(assessment.id)

        return self.decide(act)

    def drop(self, assessment_id: int, who: Actor) -> ResponseReturnValue:
        """Throw a draft away."""
        form = PortalForm()
        if done := answered(form):
            return done
        assessment = queries.by_id(assessment_id, who)

        def act(now: Any) -> str:
            operations.drop(assessment, actor=who, now=now)
            flash(_("The draft is thrown away."), "success")
            return url_for(f"{self.name}.room", slug=assessment.municipality.slug)

        return self.decide(act, form)

    def decide(self, act: Callable[[Any], str], form: PortalForm | None = None) -> ResponseReturnValue:
        """One decision by one button."""
        return submit_once(form or PortalForm(), lambda: act(clock.now()))

    def place_of(self, assessment_id: int) -> str:
        return url_for(f"{self.name}.show", assessment_id=assessment_id)

    def _to(self, assessment_id: int) -> ResponseReturnValue:
        return redirect(self.place_of(assessment_id), 303)

    def _expect_draft(self, assessment: Assessment) -> None:
        if not operations.may_write(actor(), assessment):
            raise NotFound("draft", assessment.id)

    def _judge(self, form: JudgementForm, place: Municipality, dimension: Dimension, back: str) -> ResponseReturnValue:
        page = self.render(
            "progress/assessing/judge.html", form=form, municipality=place, dimension=dimension, back=back
        )
        return page, 422 if form.errors else 200

    def show(self, assessment: Assessment, **values: Any) -> str:
        """A draft, or what became of it, with everything it holds."""
        return self.render(
            "progress/assessing/show.html",
            assessment=assessment,
            may_write=operations.may_write(actor(), assessment),
            stage_names=STAGES,
            words=words,
            form=PortalForm(),
            **values,
        )


def public_project(project_id: int) -> Any:
    """A project that everybody may see: slug, title_da, title_en. None for any other."""
    columns = Project.slug, Project.title_da, Project.title_en
    return read(select(*columns).where(Project.id == project_id, project_seen_by(VISITOR))).one_or_none()
