"""What a model is told about the media, and about the course that is there."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db.models.functions import Left

from core.ai.writer import Message
from knowledge.course_drafts.outlining import Source
from knowledge.course_drafts.shapes import Outline
from knowledge.models import Passage
from knowledge.prompting import Prompt, material, prompt
from media_library.models import Media

CHARACTERS_IN_ALL, MOST_CHARACTERS_EACH, FEWEST = 90_000, 2_400, 400
EXCERPTS, TITLES_IN_ALL = 4, 40_000
EXISTING = (
    "The course exists already. Its chapters (c1, c2, …) and items (i1, i2, …) are given as material too. Name each "
    "of them once, chapters with their reference; a new chapter has an empty reference. Keep chapters and items where "
    "they are unless a new video makes another place plainly better, and keep their titles unless they are plainly "
    "wrong. Leave the title out (empty). Leave description and objectives out too (empty), unless the new videos make "
    "those that are there incomplete: then write them anew, with what still holds of them."
)


def outline_prompt() -> Prompt:
    return prompt("course_outline")


def messages_for(sources: Sequence[Source], *, title: str, current: Outline | None) -> list[Message]:
    """Excerpts of each, however many: more of them are shorter. Two statements."""
    most = max(FEWEST, min(MOST_CHARACTERS_EACH, CHARACTERS_IN_ALL // max(len(sources), 1)))
    excerpts, minutes = _excerpts(sources, most=most), _minutes(sources)
    told = [f"m{n}, {minutes[one.media]}:\n{_about(one, excerpts, most)}" for n, one in enumerate(sources, 1)]
    if title:
        told.insert(0, f"The teacher calls the course:\n{material(title, name='title', most=200)}")
    if current is not None:
        told.insert(0, f"The course as it stands:\n{material(_listed(current), name='course', most=TITLES_IN_ALL)}")
    instructions = outline_prompt().filled(existing=EXISTING if current is not None else "")
    return [Message("system", instructions), Message("user", "\n\n".join(told))]


def _about(source: Source, excerpts: dict[UUID, list[str]], most: int) -> str:
    said = "\n".join(f"Excerpt: {text}" for text in excerpts[source.media]) or "Nothing is known of what is said in it."
    return material(f"Title: {source.title}\n{said}", name="video", most=most + 250)


def _excerpts(sources: Sequence[Source], *, most: int) -> dict[UUID, list[str]]:
    """The beginnings of a few passages spread over each, first words first."""
    spoken = Passage.objects.filter(media__in=[one.media for one in sources]).order_by("media", "position")
    texts: dict[UUID, list[str]] = defaultdict(list)
    for media, text in spoken.values_list("media", Left("text", most // EXCERPTS)):
        texts[media].append(text)
    return defaultdict(list, {media: _spread(found) for media, found in texts.items()})


def _spread(texts: list[str]) -> list[str]:
    step = max(len(texts) / EXCERPTS, 1)
    return [texts[int(n * step)] for n in range(min(EXCERPTS, len(texts)))]


def _minutes(sources: Sequence[Source]) -> dict[UUID, str]:
    found = Media.objects.filter(pk__in=[one.media for one in sources]).values_list("pk", "duration")
    return {key: f"{max(round(seconds / 60), 1)} min" if seconds else "length unknown" for key, seconds in found}


def _listed(current: Outline) -> str:
    lines, number = [f"Description: {current.description}"], 0
    lines += [f"Objective: {one}" for one in current.objectives]
    for chapter, part in enumerate(current.parts, 1):
        lines.append(f"c{chapter}: {part.title}")
        for entry in part.entries:
            number += 1
            lines.append(f"  i{number}: {entry.title}")
    return "\n".join(lines)
