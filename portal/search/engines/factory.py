"""Which engine a `PORTAL_SEARCH_URL` means and where it keeps its index."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from portal.search.engines.base import Engine


def engine_at(url: str) -> tuple[Engine, Path]:
    """The engine and the folder of its index. ValueError says what is wrong with the address."""
    parts = urlsplit(url)
    if parts.scheme != "whoosh":
        raise ValueError(f"PORTAL_SEARCH_URL: no search engine is called {parts.scheme!r}, only whoosh:///path")
    path = Path(unquote(parts.path))
    if parts.netloc or not path.is_absolute():
        raise ValueError("PORTAL_SEARCH_URL: needs an absolute path, as in whoosh:///var/lib/portal/search")
    # Whoosh costs 60 ms to import; commands that never search need not pay it.
    from portal.search.engines.whoosh import WhooshEngine

    return WhooshEngine(), path
