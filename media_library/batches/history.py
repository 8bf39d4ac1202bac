"""What happened in a project: who brought in what and when, which frames were asked for, and what failed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy, ngettext

from core.models import Job
from core.models.job import JobState
from media_library.models import FrameExtraction, Media, Project, Upload, UploadBatch

UPLOADED, ADDED, FRAMES, FAILED = "uploaded", "added", "frames", "failed"
WORDS = {
    UPLOADED: gettext_lazy("Uploaded"),
    ADDED: gettext_lazy("Added"),
    FRAMES: gettext_lazy("Frames asked for"),
    FAILED: gettext_lazy("Failed"),
}
TEXT = CharField()
COLUMNS = ("moment", "event", "who", "about", "told", "where", "subject")


@dataclass(frozen=True)
class Happened:
    """`who` is the name of a person, empty where nobody is known; `about` a title or a file's name; `told` says more.

    `media` is the key of the media that it is about, where there is one.
    """

    at: datetime
    event: str
    who: str
    about: str
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
        first, *others = _uploads(batches), _added(batches), _extractions(batches), _failures(batches)
        self.rows: Any = first.union(*others, all=True).order_by("-moment", "subject")

    def __len__(self) -> int:
        return int(self.rows.count())

    count = __len__

    def __getitem__(self, part: slice) -> list[Happened]:
        return [_happened(row) for row in self.rows[part]]


def _happened(row: tuple[Any, ...]) -> Happened:
    at, event, who, about, told, where, subject = row
    return Happened(at, event, who or "", about, _frames(int(told)) if event == FRAMES else told, where, subject)


def _frames(count: int) -> str:
    return ngettext("%(count)d frame", "%(count)d frames", count) % {"count": count}


def _uploads(batches: QuerySet[Any]) -> QuerySet[Any]:
    """But those of what was purged: nothing tells what they were."""
    rows = Upload.objects.filter(batch__in=batches).exclude(filename="").order_by()
    return _told(rows, "created_at", UPLOADED, "owner", about="filename", told="state", batch="batch", subject="media")


def _added(batches: QuerySet[Any]) -> QuerySet[Any]:
    """What came in without an upload into the batch."""
    rows = Media.objects.filter(batch__in=batches).exclude(uploads__batch__in=batches).order_by()
    return _told(rows, "created_at", ADDED, "creator", about="title", told="status", batch="batch", subject="pk")


def _extractions(batches: QuerySet[Any]) -> QuerySet[Any]:
    rows = FrameExtraction.objects.filter(batch__in=batches).order_by()
    about = {"about": "media__title", "told": "made", "batch": "batch", "subject": "media"}
    return _told(rows, "created_at", FRAMES, "created_by", **about)


def _failures(batches: QuerySet[Any]) -> QuerySet[Any]:
    """Of work on media of the batches and on their frames; jobs know their subject by its key alone."""
    failed = Job.objects.filter(state=JobState.FAILED, finished_at__isnull=False).order_by()
    media = Media.objects.filter(batch__in=batches)
    extractions = FrameExtraction.objects.filter(batch__in=batches)
    subjects = media.values("pk").union(extractions.values("pk"), all=True)
    mine, theirs = (rows.filter(pk=OuterRef("subject_id")) for rows in (media, extractions))

    def either(one: str, other: str, kind: Any = TEXT) -> Coalesce:
        return Coalesce(Subquery(mine.values(one)[:1]), Subquery(theirs.values(other)[:1]), output_field=kind)

    return (
        failed.filter(subject_id__in=subjects)
        .annotate(
            moment=_column("finished_at"), event=Value(FAILED, TEXT), who=Value("", TEXT),
            about=either("title", "media__title"), told=Cast("error_message", TEXT),
            where=either("batch__name", "batch__name"), subject=either("pk", "media", UUIDField()),
        )
        .values_list(*COLUMNS)
    )  # fmt: skip


def _told(rows: QuerySet[Any], at: str, event: str, who: str, **names: str) -> QuerySet[Any]:
    return rows.annotate(
        moment=_column(at), event=Value(event, TEXT), who=Cast(f"{who}__name", TEXT), about=Cast(names["about"], TEXT),
        told=Cast(names["told"], TEXT), where=Cast(f"{names['batch']}__name", TEXT),
        subject=Cast(names["subject"], UUIDField()),
    ).values_list(*COLUMNS)  # fmt: skip


def _column(name: str) -> Any:
    return Coalesce(name, name)
