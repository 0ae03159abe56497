"""The factory: what the portal is made of, in the order it is put together."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import Babel
from flask_babel import lazy_gettext as _l
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli, config, edge, errors, health, logs, metrics, worker
from portal.accounts import browser, personal
from portal.accounts import labels as _account_labels  # noqa: F401
from portal.accounts import views as _sign_in_pages  # noqa: F401  hangs its pages on the blueprint, as those below
from portal.accounts.blueprint import bp as account_pages
from portal.accounts.contacts import personal as contact_personal
from portal.accounts.contacts import views as _own_contact_pages  # noqa: F401
from portal.accounts.drafts import views as _draft_pages  # noqa: F401
from portal.accounts.notices import views as notice_pages
from portal.accounts.oidc import views as _provider_pages  # noqa: F401
from portal.accounts.people import views as _people_pages  # noqa: F401
from portal.accounts.recovery import views as _recovery_pages  # noqa: F401
from portal.accounts.registration import views as _registration_pages  # noqa: F401
from portal.accounts.second_factor import views as _second_factor_pages  # noqa: F401
from portal.accounts.settings import views as _settings_pages  # noqa: F401
from portal.api import views as api_pages
from portal.core import audit as _a  # noqa: F401
from portal.core import bilingual, forms, generations, mail, templating, uploads, web, websub
from portal.core.db import db
from portal.corrections import labels as _correction_labels  # noqa: F401
from portal.corrections import permissions as _cp  # noqa: F401
from portal.corrections import personal as correction_personal
from portal.corrections import views as correction_pages
from portal.editorial import labels as _editorial_labels  # noqa: F401
from portal.editorial import personal as editorial_personal
from portal.feeds import labels as _feed_labels  # noqa: F401
from portal.feeds import ours
from portal.feeds import permissions as _fp  # noqa: F401
from portal.feeds import views as feed_pages
from portal.municipalities import labels as _municipality_labels  # noqa: F401  enters the words' labels
from portal.municipalities import search as municipality_search
from portal.municipalities import views as _municipality_pages  # noqa: F401  hangs its pages on the blueprint
from portal.municipalities.blueprint import bp as municipality_pages
from portal.municipalities.comparing import views as comparing_pages
from portal.municipalities.maps import views as _map_pages  # noqa: F401  hangs its pages on the blueprint
from portal.municipalities.peers import labels as _peer_labels  # noqa: F401
from portal.municipalities.peers import views as peer_pages
from portal.news import labels as _news_labels  # noqa: F401
from portal.news import ours as news_ours
from portal.news import personal as news_personal
from portal.news import queries as news
from portal.news import search as news_search
from portal.news import views as news_pages
from portal.news.aids import views as writing_aid_pages
from portal.news.editing import labels as _article_labels  # noqa: F401
from portal.news.pictures import labels as _picture_labels  # noqa: F401
from portal.news.pictures import views as article_picture_pages
from portal.news.pictures.models import ArticlePicture
from portal.news.proposals import views as proposal_pages
from portal.news.publishing import labels as _publishing_labels  # noqa: F401
from portal.news.reviewing import views as review_pages
from portal.newsletter import labels as _newsletter_labels  # noqa: F401
from portal.newsletter import operations as newsletter
from portal.newsletter import personal as newsletter_personal
from portal.newsletter import views as newsletter_pages
from portal.overview import views as overview_pages
from portal.partners import labels as _partner_labels  # noqa: F401
from portal.partners import search as partner_search
from portal.partners import sections as partner_sections
from portal.partners import views as partner_pages
from portal.partners.contacts import views as contact_pages
from portal.partners.lifecycle import views as partner_lifecycle_pages
from portal.partners.models import Partner
from portal.partners.profile import views as profile_pages
from portal.progress import labels as _progress_labels  # noqa: F401
from portal.progress import permissions as _pp  # noqa: F401
from portal.progress import search as progress_search
from portal.progress import views as progress_pages
from portal.progress.asking import labels as _asking_labels  # noqa: F401
from portal.progress.asking import views as asking_pages
from portal.progress.assessing import labels as _assessing_labels  # noqa: F401
from portal.progress.assessing import views as assessing_pages
from portal.progress.collaboration import views as collaboration_pages
from portal.progress.council import views as council_pages
from portal.progress.framework import labels as _framework_labels  # noqa: F401
from portal.progress.reply import operations as replies
from portal.progress.reply import personal as reply_personal
from portal.progress.reply import views as reply_pages
from portal.progress.whole import views as whole_pages
from portal.projects import holdings as _project_holdings  # noqa: F401  enters what projects keep about people
from portal.projects import labels as _project_labels  # noqa: F401
from portal.projects import search as project_search
from portal.projects import views as project_pages
from portal.projects.barriers import views as barrier_pages
from portal.projects.discussion import labels as _discussion_labels  # noqa: F401
from portal.projects.discussion import views as discussion_pages
from portal.projects.documents import labels as _document_labels  # noqa: F401
from portal.projects.documents import views as document_pages
from portal.projects.editing import labels as _editing_labels  # noqa: F401
from portal.projects.editing import views as editing_pages
from portal.projects.freshness import views as freshness_pages
from portal.projects.history import views as history_pages
from portal.projects.lifecycle import labels as _lifecycle_labels  # noqa: F401
from portal.projects.lifecycle import views as lifecycle_pages
from portal.projects.money import views as money_pages
from portal.projects.partnerships import labels as _partnership_labels  # noqa: F401
from portal.projects.partnerships import models as _partnerships  # noqa: F401
from portal.projects.partnerships import views as partnership_pages
from portal.projects.parts import labels as _part_labels  # noqa: F401
from portal.projects.plan import views as plan_pages
from portal.projects.results import views as result_pages
from portal.projects.team import labels as _team_labels  # noqa: F401
from portal.projects.team import views as team_pages
from portal.projects.updates import views as update_pages
from portal.projects.watching import permissions as _watching  # noqa: F401
from portal.projects.watching import telling as _telling  # noqa: F401  enters how notices of projects are worded
from portal.projects.watching import views as watching_pages
from portal.search import models as _s  # noqa: F401
from portal.search import names, shelf, sources
from portal.search import views as search_pages
from portal.staff import permissions as _p  # noqa: F401
from portal.staff import views as staff_pages
from portal.staff.asking import views as peer_question_pages
from portal.staff.assessments import views as staff_assessment_pages
from portal.staff.calendar import views as calendar_pages
from portal.staff.directory import views as staff_directory_pages
from portal.staff.entries import views as entry_pages
from portal.staff.feeds import views as staff_feed_pages
from portal.staff.framework import views as staff_framework_pages
from portal.staff.imports import personal as import_personal
from portal.staff.imports import views as import_pages
from portal.staff.links import labels as _link_labels  # noqa: F401
from portal.staff.links import views as link_pages
from portal.staff.merging import views as staff_merging_pages
from portal.staff.newsletter import views as staff_newsletter_pages
from portal.staff.newsroom import views as newsroom_pages
from portal.staff.people import views as people_pages
from portal.staff.queues import views as staff_queue_pages
from portal.staff.reviews import views as staff_review_pages
from portal.staff.system import views as system_pages
from portal.staff.trail import views as trail_pages
from portal.staff.webinars import views as staff_webinar_pages
from portal.webinars import labels as _webinar_labels  # noqa: F401
from portal.webinars import queries as webinars
from portal.webinars import search as webinar_search
from portal.webinars import views as webinar_pages
from portal.webinars.editing import labels as _webinar_editing_labels  # noqa: F401
from portal.webinars.editing import views as webinar_editing_pages
from portal.webinars.proposals import views as webinar_proposal_pages
from portal.webinars.questions import views as question_pages
from portal.webinars.recording import views as recording_pages
from portal.webinars.registration import labels as _registration_labels  # noqa: F401
from portal.webinars.registration import personal as registration_personal
from portal.webinars.registration import views as registration_pages
from portal.webinars.registration.keeping import views as registrations_pages
from portal.webinars.reviewing import views as webinar_reviewing_pages
from portal.webinars.series import labels as _series_labels  # noqa: F401
from portal.webinars.series import search as series_search
from portal.webinars.series import views as series_pages
from portal.webinars.sessions import views as session_pages
from portal.webinars.states import labels as _webinar_state_labels  # noqa: F401
from portal.webinars.states import views as webinar_state_pages
from portal.workspace import personal as workspace_personal
from portal.workspace import views as workspace_pages

MENU = (
    ("municipalities.index", _l("Municipalities")),
    ("partners.index", _l("Partners")),
    ("projects.index", _l("Projects")),
    ("news.index", _l("News")),
    ("webinars.index", _l("Webinars")),
    ("overview.about", _l("About")),
)


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    """The portal, ready to serve. `settings` come before the environment's; a bad one ends the start."""
    read = config.load(settings or {})
    app = Flask(__name__, instance_path=str(read["PORTAL_INSTANCE"]))
    _configure(app, read)
    logs.install(app)
    _connect_database(app)
    _speak_languages(app)
    templating.install(app, MENU)
    web.install(app)
    browser.install(app)
    forms.install(app)
    errors.install(app)
    metrics.install(app)
    _register_slices(app)
    _register_search(app)
    uploads.referred_to_by(Partner.logo_digest)
    uploads.referred_to_by(ArticlePicture.digest)
    _register_moments()
    _register_holders()
    partner_sections.enter(trail_pages.SECTION)
    mail.when_bounced(newsletter.note_bounce)
    mail.when_bounced(replies.note_bounce)
    websub.follow("article", "/news")
    websub.follow("webinar", "/webinars")
    ours.register(news_ours.KIND, news_ours.stories)
    worker.install(app)
    cli.install(app)
    _wrap(app)
    return app


