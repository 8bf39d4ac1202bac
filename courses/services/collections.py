"""Collections: courses that belong together, in an order; collections stand inside each other."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.lines import one_line
from core.ordering import LAST, move_to, place_once, put_in_order, renumber
from core.slugs import free_slug
from core.tenancy import current_organization_id
from core.trees import keys_inside
from courses.models import CollectedCourse, Collection, Course


@transaction.atomic
def save_collection(collection: Collection, *, by: Any, position: int | None = None) -> Collection:
    """Write a new collection or a changed one, at a place among its siblings; without one it stays, or goes to the end.

    Its slug is made of its first title unless given. Raises Refused, with the field: title_missing, slug_taken,
    inside_itself, unknown_collection.
    """
    lock_organization(current_organization_id())  # two moves at once could close a circle
    refuse_collection(collection)
    collection.title = one_line(collection.title)
    collection.slug = collection.slug or free_slug(Collection.objects.all(), collection.title, otherwise="collection")
    came_from = _parent_of(collection)
    if collection._state.adding or came_from != collection.parent_id:
        collection.position = LAST
    collection.save()
    _place(collection, position)
    renumber(Collection.objects.filter(parent=came_from))
    return collection


def refuse_collection(collection: Collection) -> None:
    """Raises Refused like `save_collection`."""
    if not one_line(collection.title):
        raise _refusal("title_missing", _("This needs a title."), field="title")
    same = Collection.objects.filter(slug=collection.slug).exclude(pk=collection.pk)
    if collection.slug and same.exists():
        raise _refusal("slug_taken", _("Another collection already has this address."), field="slug")
    _refuse_circle(collection)


@transaction.atomic
def delete_collection(collection: Collection, *, by: Any) -> None:
    """Its courses stay; the collections inside move up to where it was, behind those that stand there."""
    lock_organization(current_organization_id())
    parent = _parent_of(collection)
    inside = Collection.objects.filter(parent=collection.pk).order_by("position", "pk")
    for place, child in enumerate(inside.values_list("pk", flat=True)):
        Collection.objects.filter(pk=child).update(parent=parent, position=LAST + place)
    collection.delete()
    renumber(Collection.objects.filter(parent=parent))


@transaction.atomic
def add_course(collection: Collection, course: Course, *, by: Any, position: int | None = None) -> CollectedCourse:
    """Put a course in, at a place from 1 or at the end; one that stands there is moved if a place is named."""
    entries = locked_entries(collection)
    entry = entries.filter(course=course).first()
    is_new = entry is None
    entry = entry or CollectedCourse.objects.create(collection=collection, course=course, position=LAST)
    if is_new or position is not None:
        move_to(entries, entry.pk, position)
        entry.refresh_from_db(fields=["position"])
    return entry


@transaction.atomic
def save_entry(entry: CollectedCourse, *, by: Any) -> CollectedCourse:
    """Write one row of what a collection holds, new ones at the end; a course in it already keeps its one row."""
    saved: CollectedCourse = place_once(locked_entries(entry.collection), entry, course=entry.course_id)
    return saved


@transaction.atomic
def remove_course(collection: Collection, course: Course, *, by: Any) -> None:
    """Take a course out; without a trace if it is not in."""
    entries = locked_entries(collection)
    entries.filter(course=course).delete()
    renumber(entries)


@transaction.atomic
def put_courses(collection: Collection, course_ids: Iterable[UUID], *, by: Any) -> None:
    """Let these courses and no others stand in it, in this order.

    Raises Refused `unknown_course`, with the field `courses`, for one that is not here.
    """
    wanted = list(dict.fromkeys(course_ids))
    if set(wanted) - set(Course.objects.filter(pk__in=wanted).values_list("pk", flat=True)):
        raise _refusal("unknown_course", _("There is no such course here."), field="courses")
    entries = locked_entries(collection)
    entries.exclude(course__in=wanted).delete()
    held = set(entries.values_list("course", flat=True))
    new = [CollectedCourse(collection=collection, course_id=key, position=LAST) for key in wanted if key not in held]
    CollectedCourse.objects.bulk_create(new)
    entry_of = dict(entries.values_list("course", "pk"))
    put_in_order(entries, [entry_of[key] for key in wanted])


def inside_of(collection_id: UUID | None) -> set[UUID]:
    """The keys of a collection and of everything inside of it; of one without a key yet, none. One statement."""
    if collection_id is None:
        return set()
    return keys_inside(collection_id, Collection.objects.order_by().values_list("pk", "parent_id"))


def _place(collection: Collection, position: int | None) -> None:
    siblings = Collection.objects.filter(parent=collection.parent_id)
    if position is None:
        renumber(siblings)
    else:
        move_to(siblings, collection.pk, position)
    collection.refresh_from_db(fields=["position"])


def _parent_of(collection: Collection) -> UUID | None:
    """As it stands in the database."""
    return Collection.objects.filter(pk=collection.pk).values_list("parent_id", flat=True).first()


def locked_entries(collection: Collection) -> Any:
    """Whoever else changes what it holds waits."""
    Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
    return CollectedCourse.objects.filter(collection=collection.pk).order_by("position", "pk")


def _refuse_circle(collection: Collection) -> None:
    if collection.parent_id is None:
        return
    if not Collection.objects.filter(pk=collection.parent_id).exists():
        raise _refusal("unknown_collection", _("There is no such collection here."), field="parent")
    if collection.parent_id in inside_of(collection.pk):
        raise _refusal("inside_itself", _("A collection cannot stand inside itself."), field="parent")


def _refusal(code: str, words: str, *, field: str) -> Refused:
    return Refused(code, words, fields={field: [words]})
