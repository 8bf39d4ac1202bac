"""What happened in a project: who brought in what and when, which frames were asked for, and what failed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, FloatField, IntegerField, OuterRef, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.audit import history_of
from core.models import Job
from core.models.job import JobState
from media_library.batches.noting import NOTED
from media_library.models import (
    ExtractionMode,
    FrameExtraction,
    Media,
    Project,
    Status,
    Upload,
    UploadBatch,
    UploadState,
)
from media_library.wording import words_for_exact_seconds

UPLOADED, ADDED, FRAMES, FAILED, CHANGED = "uploaded", "added", "frames", "failed", "changed"
WORDS = {
    UPLOADED: gettext_lazy("Uploaded"),
    ADDED: gettext_lazy("Added"),
    FRAMES: gettext_lazy("Frames asked for"),
    FAILED: gettext_lazy("Failed"),
    CHANGED: gettext_lazy("Changed"),
}
STATES: dict[str, Any] = {UPLOADED: UploadState, ADDED: Status, FRAMES: JobState}
TEXT, NUMBER, SECONDS, KEY = CharField(), IntegerField(), FloatField(), UUIDField()
# No field of the rows is called so.
COLUMNS = ("moment", "event", "who", "about", "standing", "amount", "manner", "distance", "told", "where", "subject")

KINDS: dict[str, Any] = {
    **dict.fromkeys(COLUMNS[1:], TEXT), "amount": NUMBER, "distance": SECONDS, "subject": KEY
}  # fmt: skip


@dataclass(frozen=True)
class Happened:
    """`who` is the name of a person, empty where nobody is known; `about` a title or a file's name.

    `state` is how far it is, as the rows have it, `count` how many frames were made; `told` says it in words. `media`
    is the key of the media that it is about, where there is one.
    """

    at: datetime
    event: str
    who: str
    about: str
    state: str
    count: int | None
    told: str
    batch: str
    media: Any

    @property
    def label(self) -> str:
        return str(WORDS[self.event])


class History:
    """Of a project, the latest first; sliced and counted as paginators do."""

    def __init__(self, project: Project) -> None:
        batches = UploadBatch.objects.filter(project=project).values("pk")
        first, *others = (
            _uploads(batches), _added(batches), _extractions(batches), _failures(batches), _changes(project),
        )  # fmt: skip
        self.rows: Any = first.union(*others, all=True).order_by("-moment", "subject")

    def __len__(self) -> int:
        return int(self.rows.count())

    count = __len__

    def __getitem__(self, part: slice) -> list[Happened]:
        return [_happened(row) for row in self.rows[part]]


def _happened(row: tuple[Any, ...]) -> Happened:
    at, event, who, about, state, count, mode, number, told, where, subject = row
    if event in STATES:
        told = str(STATES[event](state).label)
    if event == FRAMES:
        told = ", ".join((words_for_mode(mode, number), _frames(count) if state == JobState.SUCCEEDED else told))
    return Happened(at, event, who or "", about, state, count, told, where, subject)


def _frames(count: int) -> str:
    return ngettext("%(count)d frame", "%(count)d frames", count) % {"count": count} if count else _("no new frames")


def words_for_mode(mode: str, seconds: float | None) -> str:
    """Which frames were asked for: `every 2 s`, `where the picture changes`, `at 12.35 s`."""
    told = {"seconds": words_for_exact_seconds(seconds or 0.0)}
    words = {
        ExtractionMode.EVERY: _("every %(seconds)s"),
        ExtractionMode.SCENES: _("where the picture changes"),
        ExtractionMode.MOMENT: _("at %(seconds)s"),
    }
    return words[ExtractionMode(mode)] % told


def _uploads(batches: QuerySet[Any]) -> QuerySet[Any]:
    """But those of what was purged: nothing tells what they were."""
    rows = Upload.objects.filter(batch__in=batches).exclude(filename="").order_by()
    return _told(rows, "created_at", UPLOADED, "owner__name", about="filename", standing="state", subject="media")


def _added(batches: QuerySet[Any]) -> QuerySet[Any]:
    """What came in without an upload into the batch."""
    rows = Media.objects.filter(batch__in=batches).exclude(uploads__batch__in=batches).order_by()
    return _told(rows, "created_at", ADDED, "creator__name", about="title", standing="status", subject="pk")


def _extractions(batches: QuerySet[Any]) -> QuerySet[Any]:
    """Jobs that ended long ago are forgotten: what is left are those that made something."""
    rows = FrameExtraction.objects.filter(batch__in=batches).order_by()
    newest = Job.objects.filter(subject_id=OuterRef("pk")).order_by("-pk").values("state")[:1]
    state = Coalesce(Subquery(newest), Value(JobState.SUCCEEDED), output_field=TEXT)
    facts = {"about": "media__title", "amount": "made", "manner": "mode", "distance": Coalesce("interval", "at")}
    return _told(rows, "created_at", FRAMES, "created_by__name", standing=state, subject="media", **facts)


def _failures(batches: QuerySet[Any]) -> QuerySet[Any]:
    """Of work on media of the batches and on their frames; jobs know their subject by its key alone."""
    failed = Job.objects.filter(state=JobState.FAILED, finished_at__isnull=False).order_by()
    media = Media.objects.filter(batch__in=batches)
    extractions = FrameExtraction.objects.filter(batch__in=batches)
    subjects = media.values("pk").union(extractions.values("pk"), all=True)
    mine, theirs = (rows.filter(pk=OuterRef("subject_id")) for rows in (media, extractions))

    def either(one: str, other: str, kind: Any = TEXT) -> Coalesce:
        return Coalesce(Subquery(mine.values(one)[:1]), Subquery(theirs.values(other)[:1]), output_field=kind)

    return _told(
        failed.filter(subject_id__in=subjects), "finished_at", FAILED, Value(""), about=either("title", "media__title"),
        standing="state", told="error_message", where=either("batch__name", "batch__name"),
        subject=either("pk", "media", KEY),
    )  # fmt: skip


def _changes(project: Project) -> QuerySet[Any]:
    """What was noted of the project: its batches renamed, moved and deleted, frames moved and deleted."""
    rows = history_of(project).filter(action__in=NOTED).select_related(None).order_by()
    return _told(
        rows, "happened_at", CHANGED, "actor__name", about="object_name", told="detail", where=Value(""),
    )  # fmt: skip


def _told(rows: QuerySet[Any], at: str, event: str, who: Any, **columns: Any) -> QuerySet[Any]:
    """Each part of the union has the same columns of the same types."""
    named = {"event": Value(event), "who": who, "where": "batch__name", **columns}
    missing = {name: Value("" if kind is TEXT else None) for name, kind in KINDS.items()}
    cast = {name: Cast(named.get(name, missing[name]), kind) for name, kind in KINDS.items()}
    return rows.annotate(moment=_column(at), **cast).values_list(*COLUMNS)


def _column(name: str) -> Any:
    return Coalesce(name, name)