def _configure(app: Flask, read: Mapping[str, object]) -> None:
    is_https = str(read["PORTAL_BASE_URL"]).startswith("https://")
    app.config.from_mapping(read)
    app.config.from_mapping(
        SECRET_KEY=read["PORTAL_SECRET_KEY"],
        SECRET_KEY_FALLBACKS=read["PORTAL_SECRET_KEY_FALLBACKS"],
        SQLALCHEMY_DATABASE_URI=read["PORTAL_DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(str(read["PORTAL_DATABASE_URL"])),
        TRUSTED_HOSTS=[urlsplit(str(read["PORTAL_BASE_URL"])).hostname, "localhost", "127.0.0.1"],
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=500,
        PERMANENT_SESSION_LIFETIME=timedelta(days=60),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        # The prefix binds the cookie to this host: no other one of the same domain can set it (RFC 6265bis, 4.1.3).
        SESSION_COOKIE_NAME="__Host-session" if is_https else "session",
        BABEL_DEFAULT_LOCALE=bilingual.DEFAULT,
        BABEL_DEFAULT_TIMEZONE="Europe/Copenhagen",
    )
    app.jinja_environment = templating.Templates
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)


def _engine_options(database_url: str) -> dict[str, object]:
    if database_url.startswith("sqlite"):
        return {}
    return {"pool_pre_ping": True, "pool_size": 5, "connect_args": {"options": "-c statement_timeout=30000"}}


