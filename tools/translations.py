"""Keep the catalogues of the interface: `update` collects texts, `check` finds gaps, `compile` makes them usable.

English is what the code says, so its catalogue fills itself. Danish is written by a person in
portal/translations/da/LC_MESSAGES/messages.po; a new text stands there empty until it is.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("da", "en")
SOURCE = "en"
SHOWN = 40
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
HEADER = """\
# {language}: the interface of the portal.
# Collected by `make translations`; translations are written by hand."""


def main(arguments: list[str]) -> None:
    match arguments:
        case ["update"]:
            update()
        case ["check"]:
            check()
        case ["compile"]:
            compile_changed()
        case _:
            sys.exit("usage: python tools/translations.py update|check|compile")


def update() -> None:
    """Bring both catalogues in step with the code and compile them."""
    template = _extract()
    for language in LANGUAGES:
        catalog = _read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        if language == SOURCE:
            _fill(catalog)
        _write(catalog, language)
        gaps = sum(1 for message in _messages(catalog) if not _is_complete(message))
        print(f"{language}: {sum(1 for _ in _messages(catalog))} texts, {gaps} to translate")
    compile_changed()


def check() -> None:
    """End with every gap named when a catalogue is not complete or not in step with the code."""
    template = {_key(message) for message in _messages(_extract())}
    problems: list[str] = []
    for language in LANGUAGES:
        catalog = _read(language)
        known = {_key(message) for message in _messages(catalog)}
        problems += [f"{language}: not collected yet: {text!r}" for text, _context in sorted(template - known)]
        problems += [f"{language}: no longer used: {text!r}" for text, _context in sorted(known - template)]
        for message in _messages(catalog):
            if not _is_complete(message):
                problems.append(f"{language}: not translated: {_plain(message.id)!r}")
            elif message.fuzzy:
                problems.append(f"{language}: only guessed: {_plain(message.id)!r}")
            else:
                problems += [f"{language}: {_plain(message.id)!r}: {error}" for error in message.check(catalog)]
    if problems:
        rest = [f"and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
        sys.exit(
            "\n".join([*problems[:SHOWN], *rest, "`make translations` collects; Danish is written in its messages.po."])
        )


def compile_changed() -> None:
    """Make the .mo of each catalogue that is younger than its last one."""
    for language in LANGUAGES:
        source, target = _path(language), _path(language).with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        made = io.BytesIO()
        write_mo(made, _read(language))
        new = target.with_suffix(".mo.new")
        new.write_bytes(made.getvalue())
        new.replace(target)


def _path(language: str) -> Path:
    return ROOT / "portal/translations" / language / "LC_MESSAGES/messages.po"


def _extract() -> Catalog:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        method_map, options_map = parse_mapping_cfg(file, "babel.cfg")
    found = Catalog()
    for name, line, text, comments, context in extract_from_dir(
        ROOT, method_map, options_map, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        found.add(text, None, [(name, line)], auto_comments=comments, context=context)
    return found


def _read(language: str) -> Catalog:
    if not _path(language).exists():
        return Catalog(locale=language)
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def _write(catalog: Catalog, language: str) -> None:
    """Without dates and line numbers: two people's changes then meet only where both wrote."""
    made = io.BytesIO()
    write_po(made, catalog, width=110, omit_header=True, include_lineno=False, sort_by_file=False, sort_output=True)
    plural = f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};"
    head = "\n".join(
        [
            HEADER.format(language={"da": "Danish", "en": "English"}[language]),
            'msgid ""',
            'msgstr ""',
            f'"Language: {language}\\n"',
            '"MIME-Version: 1.0\\n"',
            '"Content-Type: text/plain; charset=utf-8\\n"',
            '"Content-Transfer-Encoding: 8bit\\n"',
            f'"Plural-Forms: {plural}\\n"',
        ]
    )
    _path(language).parent.mkdir(parents=True, exist_ok=True)
    _path(language).write_bytes(f"{head}\n\n".encode() + made.getvalue().strip() + b"\n")


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _fill(catalog: Catalog) -> None:
    for message in _messages(catalog):
        if not _is_complete(message):
            message.string = message.id


def _is_complete(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _key(message: Message) -> tuple[str, str]:
    """What tells two texts apart: the (singular) English and its context."""
    return _plain(message.id), message.context or ""


def _plain(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


if __name__ == "__main__":
    main(sys.argv[1:])
