"""The pages of the municipalities, which hang in several rooms."""

from portal.core.web import pages

bp = pages("municipalities", __name__, "/municipalities")