def _connect_database(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=True, compare_type=True)


def _speak_languages(app: Flask) -> None:
    Babel(app, locale_selector=bilingual.chosen)


def _register_slices(app: Flask) -> None:
    for blueprint in (
        overview_pages.bp,
        overview_pages.machine,
        progress_pages.bp,
        whole_pages.bp,
        collaboration_pages.bp,
        council_pages.bp,
        api_pages.bp,
        api_pages.open_data,
        assessing_pages.bp,
        reply_pages.bp,
        peer_pages.bp,
        asking_pages.bp,
        comparing_pages.bp,
        municipality_pages,
        partner_pages.bp,
        partner_lifecycle_pages.bp,
        profile_pages.bp,
        contact_pages.bp,
        project_pages.bp,
        freshness_pages.bp,
        correction_pages.bp,
        plan_pages.bp,
        update_pages.bp,
        writing_aid_pages.bp,
        article_picture_pages.bp,
        money_pages.bp,
        result_pages.bp,
        barrier_pages.bp,
        editing_pages.bp,
        document_pages.bp,
        lifecycle_pages.bp,
        partnership_pages.bp,
        discussion_pages.bp,
        watching_pages.bp,
        team_pages.bp,
        history_pages.bp,
        news_pages.bp,
        series_pages.bp,
        webinar_editing_pages.bp,
        webinar_state_pages.bp,
        webinar_proposal_pages.bp,
        webinar_reviewing_pages.bp,
        session_pages.bp,
        question_pages.bp,
        recording_pages.bp,
        staff_webinar_pages.bp,
        webinar_pages.bp,
        newsletter_pages.bp,
        registration_pages.bp,
        registrations_pages.bp,
        search_pages.bp,
        account_pages,
        workspace_pages.bp,
        staff_pages.bp,
        import_pages.bp,
        link_pages.bp,
        peer_question_pages.bp,
        people_pages.bp,
        staff_newsletter_pages.bp,
        system_pages.bp,
        trail_pages.bp,
        proposal_pages.bp,
        review_pages.bp,
        newsroom_pages.bp,
        calendar_pages.bp,
        staff_review_pages.bp,
        trail_pages.of_partner,
        staff_assessment_pages.bp,
        staff_framework_pages.bp,
        staff_directory_pages.bp,
        staff_merging_pages.bp,
        staff_queue_pages.bp,
        entry_pages.bp,
        feed_pages.bp,
        staff_feed_pages.bp,
        health.bp,
    ):
        app.register_blueprint(blueprint)
    for page in (notice_pages.UNSUBSCRIBE, newsletter_pages.UNSUBSCRIBE, registration_pages.CANCEL_BY_MAIL):
        app.extensions["csrf"].exempt(page)


def _register_search(app: Flask) -> None:
    shelf.init_app(app)
    for source in (
        municipality_search.source,
        partner_search.source,
        project_search.source,
        news_search.source,
        webinar_search.source,
        series_search.source,
    ):
        sources.register(source)
    municipality_search.tell_more(progress_search.said_of)
    for named in (partner_search.source, project_search.source, municipality_search.source):
        names.register(named)


def _register_moments() -> None:
    generations.register_moments(news.moments)
    generations.register_moments(webinars.moments)


def _register_holders() -> None:
    """What the slices hold about people, for their export and their erasure."""
    personal.enter(contact_personal.holder)
    personal.enter(correction_personal.holder)
    personal.enter(registration_personal.holder)
    personal.enter(workspace_personal.holder)
    personal.enter(import_personal.holder)
    personal.enter(newsletter_personal.holder)
    personal.enter(editorial_personal.holder)
    personal.enter(news_personal.holder)
    personal.enter(reply_personal.holder)


def _wrap(app: Flask) -> None:
    edge.install(app)
    if hops := app.config["PORTAL_TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
