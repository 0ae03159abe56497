"""Addresses that open a film at a moment, on the sites that know such addresses."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

YOUTUBE = ("youtube.com", "youtube-nocookie.com", "youtu.be")


def at(url: str, second: int) -> str:
    """The film at a second; empty where the site has no address for that."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host in YOUTUBE:
        query = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("t", "start")]
        return urlunsplit(parts._replace(query=urlencode([*query, ("t", f"{second}s")])))
    if host == "vimeo.com":
        return urlunsplit(parts._replace(fragment=f"t={second}s"))
    return ""
