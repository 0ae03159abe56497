"""The beginning of a form that is too large to be read: the texts that came before its file, or before the longest."""

from collections.abc import Iterator
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

BEGINNING = 256 * 1024
# A browser that is still sending shows an answer only once it has been listened to; somebody who sends
# without end is not.
LISTENED_TO = 64 * 1024 * 1024
AT_ONCE = 64 * 1024
MOST_FIELDS = 500


def beginning(request: Request) -> list[tuple[str, str]]:
    """(name, value) of the texts before the first file; of a form without files, of those that are there whole."""
    kind, options = parse_options_header(request.content_type)
    stream = request.environ["wsgi.input"]
    length = min(request.content_length or 0, LISTENED_TO)
    content = stream.read(min(length, BEGINNING))
    length -= len(content)
    while length > 0 and (more := stream.read(min(length, AT_ONCE))):
        length -= len(more)
    try:
        if kind == "application/x-www-form-urlencoded":
            whole = content.decode("ascii", "replace").rpartition("&")[0]
            return parse_qsl(whole, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        if kind != "multipart/form-data" or not options.get("boundary"):
            return []
        return list(_fields(MultipartDecoder(options["boundary"].encode()), content))
    except (ValueError, UnicodeDecodeError, RequestEntityTooLarge):
        return []


def _fields(decoder: MultipartDecoder, content: bytes) -> Iterator[tuple[str, str]]:
    decoder.receive_data(content)
    name, value = "", b""
    while not isinstance(event := decoder.next_event(), (File, NeedData, Epilogue)):
        if isinstance(event, Field):
            name, value = event.name, b""
        elif isinstance(event, Data):
            value += event.data
            if not event.more_data:
                yield name, value.decode()
