"""Pictures of an article: added, described, cut around what matters, and seen by whoever sees the article."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from portal.core import clock, uploads
from portal.core.db import db, transaction
from portal.core.permissions import SYSTEM, Role
from portal.core.pictures import Focus, Shape, height_at, sized, widths
from portal.editorial import operations as editorial
from portal.editorial.models import Purpose
from portal.news.models import Article, State
from portal.search.outbox import touch
from tests.make import Make
from tests.page import Page


def _picture(width: int = 1800, height: int = 900, format_: str = "PNG") -> bytes:
    """Red on the left, blue on the right: what is cut out shows by its colour."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    made = io.BytesIO()
    picture.save(made, format_)
    return made.getvalue()


def _file(content: bytes, name: str = "tower.png") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


WORDS = {"alt_da": "Et tårn ved havnen", "alt_en": "A tower by the harbour", "credit": "Photo: Harbour archive"}


@pytest.fixture
def desk(client: Any, make: Make) -> Any:
    return client.sign_in(make.account(roles=[Role.EDITOR]))


def _without_id(page: bytes) -> bytes:
    """A page that says which address was asked for, without the number in it."""
    return re.sub(rb"/pictures/\d+/", b"", page)


def _add(client: Any, article: Article, **fields: Any) -> None:
    address = f"/en/news/writing/{article.id}/pictures"
    client.submit(address, **{"picture": _file(_picture()), **WORDS, **fields})


def test_a_picture_is_added_described_put_first_and_removed(app: Flask, desk: Any, make: Make) -> None:
    article = make.article("Harbour heat", title_da="Havnevarme", standfirst_en="Warm.")
    base = f"/en/news/writing/{article.id}/pictures"
    _add(desk, article, focus_x="90", focus_y="10")
    _add(desk, article, picture=_file(_picture(600, 600, "JPEG"), "square.jpg"), alt_en="A square", credit="")
    page = desk.page(base)
    assert page.text.index("A tower by the harbour") < page.text.index("A square")
    (first, second) = [link.rpartition("/")[2] for link in page.links if link.startswith(f"{base}/")][::2]
    assert desk.submit(base, f"{base}/{second}/first").status_code == 303
    page = desk.page(base)
    assert page.text.index("A square") < page.text.index("A tower by the harbour")
    desk.submit(f"{base}/{first}", alt_en="The tower", focus_x="20")
    assert desk.submit(f"{base}/{first}", status=422, alt_en=" ", focus_x="101")
    reader = app.test_client()
    shown = reader.page(f"/en/news/{article.slug}")
    pictures = shown.all("img")
    assert [one.get("alt") for one in pictures] == ["A square", "The tower"]
    assert all(one.get("width") and one.get("height") and one.get("srcset") for one in pictures)
    assert "Photo: Harbour archive" in shown.text
    assert 'property="og:image"' in shown.html
    for address in (pictures[0].get("src"), *[part.split()[0] for part in pictures[1].get("srcset").split(",")]):
        answer = reader.get(address)
        assert answer.status_code == 200
        assert answer.mimetype == "image/jpeg"
        assert Image.open(io.BytesIO(answer.data)).format == "JPEG"
    desk.submit(base, f"{base}/{second}/remove")
    assert desk.submit(base, f"{base}/{first}/remove").status_code == 303
    assert desk.post(f"{base}/{first}/remove", data={}).status_code in (303, 404)
    assert not reader.page(f"/en/news/{article.slug}").all("img")
    # What nothing refers to goes, its sizes with it.
    with app.app_context(), transaction():
        folder = uploads.path_of("ab").parent.parent
        assert list(folder.glob(".sizes/??/*"))
        uploads.sweep(clock.now() + timedelta(days=2))  # forgets the rows
        (folder / ".swept").unlink(missing_ok=True)
        uploads.sweep(clock.now())
        assert not list(folder.glob(".sizes/??/*"))


def test_what_is_no_picture_or_says_nothing_is_refused(desk: Any, make: Make) -> None:
    article = make.article("Harbour heat", state=State.DRAFT)
    address = f"/en/news/writing/{article.id}/pictures"
    huge = io.BytesIO()
    Image.new("1", (9000, 9000)).save(huge, "PNG")
    for content, name, said in (
        (b"", "a.png", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "SVG"),
        (b"%PDF-1.7 nothing %%EOF", "a.pdf", "Only pictures"),
        (_picture()[:400], "a.png", "damaged"),
        (huge.getvalue(), "a.png", "too many pixels"),
    ):
        answer = desk.submit(address, status=422, **{"picture": _file(content, name), **WORDS})
        assert said in Page(answer).text
    answer = Page(desk.submit(address, status=422, picture=_file(_picture()), alt_da="Et tårn"))
    assert "Say in English what the picture shows." in answer.text
    assert 'value="Et tårn"' in answer.html
    assert "Choose a file." in Page(desk.submit(address, status=422, **WORDS)).text


