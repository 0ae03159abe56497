"""The trace of every change, for administrators: filtered, readable, to take home. Nothing here changes it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.audit import AuditEntry
from portal.core.labels import action_label
from portal.core.permissions import audience, require
from portal.core.web import actor, pages, path_for, table_download
from portal.staff import desk
from portal.staff.paging import filtered_url, page_number
from portal.staff.trail import labels, queries
from portal.staff.trail.queries import Asked, Subject

bp = pages("trail", __name__, "/staff/trail")


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "trail.open", None)
    asked, number = _asked(), page_number()
    entries, total = queries.page(asked, actor(), number)
    return desk.render(
        "staff/trail/index.html",
        asked=asked,
        entries=entries,
        total=total,
        subjects=queries.subjects(entries),
        place=_place,
        actions=_named(queries.actions(), action_label),
        kinds=_named(queries.kinds(), labels.kind),
        action_label=action_label,
        labels=labels,
        page=number,
        pages=max(1, -(-total // queries.PER_PAGE)),
        url=filtered_url,
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("staff")
def export(ending: str) -> ResponseReturnValue:
    require(actor(), "trail.open", None)
    return table_download("trail", ending, _columns(), _cells(queries.all_of(_asked(), actor())))


def _asked() -> Asked:
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
    words = {name: given[name] for name in ("who", "action", "kind", "subject")}
    return Asked(**words, since=days["since"], until=days["until"], unknown=tuple(unknown))


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


def _columns() -> Sequence[str]:
    return (_("When"), _("Who"), _("Account"), _("What"), _("Action"), _("Kind"), _("Id"), _("Thing"), _("Changes"))


def _cells(entries: Sequence[AuditEntry]) -> Iterator[Sequence[Any]]:
    subjects = queries.subjects(entries)
    nothing = Subject("")
    for entry in entries:
        changes = (
            f"{labels.field(name)}: {labels.value(before)} → {labels.value(after)}"
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
