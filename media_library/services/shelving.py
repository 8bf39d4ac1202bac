"""Putting the library in order: categories inside categories, tags made as they are needed, credits."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.lines import one_line
from core.slugs import free_slug
from core.tenancy import current_organization_id
from media_library.models import Category, Media, MediaCategory, MediaTag, Tag
from media_library.tree import with_all_inside

SLUG_CHARACTERS = 50
TAG_CHARACTERS = 60
MOST_TAGS = 50


@transaction.atomic
def save_category(category: Category, *, by: Any) -> Category:
    """Write a new category or a changed one; its slug is made of its first name and stays.

    Raises Refused, with the field: name_missing, name_taken, inside_itself, unknown_category.
    """
    lock_organization(current_organization_id())  # two moves at once could close a circle
    category.name = refuse_category(category.pk, category.name, parent_id=category.parent_id)
    category.slug = category.slug or _free_slug(Category, category.name)
    category.save()
    return category


@transaction.atomic
def delete_category(category: Category, *, by: Any) -> None:
    """Its media stay in the library; the categories inside move up to where it was."""
    lock_organization(current_organization_id())
    parent_id = Category.objects.values_list("parent_id", flat=True).get(pk=category.pk)
    Category.objects.filter(parent=category.pk).update(parent=parent_id)
    category.delete()


@transaction.atomic
def save_tag(tag: Tag, *, by: Any) -> Tag:
    """Write a new tag or a renamed one. Raises Refused, with the field `name`: name_missing, name_taken."""
    lock_organization(current_organization_id())
    tag.name = refuse_tag(tag.pk, tag.name)
    tag.slug = tag.slug or _free_slug(Tag, tag.name)
    tag.save()
    return tag


@transaction.atomic
def delete_tag(tag: Tag, *, by: Any) -> None:
    """Media that had it stay."""
    tag.delete()


@transaction.atomic
def put_in_categories(media: Media, category_ids: Iterable[UUID], *, by: Any) -> None:
    """Let media stand in these categories and no others. Raises Refused `unknown_category` for one that is not here."""
    wanted = set(category_ids)
    found = set(Category.objects.select_for_update(no_key=True).filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - found:
        raise _refusal("unknown_category", _("There is no such category here."), field="categories")
    standing = MediaCategory.objects.filter(media=media)
    standing.exclude(category__in=wanted).delete()
    rows = [MediaCategory(media=media, category_id=key) for key in wanted]
    MediaCategory.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def tag_media(media: Media, names: Iterable[str], *, by: Any) -> None:
    """Give media these tags and no others; what no tag is called yet becomes one.

    Capitals make no difference. Raises Refused, with the field `tags`: name_too_long, too_many_tags.
    """
    wanted = _tags_called(distinct_names(names))
    MediaTag.objects.filter(media=media).exclude(tag__in=wanted).delete()
    MediaTag.objects.bulk_create([MediaTag(media=media, tag=tag) for tag in wanted], ignore_conflicts=True)


def refuse_category(key: UUID, name: str, *, parent_id: UUID | None) -> str:
    """The name as it would be written. Raises Refused like `save_category`."""
    name = _name(name)
    _refuse_circle(key, parent_id)
    siblings = Category.objects.filter(parent=parent_id).exclude(pk=key)
    if siblings.filter(name__iexact=name).exists():
        raise _refusal("name_taken", _("There is a category of this name here already."), field="name")
    return name


def refuse_tag(key: UUID, name: str) -> str:
    """The name as it would be written. Raises Refused like `save_tag`."""
    name = _name(name)
    if Tag.objects.filter(name__iexact=name).exclude(pk=key).exists():
        raise _refusal("name_taken", _("There is a tag of this name already."), field="name")
    return name


def _free_slug(model: type[Category | Tag], name: str) -> str:
    return free_slug(model.objects.all(), name, otherwise=str(model._meta.model_name), any_script=True)


def distinct_names(names: Iterable[str]) -> dict[str, str]:
    """The first spelling of each name of a tag, by what makes it the same. Raises Refused like `tag_media`."""
    apart: dict[str, str] = {}
    for name in filter(None, map(one_line, names)):
        apart.setdefault(name.lower(), name)
    if len(apart) > MOST_TAGS:
        words = _("One media item takes %(most)d tags at most.") % {"most": MOST_TAGS}
        raise _refusal("too_many_tags", words, field="tags")
    if long := next((name for name in apart.values() if len(name) > TAG_CHARACTERS), None):
        words = _("“%(name)s…” is too long for a tag: %(most)d characters at most.")
        raise _refusal("name_too_long", words % {"name": long[:20], "most": TAG_CHARACTERS}, field="tags")
    return apart


def split_names(text: str) -> list[str]:
    """What somebody wrote between commas."""
    return [name for part in text.split(",") if (name := one_line(part))]


def _tags_called(names: dict[str, str]) -> list[Tag]:
    known = _known_tags(names)
    if names.keys() - known.keys():
        lock_organization(current_organization_id())  # the same new word twice at once is one tag
        known = _known_tags(names)
    return [known.get(key) or _new_tag(name) for key, name in names.items()]


def _known_tags(names: dict[str, str]) -> dict[str, Tag]:
    called = Tag.objects.annotate(lower=Lower("name")).filter(lower__in=names)
    return {tag.name.lower(): tag for tag in called}


def _new_tag(name: str) -> Tag:
    return Tag.objects.create(name=name, slug=_free_slug(Tag, name))


def _refuse_circle(key: UUID, parent_id: UUID | None) -> None:
    if parent_id is None:
        return
    if parent_id in with_all_inside(key):
        raise _refusal("inside_itself", _("A category cannot stand inside itself."), field="parent")
    if not Category.objects.filter(pk=parent_id).exists():
        raise _refusal("unknown_category", _("There is no such category here."), field="parent")


def _name(text: str) -> str:
    name = one_line(text)
    if not name:
        raise _refusal("name_missing", _("This needs a name."), field="name")
    return name


def _refusal(code: str, words: str, *, field: str) -> Refused:
    return Refused(code, words, fields={field: [words]})
