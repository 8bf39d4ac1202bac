from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import Membership, Organization
from accounts.permissions import can
from media_library.access import granted_to, watching_granted_to

Granted = Callable[[Any, Organization], Q]


class MediaQuerySet(models.QuerySet):
    """Reads of the library, named for who reads."""

    def present(self) -> "MediaQuerySet":
        """What was not archived."""
        return self.exclude(publication="archived")

    def for_list(self) -> "MediaQuerySet":
        """One row of a list: no transcript, no raw metadata."""
        return self.defer("source_metadata", "description")

    def for_player(self) -> "MediaQuerySet":
        return self.select_related("rendition", "transcript").defer("source_metadata")

    def with_shelves(self) -> "MediaQuerySet":
        """With categories, tags and credits: three statements more, whatever the number of media."""
        return self.prefetch_related("categories", "tags", "credits")

    def in_categories(self, category_ids: Iterable[UUID]) -> "MediaQuerySet":
        return self.filter(self._has("media_categories", category__in=list(category_ids)))

    def tagged(self, name: str) -> "MediaQuerySet":
        """With the tag of this slug or name."""
        called = Q(tag__slug=name) | Q(tag__name__iexact=name)
        return self.filter(self._has("media_tags", called))

    def search(self, words: str) -> "MediaQuerySet":
        """Every word stands in the title, the description, the file's name, or a tag."""
        return self.filter(reduce(and_, map(self._says, words.split()), Q()))

    def _says(self, word: str) -> Q:
        told = Q(title__icontains=word) | Q(description__icontains=word) | Q(original_filename__icontains=word)
        return told | self._has("media_tags", tag__name__icontains=word)

    def _has(self, relation: str, *conditions: Q, **facts: Any) -> Q:
        """As a subquery, so that nothing is listed twice."""
        related: Any = self.model._meta.get_field(relation).related_model
        rows = related._default_manager.filter(*conditions, media=OuterRef("pk"), **facts)
        return Q(Exists(rows))

    def playable(self) -> "MediaQuerySet":
        """Something of ours plays, or its host said that it does."""
        return self.filter(Q(rendition__isnull=False) | Q(described_at__isnull=False))

    def published(self) -> "MediaQuerySet":
        return self.filter(publication="published")

    def visible_to(self, user: Any, organization: Organization) -> "MediaQuerySet":
        """What this person may watch or hear, in the one statement that reads it (media_library.access)."""
        return self._open_to(user, organization, granted_to)

    def watchable_by(self, user: Any, organization: Organization) -> "MediaQuerySet":
        """Without what is open to the ear alone."""
        return self._open_to(user, organization, watching_granted_to)

    def _open_to(self, user: Any, organization: Organization, granted: Granted) -> "MediaQuerySet":
        if can(user, "content.view", organization):
            return self
        if not can(user, "course.learn", organization):
            return self.none()
        return self.playable().filter(granted(user, organization))

    def created_by(self, user: Any) -> "MediaQuerySet":
        return self.filter(creator=user)


class WatchRecordQuerySet(models.QuerySet):
    """What learners have seen: highest completion, whether and when completed, and last position are columns."""

    def of(self, user: Any) -> "WatchRecordQuerySet":
        return self.filter(user=user.pk)

    def latest_first(self) -> "WatchRecordQuerySet":
        return self.order_by("-updated_at", "-pk")

    def with_watch_time(self) -> "WatchRecordQuerySet":
        """Adds `watch_seconds`: the distinct seconds of each of the learner's visits, summed over the visits."""
        visits: Any = self.model._meta.apps.get_model("media_library", "WatchSession")
        theirs = visits.objects.filter(media=OuterRef("media"), user=OuterRef("user")).order_by()
        total = theirs.values("media").annotate(total=Sum("watched_seconds")).values("total")
        return self.annotate(watch_seconds=Coalesce(Subquery(total), 0))


class PlaylistQuerySet(models.QuerySet):
    """Lists of media, named for who reads them."""

    def of_library(self) -> "PlaylistQuerySet":
        return self.filter(owner=None)

    def owned_by(self, user: Any) -> "PlaylistQuerySet":
        return self.filter(owner=user.pk)

    def visible_to(self, user: Any, organization: Organization) -> "PlaylistQuerySet":
        """One's own. Who may browse sees published ones of the library and of members too; makers the library's drafts.

        Nobody sees what another person has not shared.
        """
        if not can(user, "course.learn", organization):
            return self.none()
        seen: Any = Q(owner=user.pk)
        if can(user, "catalog.browse", organization):
            members = Membership.objects.active().filter(organization=organization, user=OuterRef("owner"))
            seen |= Q(status="published") & (Q(owner=None) | Exists(members))
        if can(user, "content.view", organization):
            seen |= Q(owner=None)
        return self.filter(seen)

    def editable_by(self, user: Any, organization: Organization) -> "PlaylistQuerySet":
        """One's own; the library's for makers."""
        if not can(user, "course.learn", organization):
            return self.none()
        library = Q(owner=None) if can(user, "content.edit", organization) else Q(pk__in=[])
        return self.filter(Q(owner=user.pk) | library)


class PlaylistEntryQuerySet(models.QuerySet):
    """What stands in lists."""

    def in_order(self) -> "PlaylistEntryQuerySet":
        return self.order_by("playlist_id", "position", "pk")

    def visible_to(self, user: Any, organization: Organization) -> "PlaylistEntryQuerySet":
        """Those whose media this person may watch now."""
        media: Any = self.model._meta.get_field("media").related_model
        return self.filter(media__in=media.objects.present().visible_to(user, organization).values("pk"))

    def with_watching(self, user: Any) -> "PlaylistEntryQuerySet":
        """With `watched`, this person's watch record of the media, as a relation."""
        of_this_person = Q(media__watch_records__user=user.pk)
        return self.annotate(watched=FilteredRelation("media__watch_records", condition=of_this_person))
