"""Static files at addresses that change with their content, so that browsers may keep them for ever."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise
from whitenoise.responders import MissingFileError, StaticFile
from whitenoise.string_utils import decode_path_info

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOLDER = Path(__file__).resolve().parent.parent / "static"
PREFIX = "/static/"
FOR_EVER = ("Cache-Control", "public, max-age=31536000, immutable")


def url(name: str) -> str:
    """`/static/css/main.css?v=1a2b3c4d`; the file's own address when it is not there."""
    version = _version(name)
    return f"{PREFIX}{name}?v={version}" if version else f"{PREFIX}{name}"


def _version(name: str) -> str:
    path = FOLDER / name
    try:
        return _digest(path, path.stat().st_mtime_ns) if path.is_file() else ""
    except OSError:
        return ""


@lru_cache(maxsize=512)
def _digest(path: Path, _modified: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:8]


class StaticFiles(WhiteNoise):
    """WSGI middleware that serves the static folder, compressed where a .br or .gz lies beside the file.

    With the version of the content in the address a file is immutable; without it, browsers ask each
    time. A second node that runs another release still answers both.
    """

    def __init__(self, app: "WSGIApplication", *, recheck: bool) -> None:
        super().__init__(
            app,
            root=str(FOLDER),
            prefix=PREFIX,
            autorefresh=recheck,
            max_age=0,
            allow_all_origins=False,
            add_headers_function=_add_headers,
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.application(environ, start_response)
        path = decode_path_info(path)
        found = self.find_file(path) if self.autorefresh else self.files.get(path)
        if found is None:
            return self.application(environ, start_response)
        query = environ.get("QUERY_STRING", "")
        if query.startswith("v=") and query[2:] == _version(path[len(PREFIX) :]):
            start_response = _kept_for_ever(start_response)
        return self.serve(found, environ, start_response)

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """The file with its compressed variants, except those older than the file itself."""
        if not Path(path).is_file():
            raise MissingFileError(path)
        made = Path(path).stat().st_mtime_ns
        variants = {"gzip": f"{path}.gz", "br": f"{path}.br"}
        current = {
            coding: variant
            for coding, variant in variants.items()
            if Path(variant).is_file() and Path(variant).stat().st_mtime_ns >= made
        }
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        _add_headers(headers, path, url)
        return StaticFile(path, headers.items(), stat_cache=stat_cache, encodings=current)


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _kept_for_ever(start_response: "StartResponse") -> "StartResponse":
    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        kept = [pair for pair in headers if pair[0].lower() != "cache-control"]
        return start_response(status, [*kept, FOR_EVER], exc_info)

    return start
