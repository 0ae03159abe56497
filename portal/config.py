"""Settings: read strictly from the environment, then instance/config.py, then the defaults.

A value that cannot be read stops the start with one line saying which and why.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MIN_SECRET = 32
# A form with a file may be 16 MB (`MAX_CONTENT_LENGTH`): what is written beside the file needs room too.
LARGEST_UPLOAD_MB = 14


class BadSetting(SystemExit):
    """A setting that cannot be read. Ends the process with its one line."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


@dataclass(frozen=True)
class Setting:
    name: str
    read: Callable[[str], Any]
    default: str


def one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}, not {value!r}")
        return value

    return read


def url(*schemes: str, optional: bool = True) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not value and optional:
            return ""
        scheme = urlsplit(value).scheme
        if scheme not in schemes:
            raise ValueError(f"must be an address beginning with {' or '.join(s + '://' for s in schemes)}")
        return value

    return read


def switch(value: str) -> bool:
    if value not in ("on", "off"):
        raise ValueError(f"must be on or off, not {value!r}")
    return value == "on"


def count(value: str) -> int:
    if not (value.isascii() and value.isdecimal()):
        raise ValueError(f"must be a whole number, not {value!r}")
    return int(value)


def megabytes(value: str) -> int:
    if not 1 <= count(value) <= LARGEST_UPLOAD_MB:
        raise ValueError(f"must be from 1 to {LARGEST_UPLOAD_MB}, not {value!r}")
    return count(value)


