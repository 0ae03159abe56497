"""Importing partners and figures: upload, name the columns, look over what would change, write it, undo it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, listing, progress, waking
from portal.core.bilingual import text_of
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, submit_once
from portal.core.labels import label
from portal.core.permissions import audience, require
from portal.core.steps import steps
from portal.core.themes import Theme
from portal.core.web import actor, page_number, pages, table_download
from portal.municipalities import queries as municipalities
from portal.partners import queries as partners
from portal.staff import desk
from portal.staff.directory import queries as directory
from portal.staff.imports import jobs, labels, operations, queries
from portal.staff.imports.figures import plan as figure_plan
from portal.staff.imports.forms import ListForm, ManyForm, columns_form
from portal.staff.imports.models import BatchState, Fate, ImportBatch, ImportRow, Outcome, Subject
from portal.staff.imports.partners import bulk
from portal.staff.imports.partners.bulk import Act
from portal.staff.imports.subjects import target_of
from portal.staff.imports.targets import Undoing

bp = pages("imports", __name__, "/staff/imports")

LISTS = {Subject.PARTNERS: ".index", Subject.FIGURES: ".figures"}
SHOWN = 50
SAMPLES = 3


@bp.route("", methods=["GET", "POST"])
@audience("staff")
def index() -> ResponseReturnValue:
    return _index(Subject.PARTNERS)


@bp.route("/figures", methods=["GET", "POST"])
@audience("staff")
def figures() -> ResponseReturnValue:
    return _index(Subject.FIGURES)


def _index(subject: Subject) -> ResponseReturnValue:
    require(actor(), "import.manage", None)
    form = ListForm(subject)
    if form.validate_on_submit():

        def act() -> str:
            batch = operations.upload(form.upload, form.list_name, subject, actor=actor(), now=clock.now())
            return url_for(".columns", batch_id=batch.id)

        return submit_once(form, act)
    shown = desk.render(
        "staff/imports/index.html",
        form=form,
        batches=queries.batches(subject, actor(), SHOWN),
        subject=subject,
        says=labels.WORDS[subject],
    )
    return shown, 422 if form.errors else 200


@bp.get("/template.<any(csv, xlsx):ending>")
@audience("staff")
def template(ending: str) -> ResponseReturnValue:
    require(actor(), "import.manage", None)
    return _template(Subject.PARTNERS, ending)


@bp.get("/figures/template.<any(csv, xlsx):ending>")
@audience("staff")
def figures_template(ending: str) -> ResponseReturnValue:
    require(actor(), "import.manage", None)
    return _template(Subject.FIGURES, ending)


def _template(subject: Subject, ending: str) -> ResponseReturnValue:
    headers = [str(field.label) for field in target_of(subject).fields]
    return table_download(subject.value, ending, headers, ())


@bp.route("/many", methods=["GET", "POST"])
@audience("staff")
def many() -> ResponseReturnValue:
    """Change many partners at once: those that the directory's filters show, or some of them."""
    require(actor(), "import.manage", None)
    choice = listing.read(directory.plan(), request.args.items(multi=True))
    rows = directory.all_of(choice, actor())[: bulk.MOST]
    form, shown = ManyForm(), {row.id for row in rows}
    chosen = shown if request.form.get("all") else _numbers("chosen") & shown
    if request.method == "POST" and not chosen:
        form.act.errors = [*form.act.errors, _("Choose at least one partner.")]
    if form.validate_on_submit() and chosen:

        def act() -> str:
            which, theme = Act(form.act.data), Theme(form.theme.data)
            name = _("%(act)s: %(theme)s", act=_said(form.act), theme=label(theme)) if "theme" in which else ""
            batch = bulk.prepare(
                chosen, which, theme, name or _said(form.act), form.reason.data or "", actor=actor(), now=clock.now()
            )
            return url_for(".show", batch_id=batch.id)

        return submit_once(form, act)
    if request.method == "POST" and not chosen:
        form.act.errors = [_("Choose at least one partner.")]
    page = desk.render(
        "staff/imports/many.html", form=form, rows=rows, chosen=chosen, called=partners.called, most=bulk.MOST
    )
    return page, 422 if request.method == "POST" else 200


