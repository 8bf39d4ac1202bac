"""Who sees which courses, and which media through them: the one home of the rule.

Makers see everything. Learners, and visitors of an open organization, see each published course from outside; customers
see the courses they were let into and no others, not even titles. What a course holds is open to those who take it: an
active enrollment of an active member, as far as it is open to them by now (courses.availability). All of it is asked
anew by every request: in the statement that reads the rows, but for items with rules, which one statement more reads.
"""

from enum import Enum
from typing import Any

from django.db.models import BooleanField, F, Func, Q
from django.utils import timezone

from accounts.models import Organization
from accounts.permissions import can, role_in
from core.tenancy import current_organization_id
from courses.availability.gates import open_gated_items
from media_library.access import Door, add_door


class Sight(Enum):
    """Which courses somebody sees."""

    ALL = "drafts too"
    PUBLISHED = "all that are published"
    OWN = "published ones that they take"
    NONE = "none"


def sight_of(user: Any, organization: Organization) -> Sight:
    if can(user, "content.view", organization):
        return Sight.ALL
    if can(user, "catalog.browse", organization):
        return Sight.PUBLISHED
    if can(user, "course.learn", organization):
        return Sight.OWN
    return Sight.PUBLISHED if organization.is_open else Sight.NONE


def may_enroll(user: Any, organization: Organization) -> bool:
    """Whether a person may enter a published course by themselves; whoever comes from outside joins first."""
    if role_in(user, organization) is None:
        return organization.is_open and organization.admits_learners
    return can(user, "course.enroll", organization)


class IsPlaced(Func):
    """The media of this key stands in a course, whatever the state of either."""

    arity = 1
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        media, parameters = compiler.compile(self.get_source_expressions()[0])
        return PLACED.format(media=media), [current_organization_id(), *parameters]


class IsTaught(IsPlaced):
    """The media of this key is shown by a published item that is open to this person, of a course that they take.

    Compiling it asks which items with rules are open to them, once for all statements that it stands in.
    """

    def __init__(self, media: Any, *, user_id: Any) -> None:
        super().__init__(media)
        self.user_id = user_id
        self.open_ones: list[Any] = []

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        media, parameters = compiler.compile(self.get_source_expressions()[0])
        return TAUGHT.format(media=media), [self.user_id, current_organization_id(), *parameters, *self._unlocked()]

    def _unlocked(self) -> list[Any]:
        """Now, thrice, for the dates; and the keys, which copies of this expression share."""
        if not self.open_ones:
            self.open_ones.append(open_gated_items(self.user_id))
        now = timezone.now()
        return [now, now, now, self.open_ones[0]]


class IsUnlocked(IsTaught):
    """The item of this key is open to this person, who takes its course."""

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        item, parameters = compiler.compile(self.get_source_expressions()[0])
        return TAKEN.format(item=item), [self.user_id, current_organization_id(), *parameters, *self._unlocked()]


# In words, because these conditions stand in every request for a file: composing them costs more than answering them.
PLACED = "EXISTS (SELECT FROM courses_contentitem held WHERE held.organization_id = %s AND held.media_id = {media})"
SHOWN = """EXISTS (
    SELECT FROM courses_contentitem shown
    JOIN courses_chapter chapter ON chapter.id = shown.chapter_id
    JOIN courses_course course ON course.id = chapter.course_id
    JOIN courses_enrollment mine ON mine.organization_id = shown.organization_id AND mine.course_id = course.id
    WHERE mine.user_id = %s AND mine.is_active AND course.is_published AND shown.state = 'published'
        AND shown.organization_id = %s AND {which}
        AND (mine.ends_at IS NULL OR mine.ends_at > %s)
        AND (course.opens_at IS NULL OR course.opens_at <= %s) AND (course.closes_at IS NULL OR course.closes_at > %s)
        AND (shown.availability = '{{}}' AND chapter.availability = '{{}}' OR shown.id = ANY(%s))
)"""
TAUGHT = SHOWN.replace("{which}", "shown.media_id = {media}")
TAKEN = SHOWN.replace("{which}", "shown.id = {item}")

add_door(Door(lambda: Q(IsPlaced(F("pk"))), lambda user_id: Q(IsTaught(F("pk"), user_id=user_id))))
