"""A feed of 500 episodes ÷ a static file of the same bytes from the same server, in seconds for one.

All 500 stand on its first page. The feed is asked for as by an app that has nothing yet.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.scope import owner_role
from core.tenancy import organization_scope
from media_library.models import Episode, Media, Podcast, Rendition, RenditionKind, Source, Status
from media_library.models.podcasts import ShowStatus
from tests.benchmarks.ground import alternate, summary
from tests.benchmarks.load import request, requests_per_second
from tests.benchmarks.people import found
from tests.benchmarks.servers import served

EPISODES, CONNECTIONS, ROUNDS = 500, 4, 7
FEED, FILE = "/benchmark/podcasts/show/feed.xml", "feed.xml"
DESCRIPTION = "<p>What the tide does in a harbor, and who has to know of it.</p>" * 10


def measure(data: Path) -> dict[str, Any]:
    with organization_scope(found()):
        _make_show()
    with owner_role(reason="the tables are measured"), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    statements, body = _look()
    (data / "static" / FILE).write_bytes(body)
    with served("config.settings", data) as port:
        first, second = alternate(_load(port, FEED), _load(port, f"/static/{FILE}"), rounds=ROUNDS)
    ratio = summary(second)["median"] / summary(first)["median"]
    return {
        "ratio": round(ratio, 3), "aim": 2.0, "unit": "requests/s", "ours": summary(first), "file": summary(second),
        "statements": statements, "bytes": len(body), "episodes": body.count(b"<item>"),
    }  # fmt: skip


def _load(port: int, path: str) -> Any:
    message = request("GET", path, {})
    return lambda: requests_per_second(port, [lambda _: message] * CONNECTIONS)


def _look() -> tuple[int, bytes]:
    """The statements behind a feed that was asked for before, and the feed."""
    Client().get(FEED)
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get(FEED)
    return len(queries), answer.content


def _make_show() -> None:
    show = Podcast.objects.create(
        title="Show", slug="show", description=DESCRIPTION, guid=uuid4(), status=ShowStatus.PUBLISHED,
        artwork_path="cover.jpg",
    )  # fmt: skip
    chapters = [{"at": 60.0 * number, "title": f"Part {number}"} for number in range(5)]
    media = Media.objects.bulk_create(
        Media(
            source=Source.UPLOAD, title=f"Talk {number}", source_path=f"{number}.wav", status=Status.COMPLETED,
            duration=1800.0, chapters=chapters,
        )
        for number in range(EPISODES)
    )  # fmt: skip
    Rendition.objects.bulk_create(
        Rendition(media=one, kind=kind, folder=f"{one.pk}/{kind}", main_file=f"sound.{kind}", size_bytes=28_800_000)
        for one in media
        for kind in (RenditionKind.MP3, RenditionKind.M4A)
    )
    now = timezone.now()
    Episode.objects.bulk_create(
        Episode(
            podcast=show, media=one, title=f"Episode {number}", description=DESCRIPTION, guid=str(uuid4()),
            number=EPISODES - number, published_at=now - timedelta(days=number),
        )
        for number, one in enumerate(media)
    )  # fmt: skip