def _said(field: Any) -> str:
    return next(str(choice.label) for choice in field.choices if choice.value == field.data)


@bp.route("/<int:batch_id>/columns", methods=["GET", "POST"])
@audience("staff")
def columns(batch_id: int) -> ResponseReturnValue:
    batch = queries.batch(batch_id, actor())
    form: Any = columns_form(batch, [(one.slug, str(text_of(one, "name"))) for one in municipalities.indicators()])
    if form.validate_on_submit():

        def act() -> str:
            operations.name_columns(batch, form.reading(), actor=actor(), now=clock.now())
            _go_on(batch)
            return url_for(".show", batch_id=batch.id)

        return submit_once(form, act)
    samples = queries.samples(batch.id, SAMPLES)
    shown = desk.render(
        "staff/imports/columns.html", form=form, batch=batch, samples=samples, says=labels.WORDS[batch.subject]
    )
    return shown, 422 if form.errors else 200


@bp.get("/<int:batch_id>")
@audience("staff")
def show(batch_id: int) -> ResponseReturnValue:
    batch = queries.batch(batch_id, actor())
    if batch.state in queries.BEHIND or batch.state is BatchState.COLUMNS:
        done, total = _progress(batch)
        says = labels.WORDS[batch.subject]
        return desk.render(
            "staff/imports/waiting.html", batch=batch, done=done, total=total, form=PortalForm(), says=says
        )
    counts = queries.counts(batch.id)
    asked = request.args.get("show") or next((one.value for one in Outcome if counts[one]), Outcome.NEW.value)
    if asked not in list(Outcome):
        raise NotFound("outcome", asked)
    outcome = Outcome(asked)
    part = queries.page(batch.id, outcome, page_number())
    left = queries.unfinished(batch.id, SHOWN)
    return desk.render(
        "staff/imports/show.html",
        batch=batch,
        form=PortalForm(),
        counts=counts,
        fates=queries.fates(batch.id),
        chosen=queries.chosen_count(batch.id),
        outcome=outcome,
        outcomes=list(Outcome),
        rows=part.rows,
        left=left,
        steps=steps(part),
        links=_links(batch.subject, [*part.rows, *left]),
        says=labels.WORDS[batch.subject],
        is_held_back=operations.is_held_back(batch),
        thin=figure_plan.thin_periods(batch.id) if batch.subject is Subject.FIGURES else (),
        words=_words(batch.subject),
        field_labels=labels.FIELDS[batch.subject],
        reason=labels.reason,
    )


@bp.post("/<int:batch_id>/choose")
@audience("staff")
def choose(batch_id: int) -> ResponseReturnValue:
    """Take the choice of the rows that were shown, and where the other button was pressed, write."""
    batch = queries.batch(batch_id, actor())
    wants_write = request.form.get("then") == "write"

    def act() -> str:
        _choose(batch)
        if not wants_write:
            return _here(batch)
        if not queries.chosen_count(batch.id):
            flash(_("Choose at least one row."), "warning")
            return _here(batch)
        if operations.is_held_back(batch):
            flash(_("Nothing was written: some rows cannot be taken."), "warning")
            return _here(batch)
        operations.order_write(batch, actor=actor())
        _go_on(batch)
        return url_for(".show", batch_id=batch.id)

    return submit_once(_sent(), act)


@bp.post("/<int:batch_id>/choose-all/<any(new, changed):outcome>/<any(all, none):which>")
@audience("staff")
def choose_all(batch_id: int, outcome: str, which: str) -> ResponseReturnValue:
    batch = queries.batch(batch_id, actor())

    def act() -> str:
        operations.choose_all(batch, Outcome(outcome), which == "all", actor=actor())
        return url_for(".show", batch_id=batch.id, show=outcome)

    return submit_once(_sent(), act)


@bp.post("/<int:batch_id>/check")
@audience("staff")
def check(batch_id: int) -> ResponseReturnValue:
    batch = queries.batch(batch_id, actor())

    def act() -> str:
        operations.check_again(batch, actor=actor())
        _go_on(batch)
        return url_for(".show", batch_id=batch.id)

    return submit_once(_sent(), act)


