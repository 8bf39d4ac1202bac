"""What analytics holds about people: events, searches, messages to other people's programs, by a pseudonym."""

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.models import Delivery, Event, SearchDay
from analytics.services.deliveries import forget_content
from core.holdings import Deleted, Holding, Person, holding

# Every event of the person gets the new pseudonym, and only that person has it: whatever is counted, grouped or joined
# by pseudonym comes out the same. `received_at` stays, so no day is thought to be touched.
RENAME = """
UPDATE analytics_event SET
    learner = CASE WHEN learner = %(old)s THEN %(new)s ELSE learner END,
    actor_id = CASE WHEN actor_id = %(old)s THEN %(new)s ELSE actor_id END,
    metadata = CASE type
        WHEN 'search_made' THEN metadata || '{"query": ""}'
        WHEN 'question_asked' THEN metadata || '{"question": ""}'
        ELSE metadata - 'browser'
    END
WHERE learner = %(old)s OR actor_id = %(old)s"""

# The figures stay; only the key under which the learner was counted changes.
RENAME_VIEWERS = """
UPDATE analytics_mediaday SET
    viewer_keys = ARRAY(SELECT unnest(array_replace(viewer_keys, %(old)s, %(new)s)) ORDER BY 1),
    finisher_keys = ARRAY(SELECT unnest(array_replace(finisher_keys, %(old)s, %(new)s)) ORDER BY 1)
WHERE %(old)s = ANY (viewer_keys) OR %(old)s = ANY (finisher_keys)"""
RENAME_LEARNERS = """
UPDATE analytics_courseday SET
    learner_keys = ARRAY(SELECT unnest(array_replace(learner_keys, %(old)s, %(new)s)) ORDER BY 1)
WHERE %(old)s = ANY (learner_keys)"""


@holding
class Events(Holding):
    name = "events"
    about = _("What happened while you learned or made something, such as a search or a finished lesson.")
    fate = _("Stays under another pseudonym, without what you searched for or asked.")
    columns = (
        "analytics.Event.learner", "analytics.Event.actor_id", "analytics.MediaDay.viewer_keys",
        "analytics.MediaDay.finisher_keys", "analytics.CourseDay.learner_keys",
    )  # fmt: skip
    exported = ("organization__name", "type", "occurred_at", "metadata")

    def rows(self, person: Person) -> QuerySet[Event]:
        theirs: QuerySet[Event] = Event.objects.filter(Q(learner=person.pseudonym) | Q(actor_id=person.pseudonym))
        return theirs.order_by("id")

    def erase(self, person: Person) -> None:
        """The one time that events change."""
        with connection.cursor() as cursor:
            for statement in (RENAME, RENAME_VIEWERS, RENAME_LEARNERS):
                cursor.execute(statement, {"old": person.pseudonym, "new": person.new_pseudonym})


@holding
class SearchDays(Deleted):
    """The text of a search may say who asked: nothing of it stays."""

    name = "search_days"
    about = _("What you searched for, counted day by day.")
    fate = _("Is deleted.")
    columns = ("analytics.SearchDay.learner",)
    exported = ("organization__name", "day", "query", "searches", "without_result")

    def rows(self, person: Person) -> QuerySet[SearchDay]:
        theirs: QuerySet[SearchDay] = SearchDay.objects.filter(learner=person.pseudonym)
        return theirs.order_by("day", "query")


@holding
class Deliveries(Holding):
    name = "webhook_deliveries"
    about = _("What organizations had told about you to programs of theirs, in the last weeks.")
    fate = _("Emptied, and not sent any more. What was sent before is with whoever runs those programs.")
    columns = ("analytics.Delivery.learner",)
    exported = ("organization__name", "type", "occurred_at", "delivered_at", "payload")

    def rows(self, person: Person) -> QuerySet[Delivery]:
        theirs: QuerySet[Delivery] = Delivery.objects.filter(learner=person.pseudonym)
        return theirs.order_by("id")

    def erase(self, person: Person) -> None:
        """The log still says when something was sent."""
        for delivery in self.rows(person):
            forget_content(delivery)
