"""What readers call what municipalities are compared by."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter
from portal.municipalities.peers.distance import Measure

enter(
    Measure,
    {
        Measure.POPULATION: _l("Population"),
        Measure.DENSITY: _l("Inhabitants per km²"),
        Measure.AREA: _l("Area, km²"),
        Measure.GROWTH: _l("Growth in per cent"),
        Measure.REGION: _l("Region"),
        Measure.GROUP: _l("Municipality group"),
    },
)
