"""A hub is told of what has changed, once, and again when it did not answer."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import time_machine
from flask import Flask
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from portal.core import clock, websub
from portal.core.syndication import MEDIA_TYPES
from tests.make import Make


def test_a_hub_hears_of_every_change_and_feeds_name_it(app: Flask, make: Make, client: Any) -> None:
    said: list[dict[str, list[str]]] = []
    status = [500]

    def hear(request: Request) -> Response:
        said.append(parse_qs(request.get_data(as_text=True)))
        return Response(status=status[0])

    def tell(minutes: int = 0) -> int:
        with app.app_context():
            return websub.tell(clock.now() + timedelta(minutes=minutes), MEDIA_TYPES)

    make.article("A heat pump")
    assert tell() == 0, "without a hub nobody is told"
    with HTTPServer(host="127.0.0.1") as server:
        server.expect_request("/hub", method="POST").respond_with_handler(hear)
        app.config["PORTAL_WEBSUB_HUB"] = server.url_for("/hub")
        app.config["PORTAL_OUTGOING_ALLOW"] = frozenset({f"127.0.0.1:{server.port}"})
        assert tell() == 0
        status[0] = 202
        assert tell() == 0, "it rests before it is asked again"
        assert tell(minutes=11) == 6
        assert said[-1] == {"hub.mode": ["publish"], "hub.url": ["http://localhost/en/news.json"]}
        assert tell(minutes=12) == 0
        with time_machine.travel(clock.now() + timedelta(minutes=20)):
            make.webinar("Heat at home")
            assert tell(minutes=20) == 6
        hub = server.url_for("/hub")
        assert f'rel="hub" href="{hub}"' in client.get("/en/news.atom").text
        assert f'rel="hub" href="{hub}"' in client.get("/en/news.rss").text
        assert json.loads(client.get("/en/news.json").text)["hubs"] == [{"type": "WebSub", "url": hub}]
