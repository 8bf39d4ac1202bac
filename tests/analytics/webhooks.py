"""What the tests of webhooks share: a receiver on loopback that checks signatures by itself, and clocks put forward."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence

from django.db.models.functions import Now
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from analytics.models import WebhookEndpoint
from analytics.services.webhooks import make_endpoint
from core.models import Job

ALL = ["media.ready", "learner.enrolled"]


class Receiver:
    """Takes what it is sent, and answers what it is told to: `answers` one after the other, the last one for ever."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/hook")
        self.origin = server.url_for("").rstrip("/")
        self.requests: list[Request] = []
        self.answers: list[Response] = [Response("taken", 200)]
        server.expect_request("/hook", method="POST").respond_with_handler(self._take)

    @property
    def messages(self) -> list[dict]:
        return [json.loads(request.data) for request in self.requests]

    def _take(self, request: Request) -> Response:
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def signatures(request: Request, secret: str) -> tuple[str, list[str]]:
    """What the receiver computes, and what it was sent."""
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.data
    digest = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode(), request.headers["webhook-signature"].split(" ")


def add_endpoint(url: str, events: Sequence[str] = ALL, **values: object) -> tuple[WebhookEndpoint, str]:
    return make_endpoint(by=None, **{"name": "CRM", "url": url, "events": [*events], **values})


def waits_are_over() -> None:
    """As if all the time had passed that deliveries wait for."""
    Job.objects.filter(kind="deliver_webhook", state="queued").update(available_at=Now())
