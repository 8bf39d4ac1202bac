"""The demo's podcast: the talks to listen to, one of them still to come."""

import io
from datetime import datetime, timedelta

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from media_library.chapter_marks import Mark
from media_library.demo.canvas import DEEP, FOAM, MOON, NIGHT, SEA, SHALLOW, WHITE, sine
from media_library.demo.talks import TALKS, Talk
from media_library.models import EpisodeType, Media, Podcast, Season
from media_library.models.podcasts import Medium, ShowType
from media_library.podcasts.artwork import set_artwork
from media_library.podcasts.episodes import episode_of
from media_library.podcasts.people import PersonLine, set_people
from media_library.podcasts.seasons import save_season
from media_library.podcasts.shows import publish_podcast, save_podcast
from media_library.services.chapters import save_chapters

TITLE = "The Sea, Explained"
DESCRIPTION = "Short talks about the tides, the waves and the hidden currents, to listen to on the way to the beach."
SIDE = 1400  # pixels
WAVES = ((760, DEEP), (900, SEA), (1040, SHALLOW), (1180, FOAM))


def start_podcast(films: list[Media], *, by: User) -> Podcast:
    """A show with a trailer, an episode that is out and one that comes in a week, all out of the talks; made once."""
    if (found := Podcast.objects.filter(title=TITLE).first()) is not None:
        return found
    for film, talk in zip(films, TALKS, strict=True):
        mark_chapters(film, talk, by=by)
    show = Podcast(
        title=TITLE, description=DESCRIPTION, category="Education/Courses", type=ShowType.SERIAL, medium=Medium.COURSE,
        owner_name=by.name, owner_email=by.email,
    )  # fmt: skip
    save_podcast(show, by=by)
    set_artwork(show, draw_artwork(), by=by)
    set_people(show, [PersonLine(by.name), PersonLine("Ines Duarte", "audio editor")], by=by)
    _fill(show, films, by=by)
    return publish_podcast(show, by=by)


def mark_chapters(film: Media, talk: Talk, *, by: User) -> None:
    """Each slide is a chapter: it begins with the first sentence that is said at it. Each sentence is a cue."""
    if film.transcript is None:
        return
    starts = film.transcript.cues.order_by("position").values_list("start", flat=True)
    marks: dict[int, Mark] = {}
    for start, (slide, _sentence) in zip(starts, talk.sentences(), strict=False):
        marks.setdefault(slide, Mark(start if slide else 0.0, talk.slides[slide].headline))
    save_chapters(film, list(marks.values()), by=by)


def draw_artwork() -> io.BytesIO:
    """The Moon above the sea, and what the show is called."""
    picture = Image.new("RGB", (SIDE, SIDE), NIGHT)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((900, 130, 1180, 410), fill=MOON)
    for number, (level, color) in enumerate(WAVES):
        surface = sine(level, height=36, length=520, phase=number, right=SIDE)
        draw.polygon([*surface, (SIDE, SIDE), (0, SIDE)], fill=color)
    draw.text((100, 330), "The Sea,", fill=WHITE, font=ImageFont.load_default(190))
    draw.text((100, 520), "explained", fill=WHITE, font=ImageFont.load_default(150))
    file = io.BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return file


def _fill(show: Podcast, films: list[Media], *, by: User) -> None:
    season = save_season(Season(podcast=show, number=1, name="What moves the water"), by=by)
    tides, waves, currents = films
    now = timezone.now()
    trailer = {"type": EpisodeType.TRAILER, "title": "What this is about"}
    episode_of(waves, show, by=by, season=season, published_at=_days(now, -8), **trailer)
    first = episode_of(tides, show, by=by, season=season, number=1, published_at=_days(now, -1))
    episode_of(currents, show, by=by, season=season, number=2, published_at=_days(now, 7))
    set_people(first, [PersonLine(by.name), PersonLine("Tom Akers", "guest")], by=by)


def _days(now: datetime, days: int) -> datetime:
    return (now + timedelta(days=days)).replace(hour=6, minute=0, second=0, microsecond=0)
