"""An answer as people see it: safe text, whose only links are its citations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import Organization
from courses.links import lesson_of
from knowledge.asking.citations import CITATION
from knowledge.models import Answer, Citation, Passage
from knowledge.models.conversation import AnswerManner, AnswerState
from knowledge.visible import open_items
from media_library.models import Media, Referrer
from media_library.wording import clock_time


@dataclass(frozen=True)
class ShownCitation:
    """`url` is empty, and nothing is quoted, where this person may not open it now. `seek`: this page's player does."""

    number: int
    title: str
    quote: str
    url: str
    time: str = ""
    start: float | None = None
    speaker: str = ""
    media_id: UUID | None = None
    seek: bool = False

    @property
    def link(self) -> SafeString:
        """Its number, for the text."""
        if not self.url:
            return format_html('<span class="cite">{}</span>', self.number)
        seeking = format_html(' data-seek="{}"', f"{self.start:g}") if self.seek else ""
        words = f"{self.title}, {self.time}" if self.time else self.title
        label = _("Passage %(number)d: %(words)s") % {"number": self.number, "words": words}
        return format_html('<a class="cite" href="{}"{} aria-label="{}">{}</a>', self.url, seeking, label, self.number)


@dataclass(frozen=True)
class ShownAnswer:
    answer: Answer
    html: SafeString
    citations: Sequence[ShownCitation]
    problem: str

    @property
    def is_quoted(self) -> bool:
        return self.answer.manner == AnswerManner.QUOTED

    @property
    def is_held(self) -> bool:
        return self.answer.state != AnswerState.NOT_HELD


#: The address of each media item and each item of a course that a person may open, by its key.
Places = dict[tuple[str, UUID], str]


def shown_citations(
    citations: Iterable[Citation], places: Places, *, here: UUID | None = None
) -> dict[UUID, ShownCitation]:
    """By key of the citation; `here` is the media that plays on the page. No statement."""
    return {row.pk: _shown(row, places, here) for row in citations}


def shown_answers(
    answers: Sequence[Answer], *, user: Any, organization: Organization, here: UUID | None = None
) -> list[ShownAnswer]:
    """Their citations come with them (`answers_of`)."""
    rows = [citation for answer in answers for citation in answer.citations.all()]
    shown = shown_citations(rows, places_of(rows, user=user, organization=organization), here=here)
    return [_shown_answer(answer, [shown[row.pk] for row in answer.citations.all()]) for answer in answers]


def sentence_html(text: str, citations: Mapping[int, ShownCitation]) -> SafeString:
    """Escaped; each `[1]` becomes its link, line breaks become line breaks."""
    html, end = "", 0
    for found in CITATION.finditer(text):
        cited = citations.get(int(found[1])) if found[1].isdigit() else None
        html += escape(text[end : found.start()].rstrip() if cited else text[end : found.end()])
        html += cited.link if cited else ""
        end = found.end()
    html += escape(text[end:])
    return mark_safe(html.replace("\n", "<br>"))  # noqa: S308  (escaped above, links by format_html)


def problem_words(answer: Answer) -> str:
    """What went wrong, for the person who asked; empty: nothing."""
    if answer.problem in ("over_ceiling", "price_unknown"):
        return _("This month's ceiling for answers is reached here. These passages fit your question best.")
    if answer.state != AnswerState.BROKEN:
        return ""
    if answer.problem == "left":
        return _("You left before the answer was complete.")
    return _("The answer could not be completed: the language model does not answer at the moment. Please try again.")


def places_of(rows: Sequence[Citation] | Sequence[Passage], *, user: Any, organization: Organization) -> Places:
    """Those of them that are open to this person now. At most six statements, however many there are."""
    media_ids = {row.media_id for row in rows if row.media_id}
    item_ids = {row.item_id for row in rows if row.item_id}
    lessons = lesson_of(user, media_ids) if media_ids else {}
    visible = Media.objects.visible_to(user, organization).filter(pk__in=media_ids).values_list("pk", flat=True)
    places: Places = {("media", key): _watched(key, lessons, organization) for key in visible} if media_ids else {}
    if item_ids:
        items = open_items(user, organization).filter(pk__in=item_ids).values_list("pk", "chapter__course__slug")
        places |= {("item", key): _lesson(slug, key, organization) for key, slug in items}
    return places


def _watched(media_id: UUID, lessons: dict[UUID, tuple[str, UUID]], organization: Organization) -> str:
    if media_id in lessons:
        return _lesson(*lessons[media_id], organization)
    return reverse("media_library:watch", args=[organization.slug, media_id])


def _lesson(slug: str, item_id: UUID, organization: Organization) -> str:
    return reverse("courses:lesson", args=[organization.slug, slug, item_id])


def _shown(row: Citation, places: Places, here: UUID | None) -> ShownCitation:
    key = ("media", row.media_id) if row.media_id else ("item", row.item_id)
    address = places.get(key, "")  # type: ignore[arg-type]
    if not address:
        return ShownCitation(row.number, _("No longer open to you"), "", "")
    if row.start is None:
        return ShownCitation(row.number, row.title, row.quote, address)
    return ShownCitation(
        row.number, row.title, row.quote, f"{address}?t={row.start:g}&ref={Referrer.CHAT_REFERENCE.value}",
        time=clock_time(row.start), start=row.start, speaker=row.speaker, media_id=row.media_id,
        seek=here is not None and row.media_id == here,
    )  # fmt: skip


def _shown_answer(answer: Answer, citations: Sequence[ShownCitation]) -> ShownAnswer:
    html = sentence_html(answer.text, {one.number: one for one in citations})
    return ShownAnswer(answer, html, citations, problem_words(answer))
