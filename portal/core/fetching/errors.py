"""What can be wrong with an address elsewhere or with what it answers."""

import http.client
import ssl

from urllib3 import exceptions


class OutgoingError(Exception):
    """The address could not be fetched; the message says why in words for a log."""


class Blocked(OutgoingError):
    """The address is one that this server must not ask."""


class BadRedirect(OutgoingError):
    """The server points on to nowhere, too often, or to where it is not safe to follow."""


class Unreachable(OutgoingError):
    """No such name, nobody there, or no trustworthy TLS."""


class TimedOut(OutgoingError):
    """The answer was not complete at the deadline."""


class TooLarge(OutgoingError):
    """The answer is larger than what is read, as sent or unpacked."""


class BadEncoding(OutgoingError):
    """The body is packed in a way that is not read."""


class BadAnswer(OutgoingError):
    """What came is not HTTP, or broke off."""


def named(error: Exception) -> OutgoingError:
    """Which of our errors one of the libraries' is."""
    if isinstance(error, OutgoingError):
        return error
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Unreachable(f"no trustworthy TLS: {text}")
    if isinstance(error, (TimeoutError, exceptions.TimeoutError)):
        return TimedOut(text)
    if isinstance(error, (exceptions.HTTPError, http.client.HTTPException)):
        return BadAnswer(text)
    return Unreachable(text)
