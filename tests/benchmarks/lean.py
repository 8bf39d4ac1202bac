"""The yardstick: the same lesson page and the same watch report with as little as Django allows.

Plain `.values()`, one f-string a row, no templates, no service layer, no tenancy but a filter.
"""

import json
from html import escape

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path

from accounts.models import Membership
from core.tenancy import every_organization
from courses.models import Completion, ContentItem, Enrollment
from media_library.models import WatchRecord

HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="csrf-token" content="{token}">
<title>{title} · {organization}</title><link rel="stylesheet" href="/static/css/page.css">
<script type="module" src="/static/js/player.js"></script></head><body>
<a class="skip-link" href="#main">Skip to content</a><header class="site-header"><div class="site-header__inner">
<a class="brand" href="/{slug}/">{organization}</a><form class="site-search" role="search" action="/{slug}/search/">
<input type="search" name="q" aria-label="Search what was said"></form><nav class="site-nav" aria-label="Main">
<a href="/{slug}/">Courses</a><a href="/{slug}/my/">My courses</a></nav><details class="menu"><summary>{name}</summary>
<a href="/account/tokens/">API tokens</a><form method="post" action="/accounts/logout/"><button>Log out</button></form>
</details></div></header>
<section class="learn-bar"><a href="../../">{course}</a><progress max="100" value="{percent}"></progress>
<span>{done} of {total}</span></section><main class="learn" id="main"><div class="learn__main"><div class="stage">
<video data-player controls poster="{thumbnail}" data-media-id="{media}" data-position="{position}">
<source src="{hls}" type="application/x-mpegURL"><track kind="captions" src="{captions}" srclang="en"></video></div>
<article class="lesson"><header class="lesson__head"><p class="muted">{chapter}</p><h1>{title}</h1>
<p class="meta"><span>{length}</span><span>Watched {watched} %</span></p></header><nav class="lesson__nav">
{previous}{next}</nav></article></div><section class="learn__outline" aria-label="Course outline">"""
TAIL = """</section>
<aside class="learn__side" id="transcript"><h2>Transcript</h2><ol data-transcript data-src="{cues}"></ol>
</aside></main></body></html>"""


def lesson(request: HttpRequest, slug: str, item_id: str) -> HttpResponse:
    user_id = request.session["_auth_user_id"]
    who = Membership.objects.filter(user_id=user_id, organization__slug=slug, user__is_active=True).values(
        "organization_id", "organization__name", "user__name"
    )[0]
    with every_organization(reason="the yardstick filters by hand"):
        return HttpResponse(_page(request, slug, item_id, user_id, who))


def _page(request: HttpRequest, slug: str, item_id: str, user_id: str, who: dict) -> str:
    item = ContentItem.objects.filter(pk=item_id, organization_id=who["organization_id"]).values(
        "title", "media_id", "media__rendition_id", "media__transcript_id", "media__duration", "chapter__title",
        "chapter__course_id", "chapter__course__title",
    )[0]  # fmt: skip
    enrollment = Enrollment.objects.filter(course=item["chapter__course_id"], user_id=user_id).values("pk")[0]["pk"]
    rows = list(
        ContentItem.objects.filter(chapter__course=item["chapter__course_id"], state="published")
        .order_by("chapter__position", "position")
        .values_list("pk", "title", "type", "is_required", "chapter_id", "chapter__title", "media__duration")
    )
    done = set(Completion.objects.filter(enrollment=enrollment).values_list("item_id", flat=True))
    record = (
        WatchRecord.objects.filter(user_id=user_id, media_id=item["media_id"]).values("position", "percent").first()
    )
    return _render(request, slug, item_id, who, item, rows, done, record or {"position": 0, "percent": 0})


def _render(request, slug, item_id, who, item, rows, done, record) -> str:
    counting = [row for row in rows if row[3]]
    finished = sum(row[0] in done for row in counting)
    media = f"/{slug}/media/{item['media_id']}"
    here = next(index for index, row in enumerate(rows) if str(row[0]) == item_id)
    previous = f'<a class="button" href="../{rows[here - 1][0]}/">Previous</a>' if here else ""
    following = f'<a class="button" href="../{rows[here + 1][0]}/">Next: {escape(rows[here + 1][1])}</a>'
    head = HEAD.format(
        token=get_token(request), title=escape(item["title"]), organization=escape(who["organization__name"]),
        slug=slug,
        name=escape(who["user__name"]), course=escape(item["chapter__course__title"]), done=finished,
        total=len(counting),
        percent=100 * finished // len(counting), thumbnail=f"{media}/thumbnail.jpg", media=item["media_id"],
        position=record["position"], hls=f"{media}/hls/{item['media__rendition_id']}/master.m3u8", previous=previous,
        captions=f"{media}/captions.vtt?v={item['media__transcript_id']}", chapter=escape(item["chapter__title"]),
        length=_clock(item["media__duration"]), watched=int(record["percent"]), next=following,
    )  # fmt: skip
    return (
        head + _outline(rows, done, item_id) + TAIL.format(cues=f"{media}/cues.json?v={item['media__transcript_id']}")
    )


def _outline(rows, done, item_id) -> str:
    parts, chapter = [], None
    for key, title, kind, _, chapter_id, chapter_title, length in rows:
        if chapter_id != chapter:
            parts.append(
                f"{'</ol></details>' if chapter else ''}<details open><summary>{escape(chapter_title)}</summary><ol>"
            )
            chapter = chapter_id
        state = "completed" if key in done else "not_started"
        current = ' aria-current="true"' if str(key) == item_id else ""
        parts.append(
            f'<li class="outline__item" data-item-id="{key}" data-state="{state}"{current}><a class="outline__link" '
            f'href="../{key}/"><span class="state"></span><span>{escape(title)} '
            f'<span class="visually-hidden">{state}</span>'
            f'<span class="outline__kind">{kind}</span></span><span class="outline__time">{_clock(length)}</span></a>'
        )
    return "\n".join([*parts, "</ol></details>"])


def _clock(seconds: float | None) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds else ""


UPSERT = """
INSERT INTO media_library_watchrecord
    (id, organization_id, media_id, user_id, seconds, watched_seconds, percent, position, credit, visit_credit, again,
     rounds, told_percent)
VALUES (
    uuidv7(), %(organization)s, %(media)s, %(user)s, %(seconds)s::int4multirange, 0, 0, %(position)s, 0, 0, '{}', 0, 0
)
ON CONFLICT (organization_id, media_id, user_id) DO UPDATE SET
    seconds = media_library_watchrecord.seconds + excluded.seconds, position = excluded.position,
    updated_at = statement_timestamp()
RETURNING position"""


def beat(request: HttpRequest, organization: str, media: str) -> HttpResponse:
    """The bare upsert: session, JSON, one statement."""
    report = json.loads(request.body)
    ranges = ",".join(f"[{round(first)},{round(end)})" for first, end in report["intervals"])
    values = {
        "organization": organization, "media": media, "user": request.session["_auth_user_id"],
        "seconds": f"{{{ranges}}}", "position": report["position"],
    }  # fmt: skip
    with every_organization(reason="the yardstick filters by hand"), connection.cursor() as cursor:
        cursor.execute(UPSERT, values)
        position = cursor.fetchone()[0]
    return JsonResponse({"position": position})


urlpatterns = [
    path("<slug:slug>/lesson/<str:item_id>/", lesson),
    path("<uuid:organization>/beat/<uuid:media>/", beat),
]
