"""Cuts what is written in courses into passages: the words of texts, and of files that are handed out.

What quizzes and assignments say is never among them.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from courses.models import ContentItem, ItemType
from knowledge.languages import text_search_configuration
from knowledge.models import Passage
from knowledge.services.embedding import ask_for_meaning
from knowledge.services.storing import hash_of, store_passages
from knowledge.written.files import Trouble, Unread, is_readable, paragraphs_of_file
from knowledge.written.markdown_words import paragraphs_of_markdown
from knowledge.written.sections import Paragraph, chunk_written
from media_library.models import Media

WRITTEN = (ItemType.TEXT, ItemType.RESOURCE)


def written_items() -> QuerySet[ContentItem]:
    """Items that may have something to read."""
    found: QuerySet[ContentItem] = ContentItem.objects.filter(type__in=WRITTEN)
    return found


def index_items(keys: Sequence[UUID], *, tell: Callable[[str], object] = lambda sentence: None) -> int:
    """Make the passages of these items what they say now. Answers how many passages there are.

    Item by item, each in one transaction; what is new is embedded by one job of its own. `tell` hears a sentence for
    each file of which nothing could be read: it has no passages, and the others do.
    """
    total = sum(_index_item(key, tell) for key in keys)
    with transaction.atomic():
        written = Passage.objects.filter(item__in=keys)
        ask_for_meaning("embed_items", None, written, payload={"items": [str(key) for key in keys]})
    return total


def _index_item(key: UUID, tell: Callable[[str], object]) -> int:
    """Its file is read before anything is locked: that may take a minute."""
    item = written_items().select_related("resource", "chapter").filter(pk=key).first()
    if item is None:
        return 0
    try:
        passages = passages_of(item)
    except Unread as unread:
        passages = []
        tell(_in_words(item, unread.trouble))
    with transaction.atomic():
        if not _is_as_read(item):  # changed or removed meanwhile: another job knows
            return 0
        store_passages(Passage.objects.filter(item=key), passages)
    return len(passages)


def _in_words(item: ContentItem, trouble: Trouble) -> str:
    words = {
        Trouble.LOCKED: _("“%(title)s” needs a password: search cannot read it."),
        Trouble.TOO_MUCH: _("“%(title)s” takes too long to read, or holds more than it seems: search leaves it out."),
        Trouble.BROKEN: _("“%(title)s” is broken, or is no PDF: search cannot read it."),
    }
    return words[trouble] % {"title": item.title}


def _is_as_read(item: ContentItem) -> bool:
    held = written_items().select_for_update(of=("self",), no_key=True).select_related("resource")
    now = held.filter(pk=item.pk).first()
    return now is not None and (now.text, _file_of(now)) == (item.text, _file_of(item))


def _file_of(item: ContentItem) -> str:
    return item.resource.path if item.resource else ""


def passages_of(item: ContentItem) -> list[Passage]:
    """What it says, cut anew and not stored. Raises Unread."""
    config = text_search_configuration(language_of_course(item.chapter.course_id))
    pieces = chunk_written(_paragraphs_of(item), size=settings.PASSAGE_WORDS, overlap=settings.PASSAGE_OVERLAP)
    return [
        Passage(
            item=item, position=position, text=piece.text, heading=piece.heading, page=piece.page, words=piece.words,
            search_config=config, content_hash=hash_of(piece.text),
        )
        for position, piece in enumerate(pieces)
    ]  # fmt: skip


def _paragraphs_of(item: ContentItem) -> list[Paragraph]:
    if item.type == ItemType.TEXT:
        return paragraphs_of_markdown(item.text.replace("\0", " "))
    resource: Any = item.resource
    if not resource.path or not is_readable(resource.filename, resource.size_bytes):
        return []
    try:
        with default_storage.open(resource.path) as file:
            return paragraphs_of_file(file, filename=resource.filename)
    except FileNotFoundError:
        return []


def language_of_course(course_id: UUID) -> str:
    """That in which most of its films are spoken; without any, that of the site."""
    spoken = Media.objects.filter(content_items__chapter__course=course_id, transcript__isnull=False)
    languages = spoken.values_list("transcript__language").annotate(films=Count("pk", distinct=True))
    most: Any = languages.order_by("-films", "transcript__language").first()
    return most[0] if most else settings.LANGUAGE_CODE
