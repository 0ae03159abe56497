"""Where the pages keep what is being written (js/autosave.js), and where it is thrown away."""

from urllib.parse import parse_qsl

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.blueprint import bp
from portal.accounts.browser import has_page, safe_next
from portal.accounts.drafts import operations
from portal.core import clock, kept
from portal.core.db import transaction
from portal.core.forms import cleaned, typed
from portal.core.permissions import audience
from portal.core.web import actor

MOST_FIELDS = 500
LONGEST_PATH = 400


@bp.post("/drafts")
@audience("signed_in")
def save_draft() -> ResponseReturnValue:
    """`path` is the page's, `fields` its form as a browser would send it."""
    path = _path_of_ours()
    written = request.form.get("fields", "")
    if len(written) > 4 * kept.MOST_CHARACTERS:  # percent-encoded
        abort(413)
    try:
        fields = parse_qsl(written, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        abort(400)
    with transaction():
        operations.save(path, [(name, cleaned(value)) for name, value in typed(fields)], actor=actor(), now=clock.now())
    return "", 204


@bp.post("/drafts/drop")
@audience("signed_in")
def drop_draft() -> ResponseReturnValue:
    path = _path_of_ours()
    with transaction():
        operations.drop(path, actor=actor())
    return redirect(path, 303)


def _path_of_ours() -> str:
    path = safe_next(request.form.get("path"), "")
    if not path.startswith(url_for("overview.front")) or len(path) > LONGEST_PATH or "?" in path or not has_page(path):
        abort(400)
    return path
