"""What projects, partners, news and data are about."""

from enum import StrEnum


class Theme(StrEnum):
    ENERGY = "energy"
    HEAT = "heat"
    MOBILITY = "mobility"
    WATER = "water"
    BUILDINGS = "buildings"
    WASTE = "waste"
    DATA = "data"
    HEALTH = "health"
    GOVERNANCE = "governance"
    PLANNING = "planning"
    CLIMATE = "climate"
