"""One video of a host becomes media of the library, once, however many bring it in at the same time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import enqueue
from media_library.batches.batches import put_in_batch
from media_library.importing.facts import read_facts
from media_library.importing.rows import BadRow
from media_library.models import Category, Media, Publication, UploadBatch
from media_library.services.describing import TOLD, correct_address, is_opened_by, placeholder
from media_library.services.import_answers import media_at, named_by, picture_address, place_of
from media_library.services.publishing import publish_media
from media_library.services.shelving import put_in_categories, save_category, tag_media
from media_library.sources import SOURCES, Reference

KEPT = ("published_at", "published", "draft", "thumbnail", "file")


def add_media(told: Mapping[str, Any], *, batch: UploadBatch | None = None, by: Any) -> tuple[Media, bool]:
    """The video of an address, and whether it is new here; `told` has the names that `importing.facts` knows.
    One that is new stands in `batch`.

    Raises Refused, with the field `url`: the codes of `importing.PROBLEMS`, `is_list` for a list of videos.
    """
    try:
        address, facts = read_facts(told)
        named = named_by(address)
    except BadRow as problem:
        raise _refusal(problem.code, problem.message) from problem
    if not isinstance(named, Reference):
        raise _refusal("is_list", _("This is a list of videos: bring it in by an import."))
    with transaction.atomic():
        media, is_new = bring_in(named, facts, by=by)
        if batch is not None and is_new:
            put_in_batch([media.pk], batch, by=by)
            media.batch = batch
    return media, is_new


@transaction.atomic
def bring_in(reference: Reference, facts: Mapping[str, Any], *, by: Any) -> tuple[Media, bool]:
    """The media of a video, and whether it is new here; what is here already stays as it is.

    Only what does not play, since its address lacked what opens it, is asked for at the one that is given now.
    """
    if (found := _found(reference)) is not None:
        if is_opened_by(found, reference):
            correct_address(found, SOURCES[reference.source].address(reference))
        return found, False
    try:
        with transaction.atomic():
            media = _new_media(reference, facts, by=by)
    except IntegrityError:  # somebody else brought it in this very moment
        found = _found(reference)
        if found is None:
            raise
        return found, False
    _shelve(media, facts, by=by)
    enqueue("describe_media", media.pk, key=f"describe_media:{media.pk}")
    return media, True


def publish_as_told(media: Media) -> None:
    """What was published where it came from is published here, once it plays; what waits for its day stays a draft."""
    told = media.source_metadata.get(TOLD, {})
    if media.publication != Publication.DRAFT or media.published_at is not None or not _is_told_published(told):
        return
    publish_media(media, by=None)
    if at := told.get("published_at"):
        media.published_at = datetime.fromisoformat(at)
        media.save(update_fields=["published_at", "updated_at"])


def _is_told_published(told: Mapping[str, Any]) -> bool:
    at = told.get("published_at")
    if told.get("draft") or told.get("published") is False or (at and datetime.fromisoformat(at) > timezone.now()):
        return False
    return bool(at or told.get("published"))


def _refusal(code: str, words: str) -> Refused:
    return Refused(code, words, fields={"url": [words]})


def _found(reference: Reference) -> Media | None:
    return media_at([reference]).get(place_of(reference))


def _new_media(reference: Reference, facts: Mapping[str, Any], *, by: Any) -> Media:
    host = SOURCES[reference.source]
    source, field, key = place_of(reference)
    address = host.address(reference)
    told = {name: facts[name] for name in KEPT if name in facts} | {"thumbnail": picture_address(facts)}
    metadata: dict[str, Any] = {TOLD: {name: value for name, value in told.items() if value not in ("", None)}}
    media: Media = Media.objects.create(
        source=source, source_url=address, title=facts.get("title") or placeholder(address),
        description=facts.get("description", ""), creator=by, source_metadata=metadata, **{field: key},
    )  # fmt: skip
    return media


def _shelve(media: Media, facts: Mapping[str, Any], *, by: Any) -> None:
    if tags := facts.get("tags"):
        tag_media(media, tags, by=by)
    if names := facts.get("categories"):
        put_in_categories(media, [category_called(name, by=by).pk for name in names], by=by)


def category_called(name: str, *, by: Any) -> Category:
    """The one of this name, the outermost where there are several; a new one where there is none."""
    called = Category.objects.filter(name__iexact=name).order_by("parent", "pk")
    found: Category | None = called.filter(parent=None).first() or called.first()
    if found is not None:
        return found
    try:
        return save_category(Category(name=name), by=by)
    except Refused:  # made this very moment
        return Category.objects.get(name__iexact=name, parent=None)
