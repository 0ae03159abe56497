"""What helps whoever writes an article: what its text names, to be linked, and what may be better.

The form's page shows both when it is made (`writing_aids`, a template global); js/aids.js asks for them anew while
somebody types.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.core.bilingual import LANGUAGES, Language
from portal.core.permissions import audience
from portal.core.web import actor, pages
from portal.news import checking, mentions
from portal.news.aids import wording
from portal.news.editing.forms import LONGEST_BODY
from portal.news.models import Article
from portal.news.pictures import queries as pictures

bp = pages("writing_aids", __name__, "/news/writing")

FIELDS = {"partner": "partner_ids", "project": "project_ids", "municipality": "municipality_ids"}
"""Kind of thing → the form's field in which it is linked."""
TEXTS = tuple(f"{pair}_{language}" for language in LANGUAGES for pair in ("title", "standfirst", "body"))
MOST_SUGGESTED = 20


@dataclass(frozen=True)
class Aids:
    """What is said beside a form; `suggestions` are field, id, name and how the text says it."""

    suggestions: Sequence[tuple[str, int, str, str]]
    findings: Mapping[Language, Sequence[str]]
    length: Mapping[Language, str]

    @property
    def open(self) -> int:
        """How many things there are to look at."""
        return sum(map(len, self.findings.values()))


@bp.post("/aids")
@audience("signed_in")
def aids() -> ResponseReturnValue:
    """For js/aids.js: what is said of the texts that are sent, as the form has them."""
    texts = {name: request.form.get(name, "")[:LONGEST_BODY] for name in TEXTS}
    picked = {field: {int(one) for one in request.form.getlist(field) if one.isdecimal()} for field in FIELDS.values()}
    return render_template("news/aids/answer.html", aids=_aids(texts, picked))


@bp.app_template_global("writing_aids")
def writing_aids(form: Any, article: Article | None) -> Aids:
    """What is said of an article's form as it stands."""
    texts = {name: form[name].data or "" for name in TEXTS}
    picked = {field: set(form[field].data or ()) for field in FIELDS.values()}
    return _aids(texts, picked, article)


@bp.app_template_global("still_open")
def still_open(article: Article) -> Mapping[Language, Sequence[str]]:
    """What may be better in an article as it is saved, by language; nothing of it keeps it from being published."""
    return _findings(checking.check(_texts(article), pictures.without_words(article.id)))


def _texts(article: Article) -> dict[str, str]:
    return {name: getattr(article, name) or "" for name in TEXTS}


def _aids(texts: Mapping[str, str], picked: Mapping[str, set[int]], article: Article | None = None) -> Aids:
    whole = "\n\n".join(texts[name] for name in TEXTS)
    named = [
        (FIELDS[one.kind], one.id, one.name, one.matched)
        for one in mentions.find(whole, actor=actor())
        if one.kind in FIELDS and one.id not in picked[FIELDS[one.kind]]
    ]
    checked = checking.check(texts, pictures.without_words(article.id) if article else None)
    length = {language: wording.length(reading) for language, reading in checked.reading.items()}
    return Aids(named[:MOST_SUGGESTED], _findings(checked), length)


def _findings(checked: checking.Checked) -> dict[Language, list[str]]:
    found: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
    for finding in checked.findings:
        found[finding.language].append(wording.said(finding))
    return found