def mail_address(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
        raise ValueError(f"must be one e-mail address, not {value!r}")
    return value


def address_pairs(value: str) -> frozenset[str]:
    pairs = frozenset(part.strip() for part in value.split(",") if part.strip())
    for pair in pairs:
        host, _, port = pair.rpartition(":")
        if not host or not port.isdecimal():
            raise ValueError(f"must be address:port pairs parted by commas, not {pair!r}")
    return pairs


def secrets_list(value: str) -> list[str]:
    keys = [part.strip() for part in value.split(",") if part.strip()]
    if any(len(key) < MIN_SECRET for key in keys):
        raise ValueError(f"must be former secrets of {MIN_SECRET} characters or more, parted by commas")
    return keys


SETTINGS = (
    Setting("PORTAL_ENV", one_of("development", "production"), "development"),
    Setting("PORTAL_SECRET_KEY", str, ""),
    Setting("PORTAL_SECRET_KEY_FALLBACKS", secrets_list, ""),
    Setting("PORTAL_BASE_URL", url("http", "https", optional=False), "http://127.0.0.1:8000"),
    Setting("PORTAL_DATABASE_URL", url("sqlite", "postgresql", "postgres", "postgresql+psycopg"), ""),
    Setting("PORTAL_SEARCH_URL", url("whoosh"), ""),
    Setting("PORTAL_REDIS_URL", url("redis", "rediss", "unix"), ""),
    Setting("PORTAL_SMTP_URL", url("smtp", "smtps"), ""),
    Setting("PORTAL_MAIL_FROM", mail_address, ""),
    Setting("PORTAL_UPLOADS", str, ""),
    Setting("PORTAL_MAX_UPLOAD_MB", megabytes, "10"),
    Setting("PORTAL_PAGE_CACHE", switch, "on"),
    Setting("PORTAL_REMEMBER", switch, "on"),
    Setting("PORTAL_TRUSTED_PROXIES", count, "0"),
    Setting("PORTAL_CHECK_LINKS", switch, "on"),
    Setting("PORTAL_METRICS_TOKEN", str, ""),
    Setting("PORTAL_LOG_LEVEL", one_of("debug", "info", "warning", "error"), "info"),
    Setting("PORTAL_WEBSUB_HUB", url("http", "https"), ""),
    Setting("PORTAL_OUTGOING_ALLOW", address_pairs, ""),
    Setting("PORTAL_OIDC_ISSUER", url("http", "https"), ""),
    Setting("PORTAL_OIDC_CLIENT_ID", str, ""),
    Setting("PORTAL_OIDC_CLIENT_SECRET", str, ""),
    Setting("PORTAL_OIDC_NAME", str, ""),
)


def instance_folder(overrides: Mapping[str, object]) -> Path:
    """Where this machine's own files are: database, index, secret."""
    chosen = str(overrides.get("PORTAL_INSTANCE") or os.environ.get("PORTAL_INSTANCE") or ROOT / "instance")
    return Path(chosen).resolve()


def load(overrides: Mapping[str, object]) -> dict[str, Any]:
    """Return every setting, read and checked. `BadSetting` ends the start."""
    instance = instance_folder(overrides)
    from_file = _instance_file(instance / "config.py")
    settings: dict[str, Any] = {"PORTAL_INSTANCE": instance}
    for setting in SETTINGS:
        given = overrides.get(setting.name, os.environ.get(setting.name, from_file.get(setting.name, setting.default)))
        try:
            settings[setting.name] = setting.read(str(given))
        except ValueError as error:
            raise BadSetting(setting.name, str(error)) from None
    _complete(settings, instance)
    return settings


def _complete(settings: dict[str, Any], instance: Path) -> None:
    production = settings["PORTAL_ENV"] == "production"
    if production and settings["PORTAL_OUTGOING_ALLOW"]:
        raise BadSetting("PORTAL_OUTGOING_ALLOW", "must be empty when PORTAL_ENV is production")
    if not production and not settings["PORTAL_SECRET_KEY"]:
        settings["PORTAL_SECRET_KEY"] = _own_secret(instance / "secret_key")
    if len(settings["PORTAL_SECRET_KEY"]) < MIN_SECRET:
        raise BadSetting("PORTAL_SECRET_KEY", f"must be set to a secret of {MIN_SECRET} characters or more")
    _check_provider(settings)
    settings["PORTAL_BASE_URL"] = settings["PORTAL_BASE_URL"].rstrip("/")
    settings["PORTAL_DATABASE_URL"] = _database(settings["PORTAL_DATABASE_URL"], instance)
    settings["PORTAL_UPLOADS"] = _uploads(settings["PORTAL_UPLOADS"], instance)
    settings["PORTAL_SEARCH_URL"] = settings["PORTAL_SEARCH_URL"] or f"whoosh://{instance / 'search'}"


def _uploads(given: str, instance: Path) -> Path:
    folder = Path(given).resolve() if given else instance / "uploads"
    if folder.is_relative_to(ROOT / "portal"):
        raise BadSetting("PORTAL_UPLOADS", "must be outside the program: what lies there may be served to everyone")
    return folder


def _check_provider(settings: Mapping[str, Any]) -> None:
    """All that is needed to sign in by OpenID Connect, or nothing; over TLS but on this machine."""
    names = [f"PORTAL_OIDC_{word}" for word in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME")]
    given = [name for name in names if settings[name]]
    for name in names:
        if given and name not in given:
            raise BadSetting(name, f"must be set as well when {given[0]} is")
    issuer = urlsplit(settings["PORTAL_OIDC_ISSUER"])
    if issuer.scheme == "http" and issuer.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise BadSetting("PORTAL_OIDC_ISSUER", "must begin with https:// unless it is this machine")


def _database(given: str, instance: Path) -> str:
    if not given:
        return f"sqlite:///{instance / 'portal.sqlite'}"
    scheme, _, rest = given.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else given


def _own_secret(path: Path) -> str:
    """A development machine keeps a secret of its own; two first starts at once agree on one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(MIN_SECRET))
    except FileExistsError:
        pass
    except OSError as error:
        raise BadSetting("PORTAL_INSTANCE", f"cannot write {path.name} there: {error.strerror}") from None
    return path.read_text(encoding="utf-8").strip()


def _instance_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    values: dict[str, Any] = {}
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), values)  # noqa: S102  the operator's own file
    except Exception as error:  # noqa: BLE001  whatever the operator's file does wrong
        raise BadSetting(path.name, f"cannot be read: {error}") from None
    return values
