"""The address of a story: the same wherever it was linked from, and without whoever followed the reader there."""

import re
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"utm_.*|(?:fb|g|dc|ms|tw|y)clid|gclsrc|wbraid|gbraid|igshid|mc_[ce]id|_hs(?:enc|mi)|hsCtaTracking|mkt_tok|"
    r"(?:pk|mtm|matomo|piwik)_.*|at_(?:medium|campaign|custom\d)|oly_(?:anon|enc)_id|vero_(?:id|conv)|"
    r"wt_?(?:mc|zmc).*|s_cid|ns_(?:campaign|mchannel|source|linkname|fee)|_ga|_gl|spm|trk|cmpid|"
    r"rss|source_feed|fromrss|__s|ref_src",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_SPACE = re.compile(r"[\x00-\x20]+")
LONGEST = 2_000
_WWW = re.compile(r"www\d?\.")


def absolute(link: str, base: str) -> str:
    """A link of a page or feed at `base`, as an http or https address; empty for every other kind."""
    try:
        whole = urljoin(base, link.strip()) if link.strip() else ""
        parts = urlsplit(whole)
        is_sound = parts.scheme in _PORTS and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    whole = _SPACE.sub("%20", whole)
    return whole if is_sound and len(whole) <= LONGEST and whole.isprintable() else ""


def typed(text: str) -> str:
    """The address that somebody typed, with or without its scheme; empty where it is none."""
    text = text.strip()
    whole = text if re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE) else f"https://{text}"
    url = canonical(absolute(whole, ""))
    return url if "." in (urlsplit(url).hostname or "") or ":" in urlsplit(url).netloc else ""


def canonical(url: str) -> str:
    """The address without trackers, fragment and usual port; empty for what is no http or https address."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        return ""
    host = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[parts.scheme]:
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme, host, parts.path or "/", _untracked(parts.query), ""))


def _untracked(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    return query if len(kept) == len(pairs) else urlencode(kept)


def digest(url: str) -> str:
    """What tells a story's canonical address from others. Spellings that servers take for the same are the same."""
    parts = urlsplit(url)
    host = _WWW.sub("", parts.netloc, count=1)
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return sha256(f"{host}{parts.path.rstrip('/')}?{query}".encode("utf-8", "replace")).hexdigest()


def is_front_page(url: str) -> bool:
    """Whether the address is that of a whole site, which tells no story from another."""
    parts = urlsplit(url)
    return not parts.path.strip("/") and not parts.query


_LANGUAGE_PART = re.compile(r"(?:da|dk|da-dk|en|en-gb|en-us|uk|gb)", re.IGNORECASE)
_LANGUAGE_NAMES = frozenset({"lang", "language", "locale", "hl", "l", "sprog", "culture"})
_TAG = re.compile(r"tag:[^:]+:(.+)")


def either(url: str) -> str:
    """The digest of an address without the language that stands in it as a part of its own, if one does.

    The same for `/nyt/7`, `/en/nyt/7` and `/nyt/7?lang=da`. Empty for a front page, and where that cannot be told.
    """
    parts = urlsplit(url)
    steps = [one for one in parts.path.split("/") if one]
    spoken = [at for at, one in enumerate(steps) if _LANGUAGE_PART.fullmatch(one)]
    pairs = [tuple(pair.partition("=")[::2]) for pair in parts.query.split("&") if pair]
    named = [one for one in pairs if one[0].lower() in _LANGUAGE_NAMES and _LANGUAGE_PART.fullmatch(one[1])]
    if len(spoken) + len(named) > 1:
        return ""
    left = [one for at, one in enumerate(steps) if at not in spoken]
    query = "&".join(f"{name}={value}" for name, value in sorted(pairs) if (name, value) not in named)
    if not left and not query:
        return ""
    host = _WWW.sub("", parts.netloc, count=1)
    return sha256(f"{host}/{'/'.join(left)}?{query}".encode("utf-8", "replace")).hexdigest()


def either_tag(guid: str) -> str:
    """The same of an identifier that is no address (RFC 4151): `tag:example.org,2026:da:article:7`."""
    found = _TAG.fullmatch(guid)
    words = found[1].split(":") if found else []
    left = [word for word in words if not _LANGUAGE_PART.fullmatch(word)]
    if len(words) - len(left) != 1 or not left:
        return ""
    authority = guid[: -len(found[1])] if found else ""
    return sha256(f"{authority}{':'.join(left)}".encode("utf-8", "replace")).hexdigest()
