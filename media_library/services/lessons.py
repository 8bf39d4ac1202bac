"""Courses of a host, brought in lesson by lesson: run again, it changes what has changed there and nothing else."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.jobs import enqueue
from media_library.models import Media, Publication
from media_library.models.media import TITLE_CHARACTERS
from media_library.services.describing import ask_host
from media_library.services.hosts import access_to
from media_library.services.import_answers import media_at, place_of
from media_library.services.import_media import bring_in
from media_library.services.shelving import TAG_CHARACTERS, tag_media
from media_library.sources import SOURCES, Lesson, NotOneVideo, Reference, Source, recognize

LESSON = "lesson"  # in the source's metadata: what the host told of the lesson when it was last read


class Outcome(StrEnum):
    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class LessonAnswer:
    """What became of a lesson; `code` and `message` say why it was skipped."""

    lesson: Lesson
    outcome: Outcome
    code: str = ""
    media: Media | None = None

    @property
    def message(self) -> str:
        return str(WHY[self.code]) if self.code else ""


WHY: dict[str, str | Promise] = {
    "hidden": _("It is hidden there."),
    "no_video": _("It shows no video."),
    "not_ready": _("Its video is still being prepared there. The next synchronization brings it in."),
    "unknown_host": _("Its video lies at a host that nobody here knows."),
    "archived": _("It is here and archived. Restore it to use it again."),
    "taken": _("Another lesson shows the same video."),
}


def sync_lessons(
    host: Source, *, by: Any, dry_run: bool = False, known: Container[str] = ()
) -> Iterator[LessonAnswer]:  # fmt: skip
    """One answer for each lesson, as soon as it is there; none for those that are `known`.

    With `dry_run` nothing is written. Raises SourceError, JobPostponed.
    """
    for lesson in host.lessons(access_to(host), known=known):
        yield _Bringing(host, lesson, by, dry_run).answer()


@dataclass(frozen=True)
class _Bringing:
    """One lesson on its way in."""

    host: Source
    lesson: Lesson
    by: Any
    dry_run: bool

    @transaction.atomic
    def answer(self) -> LessonAnswer:
        lesson = self.lesson
        if not lesson.is_visible:
            return self._skipped("hidden")
        if lesson.embedded is not None:
            return self._embedded(lesson.embedded)
        if not lesson.is_ready:
            return self._skipped("not_ready")
        if not lesson.playback_key:
            return self._skipped("no_video")
        return self._stored()

    def _stored(self) -> LessonAnswer:
        """As media of the source that its videos lie at."""
        known = list(self._known())
        if len(known) > 1 or any(self._is_of_another_lesson(media) for media in known):
            return self._skipped("taken")
        return self._kept(known[0]) if known else self._added()

    def _known(self) -> Iterator[Media]:
        """By the lesson, or by the video where somebody brought that in before."""
        called = Q(**{self.host.key_field: self.lesson.key}) | Q(**{self._video_field: self.lesson.playback_key})
        yield from Media.objects.select_for_update(no_key=True).filter(called, source=self.host.stored_as)

    def _added(self) -> LessonAnswer:
        if self.dry_run:
            return LessonAnswer(self.lesson, Outcome.ADDED)
        values = {"title": self._title, "description": self.lesson.description, **self._keys}
        metadata = {LESSON: self._told}
        try:
            with transaction.atomic():
                media = Media.objects.create(
                    source=self.host.stored_as, creator=self.by, source_metadata=metadata, **values
                )
        except IntegrityError:  # brought in this very moment
            return self._skipped("taken")
        self._tag(media)
        enqueue("describe_media", media.pk, key=f"describe_media:{media.pk}")
        return LessonAnswer(self.lesson, Outcome.ADDED, media=media)

    def _kept(self, media: Media) -> LessonAnswer:
        if media.publication == Publication.ARCHIVED:
            return self._skipped("archived", media)
        before = media.source_metadata.get(LESSON, {})
        wanted: dict[str, Any] = {**self._keys}
        if media.title == before.get("title"):  # nobody here has named it otherwise
            wanted["title"] = self._title
        changes = {name: value for name, value in wanted.items() if getattr(media, name) != value}
        if not changes and before == self._told:
            return LessonAnswer(self.lesson, Outcome.UNCHANGED, media=media)
        self._write(media, changes)
        return LessonAnswer(self.lesson, Outcome.UPDATED, media=media)

    def _write(self, media: Media, changes: dict[str, Any]) -> None:
        if self.dry_run:
            return
        for name, value in changes.items():
            setattr(media, name, value)
        media.source_metadata = {**media.source_metadata, LESSON: self._told}
        media.save(update_fields=[*changes, "source_metadata", "updated_at"])
        if changes.keys() & self._keys.keys():
            ask_host(media)

    def _embedded(self, named: Reference) -> LessonAnswer:
        """A video of another host becomes media like any other from there."""
        reference = _reference_at(named)
        if reference is None:
            return self._skipped("unknown_host")
        here = media_at([reference]).get(place_of(reference))
        if here is not None:
            return LessonAnswer(self.lesson, Outcome.UNCHANGED, media=here)
        if self.dry_run:
            return LessonAnswer(self.lesson, Outcome.ADDED)
        facts = {"title": self._title, "description": self.lesson.description, "tags": self._tags}
        media, is_new = bring_in(reference, facts, by=self.by)
        return LessonAnswer(self.lesson, Outcome.ADDED if is_new else Outcome.UNCHANGED, media=media)

    def _tag(self, media: Media) -> None:
        if self._tags:
            tag_media(media, self._tags, by=self.by)

    def _is_of_another_lesson(self, media: Media) -> bool:
        return getattr(media, self.host.key_field) not in ("", self.lesson.key)

    def _skipped(self, code: str, media: Media | None = None) -> LessonAnswer:
        return LessonAnswer(self.lesson, Outcome.SKIPPED, code, media)

    @property
    def _video_field(self) -> str:
        return SOURCES[self.host.stored_as].key_field

    @property
    def _keys(self) -> dict[str, str]:
        return {
            self.host.key_field: self.lesson.key,
            self._video_field: self.lesson.playback_key,
            f"{self.host.stored_as}_asset_id": self.lesson.asset_key,
        }

    @property
    def _title(self) -> str:
        return (self.lesson.title or self.lesson.key)[:TITLE_CHARACTERS]

    @property
    def _tags(self) -> list[str]:
        return [self.lesson.course[:TAG_CHARACTERS]] if self.lesson.course.strip() else []

    @property
    def _told(self) -> dict[str, Any]:
        lesson = self.lesson
        return {"title": self._title, "course": lesson.course, "chapter": lesson.chapter, "order": lesson.order}


def _reference_at(named: Reference) -> Reference | None:
    """What a host is asked for by that name and key; None where it does not know such a key, or nobody the host."""
    host = SOURCES.get(named.source)
    try:
        found = recognize(host.address(named)) if host else None
    except NotOneVideo:
        return None
    return found if isinstance(found, Reference) and found.key == named.key else None
