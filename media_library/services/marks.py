"""Percents of media that a higher floor goes by."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from media_library.models import Media


def tell_at(marks: Mapping[UUID, Sequence[int]]) -> None:
    """From now on `watch_progressed` is announced when a learner reaches one of these percents, 1–100, of that media.

    Once for each learner, as at the milestones; what was marked before and is not named is not told any more.
    """
    for media in Media.objects.filter(pk__in=marks).only("watch_marks"):
        if media.watch_marks != list(marks[media.pk]):
            Media.objects.filter(pk=media.pk).update(watch_marks=list(marks[media.pk]))
