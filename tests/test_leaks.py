"""What is not for everybody stands on no page, list, feed, export, search or map of those it is not for.

Everything private carries a mark in each of its texts; whoever may not see it walks every address there is, and the
mark must not come up. New pages are walked without anybody thinking of it.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.accounts.models import JoinRequest
from portal.core import clock, uploads
from portal.core.db import db
from portal.feeds.models import FeedState
from portal.news.models import State as ArticleState
from portal.partners.models import ContactPoint, PartnerState
from portal.projects.discussion.models import Post, Thread
from portal.projects.documents.models import Document, DocumentVersion
from portal.projects.models import (
    Barrier,
    BarrierNote,
    Deliverable,
    Funding,
    Health,
    Milestone,
    Project,
    Result,
    Role,
    State,
    TeamRole,
    Update,
    Visibility,
)
from portal.projects.partnerships.models import PartnershipProposal, Wish
from portal.webinars.models import SeriesState
from portal.webinars.models import State as WebinarState
from tests.make import THEN, Make
from tests.uploads import PDF

MARK = "xqsecret"
# Addresses that end a session or act on a token are no reading.
SKIPPED = frozenset({"static"})
NUMBERED = re.compile(r"/1(/|$)")


def _marked(name: str) -> str:
    return f"{MARK} {name}"


@pytest.fixture
def private(make: Make) -> dict[str, Any]:
    """One of everything that is not public, marked; and public things that it hangs on."""
    town = make.municipality("Open town")
    partner = make.partner("Open partner", municipality_id=town.id)
    member = make.account("Member", admin_of=[partner])
    texts = {f"{pair}_{language}": _marked(pair) for pair in Project.pairs[1:] for language in ("da", "en")}
    project = make.project(
        _marked("project"),
        slug="hidden-project",
        visibility=Visibility.MEMBERS,
        state=State.RUNNING,
        acronym=MARK[:20],
        partners=[(partner, Role.COORDINATOR)],
        themes=["energy"],
        barriers=["legislation"],
        team={TeamRole.MANAGER: member},
        milestones=[Milestone(title_en=_marked("milestone"), due_on=clock.today())],
        deliverables=[Deliverable(title_en=_marked("deliverable"))],
        updates=[Update(title_en=_marked("update"), body_en=_marked("body"), dated=clock.today())],
        results=[Result(claim_en=_marked("result"))],
        funding=[Funding(funder=_marked("funder"), programme=_marked("programme"))],
        **texts,
    )
    inside = make.project(
        "Open project",
        partners=[(partner, Role.COORDINATOR)],
        milestones=[Milestone(title_en=_marked("inner milestone"), visibility=Visibility.MEMBERS)],
        updates=[Update(title_en=_marked("inner update"), dated=clock.today(), visibility=Visibility.MEMBERS)],
        results=[Result(claim_en=_marked("inner result"), visibility=Visibility.MEMBERS)],
        funding=[Funding(funder=_marked("inner funder"), visibility=Visibility.MEMBERS)],
        barriers=["legislation"],
        lessons_failed_en=_marked("inner lesson"),
        lessons_copy_da=_marked("inner lesson"),
        lessons_visibility=Visibility.MEMBERS,
        health=Health.AT_RISK,
        health_sentence_da=_marked("health"),
        health_sentence_en=_marked("health"),
    )
    suggested = make.partner(
        _marked("partner"),
        slug="hidden-partner",
        state=PartnerState.SUGGESTED,
        municipality_id=town.id,
        description_en=_marked("description"),
    )
    with make.writing():
        upload = uploads.put(PDF, f"{MARK}.pdf")
        uploads.enter(upload, now=THEN)
        version = DocumentVersion(number=1, digest=upload.digest, name=upload.name, uploaded_at=THEN)
        evidence = Document(project_id=inside.id, title_en=_marked("document"), created_at=THEN, versions=[version])
        db.session.add(evidence)
        db.session.flush()
        db.session.add(Result(project_id=inside.id, claim_en="Open result", document_id=evidence.id))
        barrier = BarrierNote(project_id=inside.id, barrier=Barrier.LEGISLATION, visibility=Visibility.MEMBERS)
        barrier.note_en = _marked("inner barrier")
        db.session.add(barrier)
        db.session.add(ContactPoint(partner_id=partner.id, name=_marked("contact"), email=f"{MARK}@example.org"))
    article = make.article(
        _marked("article"),
        slug="hidden-article",
        state=ArticleState.DRAFT,
        partners=[partner],
        projects=[inside],
        municipalities=[town],
    )
    join = {"join_url": f"https://meet.example.org/{MARK}"}
    for state in (WebinarState.ANNOUNCED, WebinarState.OPEN, WebinarState.RECORDED, WebinarState.CANCELLED):
        day = {"held_on": clock.today(), "starts_at": clock.now(), "zone": "Europe/Copenhagen"}
        make.webinar(f"Open webinar {state.value}", state=state, partners=[partner], **day, **join)
    make.series(_marked("series"), slug="hidden-series", state=SeriesState.DRAFT)
    feed = make.feed("Feed", partner_id=partner.id, permission_note=_marked("note"), state=FeedState.SUGGESTED)
    make.entry(feed, _marked("entry"))
    wish = {"wish": Wish.INVITATION, "role": Role.PARTNER, "message": _marked("wish")}
    thread = Thread(project_id=inside.id, title=_marked("thread"), started_at=THEN, last_post_at=THEN)
    with make.writing():
        db.session.add(thread)
        db.session.flush()
        db.session.add(Post(thread_id=thread.id, author_id=member.id, body=_marked("post"), posted_at=THEN))
        db.session.add(PartnershipProposal(project_id=inside.id, partner_id=suggested.id, created_at=THEN, **wish))
        asked = {"account_id": member.id, "partner_id": partner.id, "created_at": THEN}
        db.session.add(JoinRequest(message=_marked("request"), **asked))
    webinar = make.webinar(_marked("webinar"), slug="hidden-webinar", state=WebinarState.DRAFT, partners=[partner])
    return {"project": project, "partner": suggested, "article": article, "webinar": webinar, "member": member}


def _addresses(app: Flask, slugs: dict[str, list[str]]) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in SKIPPED:
            yield from _filled(rule, slugs)


def _filled(rule: Rule, slugs: dict[str, list[str]]) -> Iterator[str]:
    """The address in both languages, with every ending and every slug of its kind; none that needs a token."""
    kind = rule.rule.split("/")[2] if rule.rule.count("/") > 1 else ""
    paths = [rule.rule]
    if "<language:language>" in rule.rule:
        paths = [path.replace("<language:language>", language) for path in paths for language in ("da", "en")]
    for argument in rule.arguments - {"language"}:
        if argument == "ending":
            any_of = rule.rule.partition("<any(")[2].partition("):ending>")[0]
            slot = f"<any({any_of}):ending>"
            paths = [path.replace(slot, ending.strip()) for path in paths for ending in any_of.split(",")]
        elif argument == "kind":
            paths = [path.replace("<kind>", one) for path in paths for one in ("partner", "project", "municipality")]
        elif argument == "key":
            of_kind = slugs.get(rule.rule.split("/")[3], ())
            paths = [path.replace("<path:key>", slug) for path in paths for slug in of_kind]
        elif argument == "slug":
            paths = [path.replace("<slug>", slug) for path in paths for slug in slugs.get(kind, ())]
        elif f"<int:{argument}>" in rule.rule and not any(waits in rule.rule for waits in ("/staff/", "<token>")):
            # In one language: whether there is such a thing is not asked of its text.
            paths = [path.replace(f"<int:{argument}>", "1") for path in paths if path.startswith("/en/")]
        else:
            return
    yield from paths


def _asked(addresses: list[str]) -> Iterator[str]:
    """Each address as it is, and lists also as somebody would ask who knows what to look for."""
    for address in addresses:
        yield address
        if address.endswith("/search"):
            yield from (f"{address}?q={MARK}", f"{address}?q={MARK}+project&sort=newest")
        if address.endswith("/suggest") or "/search/names/" in address:
            yield f"{address}?q={MARK[:4]}"
        if address.endswith(("/projects", "/partners", "/news")):
            yield from (f"{address}?view=map", f"{address}?view=timeline", f"{address}?theme=energy")


def _unpacked(data: bytes) -> bytes:
    """What a file says: a workbook is a packed folder of XML."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


