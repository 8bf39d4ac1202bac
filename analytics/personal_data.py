"""What analytics holds about people: events, by a pseudonym."""

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.models import AlertRule, Event
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
class AlertRecipients(Holding):
    name = "alerts"
    about = _("Alerts that are sent to your address.")
    fate = _("Your address is taken off them.")
    columns = ("analytics.AlertRule.recipients",)
    exported = ("organization__name", "condition", "raise_at", "is_active")

    def rows(self, person: Person) -> QuerySet[AlertRule]:
        named = "EXISTS (SELECT FROM unnest(recipients) address WHERE lower(address) = ANY(%s))"
        return AlertRule.objects.extra(where=[named], params=[sorted(person.addresses)]).order_by("id")  # noqa: S610

    def erase(self, person: Person) -> None:
        for rule in self.rows(person):
            rule.recipients = [address for address in rule.recipients if address.lower() not in person.addresses]
            rule.save(update_fields=["recipients"])
