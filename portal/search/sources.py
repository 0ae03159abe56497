"""Which slices can be searched. They register from `portal.app`; search imports none of them."""

from portal.search.documents import Source

_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make a slice's things findable. Registering a kind again replaces its source."""
    _sources[source.kind] = source


def get(kind: str) -> Source | None:
    """The source of a kind, or None when nobody offers it (any more)."""
    return _sources.get(kind)


def all_sources() -> tuple[Source, ...]:
    """Every source, in the order they were registered."""
    return tuple(_sources.values())
