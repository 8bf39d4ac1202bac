"""What analytics holds about people: events and messages to other people's programs, by a pseudonym."""

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.models import Delivery, Event
from analytics.services.deliveries import forget_content
from core.holdings import Holding, Person, holding

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


@holding
class Events(Holding):
    name = "events"
    about = _("What happened while you learned or made something, such as a search or a finished lesson.")
    fate = _("Stays under another pseudonym, without what you searched for or asked.")
    columns = ("analytics.Event.learner", "analytics.Event.actor_id")
    exported = ("organization__name", "type", "occurred_at", "metadata")

    def rows(self, person: Person) -> QuerySet[Event]:
        theirs: QuerySet[Event] = Event.objects.filter(Q(learner=person.pseudonym) | Q(actor_id=person.pseudonym))
        return theirs.order_by("id")

    def erase(self, person: Person) -> None:
        """The one time that events change."""
        with connection.cursor() as cursor:
            cursor.execute(RENAME, {"old": person.pseudonym, "new": person.new_pseudonym})


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
