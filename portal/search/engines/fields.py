"""The fields of an indexed document: whose words they keep, what these are called there and what each is worth."""

from dataclasses import fields as dataclass_fields
from typing import Any

from portal.core.bilingual import LANGUAGES, Language
from portal.search.documents import Document
from portal.search.text import Forms, clean, one_line

MAX_BODY = 20_000

# Field → weight and how much a long field is held against a document (BM25F's b).
NAME = "name"
EXACT = "exact"
WEIGHTS: dict[str, tuple[float, float]] = {
    NAME: (4.0, 0.5),
    "title_da": (3.0, 0.4),
    "title_en": (3.0, 0.4),
    "summary_da": (1.5, 0.5),
    "summary_en": (1.5, 0.5),
    "body_da": (1.0, 0.75),
    "body_en": (1.0, 0.75),
}
TEXT_FIELDS = tuple(WEIGHTS)


# What of a document is kept as it stands, for whoever is shown it.
STORED = tuple(
    field.name
    for field in dataclass_fields(Document)
    if field.name not in ("themes", "partners", "municipalities", "years", "date")
)

# The language whose stems a field holds; None for neutral forms.
LANGUAGE_OF: dict[str, Language | None] = {
    field: next((language for language in LANGUAGES if field.endswith(f"_{language}")), None) for field in TEXT_FIELDS
}


def form_in(field: str, found: Forms) -> str:
    """What a word is called in a field, "" when it is not kept there."""
    language = LANGUAGE_OF[field]
    return found.of(language) if language else found.neutral


def kept_texts(document: Document) -> dict[str, Any]:
    """What is stored of a document, its texts on one line and no longer than anybody searches."""
    texts = {name: getattr(document, name) for name in STORED}
    for field in TEXT_FIELDS:
        if field != NAME:
            texts[field] = one_line(clean(texts[field]))[:MAX_BODY]
    texts["names"] = tuple(clean(name) for name in document.names)
    return texts
