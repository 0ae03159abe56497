"""Which addresses may be asked: read once, and never into a network that is not public."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from portal.core.fetching.errors import BadRedirect, Blocked

PORTS = {"http": 80, "https": 443}
MAX_ADDRESS = 2_000

# Our own list: `ipaddress.is_global` of Python 3.11 calls several ranges global that are not.
_BLOCKED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # shared by carriers
            "127.0.0.0/8",
            "168.63.129.16/32",  # looks public; answers machines of one cloud with their secrets
            "169.254.0.0/16",  # link-local, and where clouds keep their metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",
        ),
    )
)
# All outside is special: mapped, compatible and NAT64 addresses; unique-, link- and site-local; multicast.
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_BLOCKED_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocols, among them Teredo, which hides an IPv4 address
            "2001:db8::/32",
            "2002::/16",  # 6to4 hides one too
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?")
_NUMERIC = re.compile(r"(?:\d+|0x[0-9a-f]*)\.?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def is_public(address: str) -> bool:
    """Whether the IP address is one of the public network."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _BLOCKED_V4)
    return ip in _PUBLIC_V6 and not any(ip in network for network in _BLOCKED_V6)


@dataclass(frozen=True, slots=True)
class Target:
    """An address, read once, so that what is checked is what is asked."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def read(cls, url: str) -> "Target":
        url = url.strip()
        if len(url) > MAX_ADDRESS or _UNSAFE.search(url):
            raise Blocked("the address is too long or has signs that no address has")
        try:
            parts = urlsplit(url)
            scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        except ValueError as error:
            raise Blocked(f"the address cannot be read: {error}") from error
        if scheme not in PORTS:
            raise Blocked("only http and https are asked")
        if "@" in parts.netloc:
            raise Blocked("the address carries credentials")
        port = PORTS[scheme] if port is None else port
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
        if parts.query:
            path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
        return cls(scheme, _ascii_host(host), port, path)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def redirected(self, location: str | None) -> "Target":
        """Where the server points to."""
        if not location:
            raise BadRedirect("the redirect names no address")
        # Header bytes come as Latin-1; servers that send other signs mean UTF-8.
        location = location.encode("latin-1", "replace").decode("utf-8", "replace")
        try:
            target = Target.read(urljoin(self.url, location))
        except (Blocked, ValueError) as error:
            raise BadRedirect(f"the redirect leads astray: {error}") from error
        if self.scheme == "https" and target.scheme == "http":
            raise BadRedirect("the redirect leads from https to http")
        return target


def _ascii_host(host: str) -> str:
    """The host as DNS knows it. Addresses are taken in their usual spelling only (not `0x7f.1`)."""
    try:
        if ":" in host and "%" not in host:
            return str(ipaddress.IPv6Address(host))
        name = host.encode("idna").decode("ascii").lower()
        if _NUMERIC.fullmatch(name.rstrip(".").rpartition(".")[2]):
            return str(ipaddress.IPv4Address(name))
    except ValueError as error:
        raise Blocked(f"not a host: {host!r}") from error
    if not _HOST.fullmatch(name):
        raise Blocked(f"not a host: {host!r}")
    return name