# That the rules are the same on both databases is test_matrix's; here it is about pages, of which there are hundreds.
@pytest.mark.sqlite_only
@pytest.mark.parametrize("who", ["visitor", "foreign member", "without a partner"])
def test_what_is_private_stands_nowhere(app: Flask, make: Make, private: dict[str, Any], who: str) -> None:
    slugs = {
        "projects": [private["project"].slug, "open-project"],
        "partners": [private["partner"].slug, "open-partner"],
        "news": [private["article"].slug],
        "municipalities": ["open-town"],
        "webinars": [
            "hidden-webinar",
            *(f"open-webinar-{state}" for state in ("announced", "open", "recorded", "cancelled")),
        ],
    }
    slugs["articles"] = slugs["news"]
    app.test_cli_runner().invoke(args=["search", "rebuild"])
    client = app.test_client()
    if who != "visitor":
        people = {
            "foreign member": {"admin_of": [make.partner("Foreign partner")]},
            "without a partner": {},
        }
        client.sign_in(make.account("Somebody else", **people[who]))
    walked = 0
    addresses = list(_addresses(app, slugs))
    if who == "without a partner":
        addresses = [address for address in addresses if not NUMBERED.search(address)]  # a member finds more there
    for address in _asked(addresses):
        answer = client.get(address)
        walked += answer.status_code == 200
        # The search page says again what was asked, and a page that is not there where it would be.
        marks = (b"hidden-",) if "/search" in address else (MARK.encode(),)
        said = _unpacked(answer.data)
        assert not [mark for mark in marks if mark in said], address
        assert answer.status_code < 500, address
    assert walked > 40


@pytest.mark.parametrize("kind", ["project", "partner", "article", "webinar"])
def test_a_refused_page_is_the_same_as_a_missing_one(app: Flask, private: dict[str, Any], kind: str) -> None:
    path = {"project": "projects", "partner": "partners", "article": "news", "webinar": "webinars"}[kind]
    slug = private[kind].slug
    refused = app.test_client().get(f"/en/{path}/{slug}")
    missing = app.test_client().get(f"/en/{path}/{'z' * len(slug)}")
    assert refused.status_code == missing.status_code == 404
    assert refused.data.replace(slug.encode(), b"") == missing.data.replace(b"z" * len(slug), b"")


def test_those_it_is_for_do_see_it(app: Flask, private: dict[str, Any]) -> None:
    client = app.test_client().sign_in(private["member"])
    assert MARK in client.page(f"/en/projects/{private['project'].slug}").text
    assert _marked("inner update") in client.page("/en/projects/open-project").text
    assert MARK in client.page("/en/my/projects").text
