"""What administrators call the parts of the portal."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

PARTS: Mapping[str, Any] = {
    "database": _l("Database"),
    "index": _l("Search index"),
    "queue": _l("Queue"),
    "mail": _l("Mail"),
    "worker": _l("Worker"),
    "disk": _l("Disk"),
}

ADVICE: Mapping[str, Any] = {
    "database": _l("See whether the database runs, and whether PORTAL_DATABASE_URL leads to it."),
    "index": _l("Searching goes on in the database meanwhile, more coarsely. Build the index anew below."),
    "queue": _l("See whether Redis runs, and whether PORTAL_REDIS_URL leads to it."),
    "mail": _l("Read below what the mail server says. See whether PORTAL_SMTP_URL is right and the worker runs."),
    "worker": _l(
        "Start it with flask work. Until then no mail goes out, no feed is fetched, and new content is not found."
    ),
    "disk": _l("Make room before uploads and saves begin to fail."),
}
"""What to do about a part that needs attention."""
INDEX_BEHIND = _l("The worker takes them in. See whether it runs.")
NO_MAIL_SERVER = _l("No mail server is set: mail is written into a folder and reaches nobody. Set PORTAL_SMTP_URL.")
SETTINGS: Mapping[str, Any] = {
    "PORTAL_BASE_URL": _l("The address that readers use; mail, feeds and calendars lead there"),
    "PORTAL_CHECK_LINKS": _l("Whether the worker looks at links to elsewhere"),
    "PORTAL_DATABASE_URL": _l("Where the database is"),
    "PORTAL_ENV": _l("Production on every server that others reach"),
    "PORTAL_INSTANCE": _l("Where this machine’s own files are"),
    "PORTAL_LOG_LEVEL": _l("How much is logged"),
    "PORTAL_MAIL_FROM": _l("The address that mail comes from and readers write to"),
    "PORTAL_MAX_UPLOAD_MB": _l("The largest file that is taken, in MB"),
    "PORTAL_METRICS_TOKEN": _l("Opens the measurements to other machines"),
    "PORTAL_OIDC_CLIENT_ID": _l("Sign-in by an OpenID Connect provider: how it knows us"),
    "PORTAL_OIDC_CLIENT_SECRET": _l("Sign-in by an OpenID Connect provider: the secret"),
    "PORTAL_OIDC_ISSUER": _l("Sign-in by an OpenID Connect provider: its address"),
    "PORTAL_OIDC_NAME": _l("Sign-in by an OpenID Connect provider: what people call it"),
    "PORTAL_OUTGOING_ALLOW": _l("Addresses that may be fetched although not public; for tests"),
    "PORTAL_PAGE_CACHE": _l("Whether finished pages are kept"),
    "PORTAL_REDIS_URL": _l("Where background work waits; without it in a file"),
    "PORTAL_REMEMBER": _l("Whether anything is remembered from one page to the next"),
    "PORTAL_SEARCH_URL": _l("Where the search index is"),
    "PORTAL_SECRET_KEY": _l("Signs cookies and links; the same on every machine"),
    "PORTAL_SMTP_URL": _l("The mail server; without it mail is written into a folder"),
    "PORTAL_TRUSTED_PROXIES": _l("How many proxies stand in front"),
    "PORTAL_UPLOADS": _l("Where the files of projects and partners are"),
    "PORTAL_WEBSUB_HUB": _l("The hub that is told of news"),
}
"""What each setting is for."""

name_actions(
    {
        "search.rebuild_ordered": _l("Search index to be built anew"),
        "mail.tried_again": _l("Mail tried again"),
    }
)