def test_a_picture_is_where_its_article_is(app: Flask, desk: Any, make: Make) -> None:
    partner = make.partner("Harbour")
    article = make.article("Embargo", state=State.DRAFT, author_id=partner.id)
    _add(desk, article)
    src = desk.page(f"/en/news/{article.slug}").all("img")[0].get("src")
    assert src
    stranger = app.test_client()
    guess = src.replace("/pictures/", "/pictures/9")
    for way in ({}, {"Range": "bytes=0-10"}, {"If-None-Match": "*"}):
        unseen, missing = stranger.get(src, headers=way), stranger.get(guess, headers=way)
        assert unseen.status_code == missing.status_code == 404
        assert _without_id(unseen.data) == _without_id(missing.data)
    assert stranger.head(src).status_code == 404
    member = app.test_client().sign_in(make.account(editor_of=[partner]))
    assert member.get(src).status_code == 404
    assert member.get(f"/en/news/writing/{article.id}/pictures").status_code == 404
    assert member.post(f"/en/news/writing/{article.id}/pictures").status_code in (303, 404)
    mine = desk.get(src)
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert desk.head(src).headers["Content-Length"] == str(len(mine.data))

    # Whoever was given a link to the draft sees its pictures by it, and nothing else's.
    with app.app_context(), transaction():
        link = ("article", article.id), Purpose.PREVIEW, ""
        _link, token = editorial.share(*link, actor=SYSTEM, now=clock.now())
    (drawn,) = stranger.page(f"/en/news/preview/{token}").all("img")
    by_link = stranger.get(drawn.get("src"))
    assert by_link.status_code == 200
    assert by_link.headers["Cache-Control"] == "private, no-store"
    assert stranger.get(f"{src}&key=wrong").status_code == 404

    def set_to(**columns: Any) -> None:
        with make.writing():
            row = db.session.get(Article, article.id)
            assert row is not None
            for name, value in columns.items():
                setattr(row, name, value)
            touch("article", article.id)

    set_to(state=State.SCHEDULED, publish_at=clock.now() + timedelta(hours=1))
    assert stranger.get(src).status_code == 404
    set_to(state=State.PUBLISHED, publish_at=clock.now() - timedelta(hours=1))
    seen = stranger.get(src)
    assert seen.status_code == 200
    assert "public" in seen.headers["Cache-Control"]
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert stranger.get(src, headers={"If-None-Match": seen.headers["ETag"]}).status_code == 304
    assert stranger.get(src.replace("960", "961")).status_code == 404
    set_to(state=State.WITHDRAWN)
    assert stranger.get(src).status_code == 410
    assert stranger.get(src, headers={"If-None-Match": seen.headers["ETag"]}).status_code == 410


def test_lists_feeds_and_machines_are_told_of_the_first_picture(app: Flask, desk: Any, make: Make) -> None:
    article = make.article("Harbour heat", publish_at=clock.now())
    make.article("Without")
    _add(desk, article)
    reader = app.test_client()
    (listed,) = reader.page("/en/news").all("img")
    assert "card-" in str(listed.get("src"))
    assert listed.get("alt") == ""  # beside the title that links there it says nothing new
    assert len(reader.page("/en/").all("img")) == 1
    assert "/card-1200.jpg" in reader.get("/en/news.atom").text
    assert "/card-1200.jpg" in reader.get("/en/news.rss").text
    (first, _second) = reader.get("/en/news.json").json["items"]
    assert reader.get(first["image"].partition("localhost")[2] or first["image"]).status_code == 200
    page = reader.page(f"/en/news/{article.slug}")
    assert '"@type": "ImageObject"' in page.html or '"@type":"ImageObject"' in page.html


@pytest.mark.sqlite_only
def test_a_card_is_cut_around_what_matters(app: Flask) -> None:
    def colour(focus: Focus, ending: str) -> tuple[int, ...]:
        with Image.open(sized(upload.digest, Shape.CARD, 320, ending, focus)) as card:
            assert card.size == (320, 213)
            return tuple(round(part / 255) for part in card.convert("RGB").getpixel((160, 100)))  # type: ignore[union-attr]

    with app.test_request_context("/en/"), transaction():
        upload = uploads.put(_picture(2400, 600), "wide.png", uploads.PICTURES)
        for ending in ("jpg", "webp"):
            assert colour(Focus(5, 50), ending) == (1, 0, 0)
            assert colour(Focus(95, 50), ending) == (0, 0, 1)
        clear = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
        made = io.BytesIO()
        clear.save(made, "PNG")
        small = uploads.put(made.getvalue(), "clear.png", uploads.PICTURES)
        with Image.open(sized(small.digest, Shape.WHOLE, 480, "jpg", Focus())) as drawn:
            assert drawn.convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    assert widths(Shape.WHOLE, 1000, 500) == [480, 960]
    assert widths(Shape.CARD, 2000, 100) == [320]
    assert widths(Shape.WHOLE, 40, 30) == [480]
    assert height_at(Shape.WHOLE, 480, 1600, 900) == 270
