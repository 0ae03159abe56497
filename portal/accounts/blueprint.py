"""The blueprint that all pages about accounts hang on, whichever of the slice's rooms they are made in."""

from portal.core.web import pages

bp = pages("accounts", __name__, "/account")
