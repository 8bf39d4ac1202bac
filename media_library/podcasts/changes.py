"""When something that a feed tells was last changed."""

from uuid import UUID

from django.db.models import DateTimeField, Func

from media_library.models import Podcast


class Clock(Func):
    """The moment itself, not that of the transaction's begin: of two writers the later one stamps later."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def touch(podcast: Podcast) -> None:
    """Something that its feed tells has changed; whoever else changes it waits until this is sure."""
    Podcast.objects.filter(pk=podcast.pk).update(changed_at=Clock())
    podcast.refresh_from_db(fields=["changed_at"])


def touch_shows_of(media_id: UUID) -> None:
    """The same for each show that has an episode of this media: its words, chapters or sound are others. One after
    the other: two media of the same shows would wait for each other for ever.
    """
    shows = Podcast.objects.filter(episodes__media=media_id).order_by("pk")
    held = [show.pk for show in shows.select_for_update(of=("self",), no_key=True).only("pk")]
    Podcast.objects.filter(pk__in=held).update(changed_at=Clock())
