"""Partners that look alike, and merging two of them with a preview of everything that follows."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import clock, paging
from portal.core.forms import PortalForm, submit_once
from portal.core.labels import label
from portal.core.permissions import audience, require
from portal.core.steps import steps
from portal.core.web import actor, page_number, pages
from portal.partners import labels as words
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.staff import desk
from portal.staff.merging import follow, labels, operations, queries
from portal.staff.merging.forms import PairForm

bp = pages("staff_merging", __name__, "/staff/merge")


@bp.get("/duplicates")
@audience("staff")
def duplicates() -> ResponseReturnValue:
    require(actor(), "partner.curate", None)
    part = paging.cut(queries.suggested(), page_number())
    pairs = part.rows
    known = queries.by_ids([one for pair in pairs for one in (pair.one, pair.other)])
    shown = [(pair, known[pair.one], known[pair.other]) for pair in pairs if pair.one in known and pair.other in known]
    return desk.render(
        "staff/merging/duplicates.html",
        pairs=shown,
        steps=steps(part),
        form=PortalForm(formdata=None),
        called=partners.called,
    )


@bp.post("/apart/<first>/<second>")
@audience("staff")
def apart(first: str, second: str) -> ResponseReturnValue:
    form = PortalForm()

    def act() -> str:
        one, other = queries.to_merge(first), queries.to_merge(second)
        operations.tell_apart(one, other, actor=actor(), now=clock.now())
        names = {"one": one.called(), "other": other.called()}
        flash(_("%(one)s and %(other)s are two. Nobody is asked again.", **names), "success")
        return _next(url_for(".duplicates"))

    return submit_once(form, act)


@bp.get("")
@audience("staff")
def choose() -> ResponseReturnValue:
    """Two partners to look at side by side."""
    require(actor(), "partner.curate", None)
    form = PairForm(request.args, meta={"csrf": False})
    form.stays.choices = form.goes.choices = [
        SelectChoice("", _("Choose …")),
        *(SelectChoice(*one) for one in queries.choices()),
    ]
    asked = bool(request.args.get("stays") and request.args.get("goes"))
    if asked and form.validate():
        if form.stays.data != form.goes.data:
            return redirect(url_for(".preview", stays=form.stays.data, goes=form.goes.data), 303)
        form.goes.errors = [_("Choose two different partners.")]
    return desk.render("staff/merging/choose.html", form=form), 422 if asked else 200


@bp.route("/<stays>/<goes>", methods=["GET", "POST"])
@audience("staff")
def preview(stays: str, goes: str) -> ResponseReturnValue:
    """Field by field which value stays, and what follows; then the merge."""
    require(actor(), "partner.curate", None)
    keeper, goer = queries.to_merge(stays), queries.to_merge(goes)
    form = PortalForm()
    if form.validate_on_submit():
        taken = [field for field in operations.FIELDS if request.form.get(f"field-{field}") == "theirs"]

        def act() -> str:
            names = {"goes": goer.called(), "stays": keeper.called()}
            operations.merge(keeper, goer, taken, actor=actor(), now=clock.now())
            flash(_("%(goes)s is part of %(stays)s now, with everything that belonged to it.", **names), "success")
            return _next(url_for("staff_directory.show", slug=keeper.slug))

        return submit_once(form, act)
    return desk.render(
        "staff/merging/preview.html",
        form=form,
        stays=keeper,
        goes=goer,
        fields=_fields(keeper, goer),
        following=follow.told(operations.following(keeper, goer), keeper),
    ), 422 if form.errors else 200


def _next(otherwise: str) -> str:
    """Where a decision leads: to the next pair that waits, where one does."""
    return url_for(".duplicates", _anchor=desk.FIRST) if queries.suggested() else otherwise


def _fields(stays: Partner, goes: Partner) -> list[dict[str, Any]]:
    """Each field with both values; what is blank here is taken from the other unless somebody chooses otherwise."""
    seats = dict(partners.seats((stays.municipality_id, goes.municipality_id)))

    def shown(partner: Partner, field: str) -> str:
        value = getattr(partner, field)
        if field == "type":
            return label(value)
        if field == "country":
            return words.country(value)
        if field == "municipality_id":
            return seats.get(value, "")
        return str(value or "")

    rows = [
        {
            "name": field,
            "label": labels.FIELDS[field],
            "mine": shown(stays, field),
            "theirs": shown(goes, field),
        }
        for field in operations.FIELDS
    ]
    return [
        {**row, "differs": row["mine"] != row["theirs"], "takes": not row["mine"]}
        for row in rows
        if row["mine"] or row["theirs"]
    ]
