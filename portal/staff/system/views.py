"""How the portal is, for administrators: parts, mail that does not go out, settings in force."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import audience, require
from portal.core.web import actor, pages
from portal.staff import desk
from portal.staff.system import labels, operations, queries, vitals

bp = pages("system", __name__, "/staff/system")

MAILS = 50


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "system.manage", None)
    return desk.render(
        "staff/system/index.html",
        form=PortalForm(),
        vitals=vitals.take(clock.now()),
        labels=labels,
        mails=queries.troubled_mail(MAILS),
        settings=[
            (name, value or _("not set"), str(labels.SETTINGS.get(name, ""))) for name, value in vitals.settings()
        ],
        versions=vitals.versions(),
    )


@bp.post("/search-rebuild")
@audience("staff")
def rebuild() -> ResponseReturnValue:
    require(actor(), "system.manage", None)

    def act() -> str:
        operations.order_rebuild(actor=actor(), now=clock.now())
        flash(_("The worker builds the search index anew; searching goes on meanwhile."), "success")
        return url_for(".index")

    return submit_once(PortalForm(), act)


@bp.post("/mail/<int:mail_id>/again")
@audience("staff")
def mail_again(mail_id: int) -> ResponseReturnValue:
    require(actor(), "system.manage", None)
    mail = queries.troubled(mail_id)

    def act() -> str:
        operations.try_again(mail, actor=actor(), now=clock.now())
        flash(_("The mail is tried again."), "success")
        return url_for(".index")

    return submit_once(PortalForm(), act)
