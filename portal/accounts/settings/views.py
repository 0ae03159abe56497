"""What people decide about their own accounts."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import queries
from portal.accounts.blueprint import bp
from portal.accounts.sections import render
from portal.accounts.settings import operations
from portal.accounts.settings.forms import ProfileForm
from portal.core import clock
from portal.core.forms import submit_once
from portal.core.permissions import audience
from portal.core.web import actor


@bp.route("/settings", methods=["GET", "POST"])
@audience("signed_in")
def settings() -> ResponseReturnValue:
    account = queries.own(actor())
    form = ProfileForm(obj=account)
    if form.validate_on_submit():
        if not form.meet(ProfileForm(formdata=None, obj=account)):

            def act() -> str:
                operations.revise(account, form.details(), actor=actor(), now=clock.now())
                return url_for(".settings", language=account.locale)

            answer = submit_once(form, act)
            flash(_("Your changes are saved."), "success")
            return answer
        form.name.errors = [_("This was changed in another window meanwhile. Look it over and save again.")]
        form.rebase(ProfileForm(formdata=None, obj=account))
    return render("accounts/settings.html", form=form), 422 if form.errors else 200
