"""A video or sound, with its transcript."""

from typing import Any

from courses.learn_space.lessons import Lesson
from courses.markdown import render as markdown
from courses.progress.missed import what_was_missed
from courses.views.stages.unmet import unmet_at
from media_library.chapter_marks import chapter_marks, marks_in
from media_library.links import audience_of
from media_library.models import Media, Referrer
from media_library.player import player_context, referrer_named
from media_library.wording import clock_time


def video_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    item = lesson.item
    media = Media.objects.select_related("transcript").defer("source_metadata").get(pk=item.media_id)
    player = player_context(
        media, user=request.user, organization=request.organization, audience=audience_of(request), item=item.id,
        referrer=referrer_named(request.GET.get("ref", ""), otherwise=Referrer.COURSE_PAGE),
    )  # fmt: skip
    return {
        "player": player, "length": clock_time(media.duration), "percent": int(player.percent),
        "description": markdown(item.description or media.description),
        "missed": what_was_missed(player.seen, length=media.duration), "needed": item.needed_percent,
        "marks": chapter_marks(item.metadata) or marks_in(media.chapters),
        "unmet": unmet_at(lesson, watched=player.percent, needed=item.needed_percent, by_hand=player.by_hand),
    }  # fmt: skip
