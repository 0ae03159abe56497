"""The municipalities most like one, by weights of the reader's choice, and how that is worked out."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.permissions import audience
from portal.core.web import actor, pages
from portal.municipalities import labels, queries
from portal.municipalities.peers import queries as peers
from portal.municipalities.peers import weights
from portal.municipalities.peers.distance import Measure
from portal.progress import queries as progress
from portal.progress.ahead import queries as ahead

bp = pages("peers", __name__, "/municipalities")

SHOWN = 12


@bp.get("/<slug>/peers")
@audience("everyone")
def index(slug: str) -> ResponseReturnValue:
    municipality = queries.by_slug(slug)
    day = clock.today()
    asked = weights.read(request.args)
    register = peers.register(day)
    near = register.nearest(municipality.id, asked.weights)
    return render_template(
        "municipalities/peers/index.html",
        municipality=municipality,
        register=register,
        near=near,
        shown_peers=near[:SHOWN],
        counting=sum(1 for weight in asked.weights.values() if weight),
        asked=asked,
        choices=weights.CHOICES,
        measures=list(Measure),
        regions=queries.region_names(
            {str(one.values[Measure.REGION]) for one in register.facts.values() if Measure.REGION in one.values}
        ),
        steps=ahead.steps(municipality.id, day, actor(), asked.weights),
        stage_names=progress.STAGE_NAMES,
        words=labels,
    )
