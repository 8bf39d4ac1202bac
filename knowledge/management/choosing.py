"""What commands about courses and media share: the rows that an operator named by their keys."""

from collections.abc import Sequence
from uuid import UUID

from django.core.management.base import CommandError

from courses.models import Course
from media_library.models import Media


def chosen_media(keys: Sequence[UUID]) -> list[Media]:
    """In the order in which they were named. Raises CommandError for those that are not in this organization."""
    found = Media.objects.in_bulk(keys)
    if missing := [str(key) for key in keys if key not in found]:
        raise CommandError(f"There is no media {', '.join(missing)}.")
    return [found[key] for key in keys]


def chosen_course(key: UUID | None) -> Course | None:
    """None where none was named. Raises CommandError for one that is not in this organization."""
    found: Course | None = Course.objects.filter(pk=key).first() if key else None
    if key and found is None:
        raise CommandError(f"There is no course {key}.")
    return found
