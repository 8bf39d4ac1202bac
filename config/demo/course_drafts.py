"""A course of the demo with a proposal that waits to be compared: what a model might have said. No key is needed."""

from typing import Any

from accounts.models import User
from config.demo.drafts import AUTHOR
from courses.models import ItemType
from courses.services.authoring import add_chapter, add_item, create_course
from knowledge.course_drafts.sampling import keep_sample_proposal
from knowledge.models import CourseDraft
from media_library.models import Media

TITLE = "The sea in short"
DESCRIPTION = "Two short talks on what moves the water at the coast."
PROPOSAL: dict[str, Any] = {
    "title": "",
    "description": "Three short talks on what moves the sea: the Moon at the coast, the wind on its face, and the slow "
    "current below.",
    "objectives": ["Say why most coasts have two tides a day", "Follow the slow current through the deep sea"],
    "level": "beginner",
    "chapters": [
        {"ref": "c2", "title": "Tides", "items": [{"ref": "i2", "title": ""}]},
        {"ref": "c1", "title": "Waves: wind on water", "items": [{"ref": "i1", "title": ""}]},
        {"ref": "", "title": "The deep sea", "items": [{"ref": "m1", "title": "The slow current"}]},
    ],
}


def offer_course_draft(films: list[Media], *, by: User) -> None:
    """Once, whatever became of it since. The third talk is new to it, and its chapters stand the wrong way round."""
    if CourseDraft.objects.exists():
        return
    tides, waves, currents = films
    course = create_course(title=TITLE, description=DESCRIPTION, by=by)
    for title, film in (("Waves", waves), ("Tides", tides)):
        chapter = add_chapter(course, title=title, by=by)
        add_item(chapter, type=ItemType.VIDEO, title=film.title, media=film, by=by)
    keep_sample_proposal(course, [currents], PROPOSAL, author=AUTHOR, by=by)
