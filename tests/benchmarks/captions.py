"""From a pasted address to words that can be found ÷ youtube-transcript-api and bulk inserts of the same rows.

What the host takes is not counted, on either side: the same requests are made bare, and their time is taken off.
"""

import http.client
import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from youtube_transcript_api import YouTubeTranscriptApi

from core.identifiers import uuid7
from core.jobs.worker import run_next
from core.models import Job
from core.tenancy import organization_scope
from knowledge.models import Passage
from media_library.models import Media
from media_library.services.import_media import add_media
from tests.benchmarks.ground import alternate, summary
from tests.benchmarks.people import found, maker
from tests.benchmarks.talk import clear_line
from tests.sources.stand_in import StandIn

ROUNDS, CUES, CUE_SECONDS = 25, 400, 2.4  # sixteen minutes of captions as machines write them
TALK = (
    "the tide comes in twice a day because water follows the moon and the earth turns below it while we sleep "
    "and so it rises on the side where nobody looks"
)
CHAIN = ("describe_media", "transcribe_media", "index_media")
WEB = "https://www.youtube.com"
OEMBED, CAPTIONS = ["/oembed"], ["/watch", "/youtubei/v1/player", "/api/timedtext"]


def measure(data: Path) -> dict[str, Any]:
    host = StandIn()
    host.play(_exchanges())
    settings.SOURCES["youtube"] = {**settings.SOURCES["youtube"], "web_url": host.origin}
    organization = found()
    person = maker(organization)
    keys = (f"{number:011}" for number in itertools.count())
    try:
        with organization_scope(organization):
            ours, theirs = alternate(lambda: _ours(next(keys), person), _bare(host), rounds=ROUNDS)
            away = [_round_trips(host, OEMBED, CAPTIONS) for _ in range(ROUNDS)]
            away_bare = [_round_trips(host, CAPTIONS) for _ in range(ROUNDS)]
    finally:
        host.close()
    return _figures(_without(ours, away), _without(theirs, away_bare), away)


def _figures(ours: list[float], theirs: list[float], away: list[float]) -> dict[str, Any]:
    ratio = round(statistics.median(ours) / statistics.median(theirs), 3)
    return {
        "ratio": ratio, "aim": 2, "unit": "milliseconds", "aim_ours": 150, "cues": CUES, "ours": summary(ours),
        "library and inserts": summary(theirs), "host, not counted": summary(away),
    }  # fmt: skip


def _without(taken: list[float], away: list[float]) -> list[float]:
    return [one - statistics.median(away) for one in taken]


def _ours(key: str, person: Any) -> float:
    """Pasted, described, read and indexed; its picture, which no word waits for, is not counted."""
    clear_line()
    started = time.perf_counter()
    media, _is_new = add_media({"url": f"https://youtu.be/{key}"}, by=person)
    for lane in ("hosts", "hosts", "short"):
        run_next(lane)
    taken = time.perf_counter() - started
    _refuse_unless_found(media)
    return taken * 1000


def _refuse_unless_found(media: Media) -> None:
    done = set(Job.objects.filter(subject_id=media.pk, state="succeeded").values_list("kind", flat=True))
    passages = Passage.objects.filter(media=media).count()
    if not done.issuperset(CHAIN) or not passages:
        jobs = Job.objects.filter(subject_id=media.pk).values_list(
            "kind", "lane", "state", "error_code", "error_detail"
        )
        raise RuntimeError(f"{passages} passages: {list(jobs)}")


def _bare(host: StandIn) -> Callable[[], float]:
    """The library as its README calls it, and the rows of our own last round, once more under new keys."""

    def run() -> float:
        media, rows = _copied(Media.objects.exclude(transcript=None).order_by("-created_at").first())
        started = time.perf_counter()
        with Session() as session:
            session.mount(f"{WEB}/", _Elsewhere(host.origin))
            fetched = YouTubeTranscriptApi(http_client=session).fetch(media.youtube_video_id)
        with transaction.atomic():
            for some in rows:
                type(some[0]).objects.bulk_create(some)
        taken = time.perf_counter() - started
        media.delete()
        assert len(fetched) == CUES
        return taken * 1000

    return run


def _copied(media: Media) -> tuple[Media, list[list[Model]]]:
    """What is to be inserted, table by table."""
    transcript, passages = media.transcript, list(Passage.objects.filter(media=media))
    cues = list(transcript.cues.all())
    media.pk, media.youtube_video_id, media.transcript = uuid7(), f"b{uuid7().hex[-10:]}", None
    transcript.pk, transcript.media = uuid7(), media
    for cue in cues:
        cue.pk, cue.transcript = uuid7(), transcript
    for passage in passages:
        passage.pk, passage.transcript, passage.media = uuid7(), transcript, media
    return media, [[media], [transcript], cues, passages]


class _Elsewhere(HTTPAdapter):
    def __init__(self, origin: str) -> None:
        super().__init__()
        self.origin = origin

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        request.url = self.origin + (request.url or "").removeprefix(WEB)
        return super().send(request, *args, **options)


def _round_trips(host: StandIn, *visits: Sequence[str]) -> float:
    """The requests alone, in milliseconds: a connection for each visit."""
    started = time.perf_counter()
    for paths in visits:
        with closing(http.client.HTTPConnection(urlsplit(host.origin).netloc)) as line:
            for path in paths:
                line.request("POST" if "player" in path else "GET", path)
                line.getresponse().read()
    return (time.perf_counter() - started) * 1000


def _exchanges() -> list[dict[str, Any]]:
    track = {
        "baseUrl": f"{WEB}/api/timedtext?lang=en", "languageCode": "en", "kind": "asr",
        "name": {"runs": [{"text": "English"}]},
    }  # fmt: skip
    told = {
        "playabilityStatus": {"status": "OK"},
        "captions": {"playerCaptionsTracklistRenderer": {"captionTracks": [track]}},
    }
    page = f'<script>{{"INNERTUBE_API_KEY": "KEY"}}</script>{"<p>the page itself is long</p>" * 30_000}'  # 800 kB
    return [
        {"path": "/oembed", "json": {"title": "The tide", "author_name": "Ada"}},
        {"path": "/watch", "text": page},
        {"method": "POST", "path": "/youtubei/v1/player", "json": told},
        {"path": "/api/timedtext", "text": _document(), "headers": {"Content-Type": "text/xml; charset=utf-8"}},
    ]


def _document() -> str:
    """Lines of ten words, each shown until the next but one, as YouTube writes what a machine heard."""
    said = itertools.cycle(TALK.split())
    lines = [" ".join(itertools.islice(said, 10)) + f" {number}" for number in range(CUES)]
    texts = [
        f'<text start="{number * CUE_SECONDS:.2f}" dur="{CUE_SECONDS * 2:.2f}">{line}, it&amp;#39;s so</text>'
        for number, line in enumerate(lines)
    ]
    return f'<?xml version="1.0" encoding="utf-8" ?><transcript>{"".join(texts)}</transcript>'