@bp.route("/<int:batch_id>/undo", methods=["GET", "POST"])
@audience("staff")
def undo(batch_id: int) -> ResponseReturnValue:
    """What taking the import back would do, and what stays because somebody has changed it since; then the deed."""
    batch = queries.batch(batch_id, actor())

    def act() -> str:
        operations.order_undo(batch, actor=actor())
        _go_on(batch)
        return url_for(".show", batch_id=batch.id)

    form = PortalForm()
    if form.validate_on_submit():
        return submit_once(form, act)
    if batch.state is not BatchState.WRITTEN:
        return redirect(url_for(".show", batch_id=batch.id), 303)
    fates, staying = _undoing(batch)
    return desk.render(
        "staff/imports/undo.html",
        batch=batch,
        form=form,
        fates=fates,
        staying=staying[:SHOWN],
        hidden=max(len(staying) - SHOWN, 0),
        links=_links(batch.subject, [row for row, _would in staying[:SHOWN]]),
        says=labels.WORDS[batch.subject],
        field_labels=labels.FIELDS[batch.subject],
    ), 422 if form.errors else 200


def _undoing(batch: ImportBatch) -> tuple[dict[Fate, int], list[tuple[ImportRow, Undoing]]]:
    """What undoing would come to: fate → how many rows, and those of which something stays."""
    rows = queries.rows_written(batch.id)
    would = target_of(batch.subject).undoing(rows)
    counted = Counter(one.fate for one in would.values())
    staying = [(row, would[row.id]) for row in rows if would[row.id].fate in (Fate.PARTLY, Fate.WITHDRAWN)]
    return {fate: counted[fate] for fate in Fate if counted[fate]}, staying


@bp.post("/<int:batch_id>/discard")
@audience("staff")
def discard(batch_id: int) -> ResponseReturnValue:
    batch = queries.batch(batch_id, actor())

    def act() -> str:
        operations.discard(batch, actor=actor())
        flash(_("The import is discarded. Nothing was written."), "success")
        return url_for(LISTS[batch.subject])

    return submit_once(_sent(), act)


def _sent() -> PortalForm:
    return PortalForm()


def _go_on(batch: ImportBatch) -> None:
    """A small import is through before the next page; the worker takes a large one."""
    if batch.total <= jobs.AT_ONCE:
        jobs.run(batch.id)
    else:
        waking.ask()


def _progress(batch: ImportBatch) -> tuple[int, int]:
    """How many rows of how many are done with."""
    if batch.state is BatchState.CHECKING:
        return batch.done, batch.total
    begun = progress.of(f"import-{batch.id}")
    return begun or (0, queries.chosen_count(batch.id) if batch.state is BatchState.WRITING else batch.done)


def _numbers(name: str) -> set[int]:
    return {int(one) for one in request.form.getlist(name) if one.isascii() and one.isdecimal() and len(one) < 10}


def _choose(batch: ImportBatch) -> None:
    shown = _numbers("shown")
    decisions = {row_id: request.form.get(f"decision-{row_id}", "") for row_id in shown}
    operations.choose(batch, shown, _numbers("chosen"), decisions, actor=actor())


def _here(batch: ImportBatch) -> str:
    outcome = request.form.get("show", Outcome.NEW.value)
    return url_for(".show", batch_id=batch.id, show=outcome if outcome in list(Outcome) else None)


def _words(subject: Subject) -> Any:
    """Says a plain value of a field as a curator reads it."""
    places = queries.places()
    return lambda name, value: labels.value(subject, name, value, places)


def _links(subject: Subject, rows: Sequence[ImportRow]) -> dict[int, tuple[str, str]]:
    """Thing → (its name, the address of its page), of those that rows are about, or may be."""
    if subject is Subject.FIGURES:
        slugs = queries.municipalities_of(rows)
        return {id: ("", url_for("municipalities.show", slug=slug, _anchor="figures")) for id, slug in slugs.items()}
    known = queries.partners_of(rows)
    return {id: (partners.called(one), url_for("partners.show", slug=one.slug)) for id, one in known.items()}
