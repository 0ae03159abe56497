"""Suggestions of what a text names, from the directory as it is."""

import csv

import pytest
from flask import Flask

from portal.core.bilingual import Language
from portal.core.permissions import VISITOR, Actor, Role
from portal.news import mentions
from portal.projects.models import Visibility
from portal.search import names
from tests.make import Make
from tests.test_house import ROOT

# Named by the texts, though the source does not list them: looked over by hand.
ALSO_NAMED = {("n034", "doll"), ("n043", "greenlab"), ("n055", "dtu"), ("n082", "doll")}


@pytest.mark.sqlite_only
def test_the_news_of_the_reference_data_name_what_is_suggested(reference: Flask) -> None:
    """No wrong partner or project in 96 texts; what the texts do not name cannot be found in them."""
    with (ROOT / "data/news.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong, right, towns = set(), 0, 0
    with reference.test_request_context("/en/"):
        slugs = {(kind, id_): one.slug for kind, of in names.all_kinds().items() for id_, one in of.entries().items()}
        for row in rows:
            listed = {*row["partner_ids"].split(";"), *row["project_ids"].split(";")}
            for one in mentions.find(f"{row['title']}. {row['summary']}"):
                slug = slugs[one.kind, one.id]
                if one.kind == "municipality":
                    towns += 1
                elif slug in listed or (row["news_id"], slug) in ALSO_NAMED:
                    right += 1
                else:
                    wrong.add((row["news_id"], slug, one.matched))
    assert wrong == set()
    assert right >= 145
    assert towns >= 50


def test_suggestions_are_in_the_language_asked_for_and_only_what_may_be_seen(app: Flask, make: Make) -> None:
    dtu = make.partner("Danmarks Tekniske Universitet", name_en="Technical University of Denmark", slug="dtu")
    hidden = make.project("Hidden work", visibility=Visibility.MEMBERS, acronym="HIDE")
    text = "**DTU**s forskere i [HIDE](https://example.org/DTU) og HIDE igen"
    editor = Actor(1, "Editor", roles=frozenset({Role.EDITOR}))

    def found(language: Language, actor: Actor) -> list[tuple[str, int, str, str]]:
        return [(one.kind, one.id, one.name, one.matched) for one in mentions.find(text, language, actor)]

    with app.test_request_context("/en/"):
        assert found("da", VISITOR) == [("partner", dtu.id, "Danmarks Tekniske Universitet", "DTUs")]
        assert found("en", editor) == [
            ("partner", dtu.id, "Technical University of Denmark", "DTUs"),
            ("project", hidden.id, "Hidden work", "HIDE"),
        ]
    later = make.partner("Nordisk Varme")
    with app.test_request_context("/en/"):
        assert [one.id for one in mentions.find("Nordisk Varmes net")] == [later.id]
