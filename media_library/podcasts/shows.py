"""Shows: written, published, withdrawn. Whatever changes what a feed tells says so: `changes.touch`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.lines import one_line
from core.slugs import free_slug
from core.tenancy import current_organization_id
from media_library.models import Audience, Podcast, ShowStatus
from media_library.models.podcasts import DESCRIPTION_BYTES
from media_library.podcasts.addresses import feed_url
from media_library.podcasts.artwork import drop_artwork_of_show
from media_library.podcasts.categories import is_category
from media_library.podcasts.changes import touch
from media_library.podcasts.gone import bury_show
from media_library.podcasts.guid import guid_of
from media_library.podcasts.hearing import tell_of_shows
from media_library.podcasts.holding import hold_show
from media_library.services.caption_language import checked_language

WRITTEN = (
    "title", "slug", "description", "author", "owner_name", "owner_email", "link", "language", "category", "copyright",
    "type", "medium", "is_explicit", "is_locked", "is_complete", "audience", "new_feed_url", "told",
)  # fmt: skip

LOCKED_NEEDS_OWNER = _lazy("A locked show needs the address of its owner: without it nobody could move it.")


@transaction.atomic
def save_podcast(podcast: Podcast, *, by: Any, written: Iterable[str] = WRITTEN) -> Podcast:
    """Write a new show, or of one there is the columns `written`: what others change meanwhile stays, as do its status
    and its artwork. Its slug is made of its title where it has none.

    Its guid is that of its feed's address. From the first publication on both stay; the guid of an imported show is
    the one it came with. A new one that is locked is its maker's, unless it names another owner. Raises Refused, with
    the field: title_missing, too_long, invalid_language, unknown_category, owner_missing, slug_taken,
    private_feed_stays, address_stays (409), podcast_gone (404), and what publishing refuses where it is published
    already.
    """
    lock_organization(current_organization_id())  # the same address twice at once
    if not podcast._state.adding:
        hold_show(podcast, written=set(written).intersection(WRITTEN))
    _tidy(podcast)
    _give_owner(podcast, by=by, written=written)
    podcast.slug = podcast.slug or free_slug(Podcast.objects.all(), podcast.title, otherwise="podcast")
    _refuse_slug(podcast)
    if {"audience", "new_feed_url"}.intersection(written):
        _refuse_moving(podcast)
    if podcast.status == ShowStatus.PUBLISHED:
        refuse_incomplete(podcast)
    if podcast.status == ShowStatus.DRAFT:
        podcast.guid = _guid(podcast)
    if podcast._state.adding:
        podcast.created_by = by
    podcast.save()
    touch(podcast)
    return podcast


@transaction.atomic
def publish_podcast(podcast: Podcast, *, by: Any) -> Podcast:
    """From now on its feed answers. A second time nothing changes. Raises Refused: show_incomplete, with the fields."""
    hold_show(podcast)
    refuse_incomplete(podcast)
    return _move(podcast, ShowStatus.PUBLISHED)


@transaction.atomic
def withdraw_podcast(podcast: Podcast, *, by: Any) -> Podcast:
    """Apps are told that it is gone; it may be published again. Raises Refused: not_published (409)."""
    hold_show(podcast)
    if podcast.status == ShowStatus.DRAFT:
        raise Refused("not_published", _("“%(show)s” is not published.") % {"show": podcast}, status=409)
    return _move(podcast, ShowStatus.WITHDRAWN)


@transaction.atomic
def delete_podcast(podcast: Podcast, *, by: Any) -> None:
    """With its episodes, not with their media; a withdrawn one is told to be gone for ever (`gone`).

    Raises Refused: is_published (409).
    """
    hold_show(podcast)
    if podcast.status == ShowStatus.PUBLISHED:
        words = _("“%(show)s” is published. Withdraw it first, so that apps are told that it is gone.")
        raise Refused("is_published", words % {"show": podcast}, status=409)
    drop_artwork_of_show(podcast)
    bury_show(podcast)
    podcast.delete()


def refuse_incomplete(podcast: Podcast) -> None:
    """What Apple wants of every show. Raises Refused `show_incomplete` that names all that is missing."""
    missing = {
        "title": "" if podcast.title else _("a title"),
        "description": "" if podcast.description.strip() else _("a description"),
        "file": "" if podcast.artwork_path else _("artwork"),
        "language": "" if podcast.language else _("a language"),
        "category": "" if podcast.category else _("a category"),
    }
    named = {field: what for field, what in missing.items() if what}
    if not named:
        return
    words = _("“%(show)s” cannot be published: it needs %(missing)s.")
    told = words % {"show": podcast, "missing": ", ".join(named.values())}
    fields = {field: [_("It needs %(what)s.") % {"what": what}] for field, what in named.items()}
    raise Refused("show_incomplete", told, fields=fields)


def checked_description(text: str) -> str:
    """Raises Refused `too_long`, with the field `description`: Apple counts bytes."""
    if (size := len(text.encode())) > DESCRIPTION_BYTES:
        words = _("A description has at most %(most)d bytes; this one has %(size)d.")
        raise _refusal("too_long", words % {"most": DESCRIPTION_BYTES, "size": size}, field="description")
    return text


def _tidy(podcast: Podcast) -> None:
    podcast.title = one_line(podcast.title)
    if not podcast.title:
        raise _refusal("title_missing", _("A show needs a title."), field="title")
    podcast.author, podcast.owner_name = one_line(podcast.author), one_line(podcast.owner_name)
    podcast.copyright = one_line(podcast.copyright)
    podcast.description = checked_description(podcast.description)
    podcast.language = checked_language(podcast.language)
    if podcast.category and not is_category(podcast.category):
        raise _refusal("unknown_category", _("This is none of Apple's categories."), field="category")


def _give_owner(podcast: Podcast, *, by: Any, written: Iterable[str]) -> None:
    """Other hosts let in a locked show only with its owner's consent: where none is named, nobody could move it.

    What was written before is not looked at: an owner's address goes with the person.
    """
    if not podcast.is_locked or podcast.owner_email:
        return
    if podcast._state.adding:
        podcast.owner_email = getattr(by, "email", "")
    elif {"is_locked", "owner_email"}.intersection(written):
        raise _refusal("owner_missing", str(LOCKED_NEEDS_OWNER), field="owner_email")


def _refuse_slug(podcast: Podcast) -> None:
    others = Podcast.objects.exclude(pk=podcast.pk)
    if others.filter(slug=podcast.slug).exists():
        raise _refusal("slug_taken", _("Another show has this address."), field="slug")
    once_published = Podcast.objects.filter(pk=podcast.pk).exclude(status=ShowStatus.DRAFT)
    if once_published.exclude(slug=podcast.slug).exists():
        words = _("Apps follow the feed at its address: it stays as it is.")
        raise Refused("address_stays", words, fields={"slug": [words]}, status=409)


def _refuse_moving(podcast: Podcast) -> None:
    """The feeds of single listeners move nowhere: one address would be for all of them."""
    if podcast.audience == Audience.PRIVATE and podcast.new_feed_url:
        words = _("A private show has no feed that could move: each listener has their own. Leave the new feed empty.")
        raise _refusal("private_feed_stays", words, field="new_feed_url")


def _guid(podcast: Podcast) -> UUID:
    """Nobody has seen that of a draft; an imported one brings its own, else it is that of where it was."""
    if not podcast.source_url:
        return guid_of(feed_url(podcast.slug))
    return podcast.guid or guid_of(podcast.source_url)


def _move(podcast: Podcast, status: ShowStatus) -> Podcast:
    podcast.status = status
    podcast.save(update_fields=["status"])
    touch(podcast)
    tell_of_shows()
    return podcast


def _refusal(code: str, words: str, *, field: str) -> Refused:
    return Refused(code, words, fields={field: [words]})
