"""The trace of every change, or of one partner's: filtered, readable, to take home. Nothing here changes it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.audit import AuditEntry
from portal.core.labels import action_label
from portal.core.permissions import audience, require
from portal.core.sections import Section
from portal.core.steps import filtered_url, steps
from portal.core.web import actor, page_number, pages, path_for, table_download
from portal.partners import queries as partners
from portal.partners import sections
from portal.staff import desk
from portal.staff.trail import labels, queries
from portal.staff.trail.queries import Asked, Subject

bp = pages("trail", __name__, "/staff/trail")
of_partner = pages("partner_trail", __name__, "/partners")
SECTION = Section("partner_trail.index", _l("Trace of changes"), "trail.of_partner")
"""The entry of the partner's page in the menu of its profile."""


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "trail.open", None)
    return desk.render(
        "staff/trail/index.html", **_shown(_asked()), kinds=_named(queries.kinds(), labels.kind), place=_place
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("staff")
def export(ending: str) -> ResponseReturnValue:
    require(actor(), "trail.open", None)
    return table_download("trail", ending, _columns(), _cells(queries.all_of(_asked(), actor())))


@of_partner.get("/<slug>/trace", endpoint="index")
@audience("signed_in")
def partner_index(slug: str) -> ResponseReturnValue:
    """What was done to one partner, for those who administer it."""
    partner = partners.to_work_on(slug, actor(), "trail.of_partner")
    return sections.render("staff/trail/partner.html", partner, **_shown(_asked(partner.id)))


@of_partner.get("/<slug>/trace.<any(csv, xlsx):ending>", endpoint="export")
@audience("signed_in")
def partner_export(slug: str, ending: str) -> ResponseReturnValue:
    partner = partners.to_work_on(slug, actor(), "trail.of_partner")
    rows = queries.all_of(_asked(partner.id), actor())
    return table_download(f"trail-{partner.slug}", ending, _columns(), _cells(rows))


def _shown(asked: Asked) -> dict[str, Any]:
    """What both pages show: the entries asked for, with all that is needed to read them and to ask otherwise."""
    part = queries.page(asked, actor(), page_number())
    return {
        "asked": asked,
        "entries": part.rows,
        "total": part.total,
        "steps": steps(part),
        "subjects": queries.subjects(part.rows),
        "actions": _named(queries.actions(asked, actor()), action_label),
        "action_label": action_label,
        "labels": labels,
        "url": filtered_url,
    }


def _asked(partner_id: int | None = None) -> Asked:
    given = {
        name: request.args.get(name, "").replace("\x00", "").strip()[:200]
        for name in ("who", "action", "kind", "subject", "since", "until")
    }
    days: dict[str, date | None] = {"since": None, "until": None}
    unknown = []
    for name in days:
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            unknown.append(given[name])
    return Asked(
        who=given["who"],
        action=given["action"],
        kind="" if partner_id else given["kind"],
        subject="" if partner_id else given["subject"],
        since=days["since"],
        until=days["until"],
        unknown=tuple(unknown),
        thing=("partner", partner_id) if partner_id else None,
    )


def _named(words: Sequence[str], label: Any) -> list[tuple[str, str]]:
    return sorted(((word, label(word)) for word in words), key=lambda pair: pair[1].casefold())


def _place(entry: AuditEntry, subjects: Mapping[tuple[str, str], Subject]) -> str:
    """Where the thing that an entry is about is shown; empty when nowhere."""
    found = subjects.get((entry.subject_kind, entry.subject_id))
    if found is None:
        return ""
    if entry.subject_kind == "account":
        return path_for("people.show", account_id=int(entry.subject_id))
    endpoint = labels.ENDPOINTS.get(entry.subject_kind)
    return path_for(endpoint, slug=found.slug) if endpoint else ""


def _said(entry: AuditEntry, name: str, value: Any) -> str:
    return labels.value(value, entry.subject_kind, name)


def _columns() -> Sequence[str]:
    return (_("When"), _("Who"), _("Account"), _("What"), _("Action"), _("Kind"), _("Id"), _("Thing"), _("Changes"))


def _cells(entries: Sequence[AuditEntry]) -> Iterator[Sequence[Any]]:
    subjects = queries.subjects(entries)
    nothing = Subject("")
    for entry in entries:
        changes = (
            f"{labels.field(name)}: {_said(entry, name, before)} → {_said(entry, name, after)}"
            for name, (before, after) in entry.changes.items()
        )
        yield (
            entry.at,
            entry.actor_name,
            entry.account_id,
            action_label(entry.action),
            entry.action,
            labels.kind(entry.subject_kind),
            entry.subject_id,
            subjects.get((entry.subject_kind, entry.subject_id), nothing).name,
            "\n".join(changes),
        )
