"""What can go wrong in the domain, named for what is wrong.

`portal.errors` turns each into a page or a problem document; no view catches them.
"""


class DomainError(Exception):
    """A refusal that the caller can do something about."""


class NotFound(DomainError):
    """There is no such thing, or the actor may not know that there is."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"no {kind} {key!r}")
        self.kind = kind
        self.key = key


class Moved(DomainError):
    """The thing has another address now: `slug` is the new one."""

    def __init__(self, kind: str, slug: str) -> None:
        super().__init__(f"{kind} moved to {slug!r}")
        self.kind = kind
        self.slug = slug


class Gone(DomainError):
    """The thing was public and has been withdrawn."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"{kind} {key!r} was withdrawn")
        self.kind = kind
        self.key = key


class Spent(Gone):
    """A mailed link that was used, has expired, was taken back or never existed: nobody learns which."""

    def __init__(self) -> None:
        super().__init__("link", "")


class Resent(DomainError):
    """A form that was taken before, with something else in it now; `place` is where it led then."""

    def __init__(self, place: str) -> None:
        super().__init__("sent before, with something else in it")
        self.place = place


class Forbidden(DomainError):
    """The actor may know of the thing but may not do this to it."""

    def __init__(self, action: str) -> None:
        super().__init__(f"not allowed: {action}")
        self.action = action


class Conflict(DomainError):
    """Somebody else changed the thing meanwhile."""


class Invalid(DomainError):
    """A value that the domain cannot accept; `field` names where it stands."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class TooMany(DomainError):
    """Too many tries in too short a time; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many tries, wait {seconds} s")
        self.seconds = seconds
