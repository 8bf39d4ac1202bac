"""What core holds about people: mails to them, and what they did."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.holdings import Deleted, Holding, Kept, Person, holding
from core.models import AiCall, AuditEntry, Job, OutgoingMail


@holding
class Mails(Deleted):
    name = "mails"
    about = _("Mails sent to you in the last weeks. What they said is not kept.")
    fate = _("Deleted, also those that are still waiting.")
    columns = ("core.OutgoingMail.recipient",)
    exported = ("kind", "recipient", "organization__name", "state", "created_at", "sent_at")

    def rows(self, person: Person) -> QuerySet[OutgoingMail]:
        sent_to = Q()
        for address in person.addresses:
            sent_to |= Q(recipient__iexact=address)
        return OutgoingMail.objects.filter(sent_to)

    def erase(self, person: Person) -> None:
        super().erase(person)
        Job.objects.filter(_names("error_detail", person)).update(error_detail="")
        Job.objects.filter(_names("error_message", person)).update(error_message="")


@holding
class Activity(Holding):
    name = "activity"
    about = _("What you did in organizations and what was done to your membership, as their owners see it.")
    fate = _("Stays without your name and address.")
    columns = ("core.AuditEntry.actor",)
    exported = ("happened_at", "organization__name", "action", "model")  # row names may be other people's

    def rows(self, person: Person) -> QuerySet[AuditEntry]:
        entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(
            Q(actor=person.user) | Q(object_id__in=person.row_keys)
        )
        return entries

    def erase(self, person: Person) -> None:
        """The entries still say that somebody did it: the account they point to names nobody any more.

        A name is no key: whoever called themselves “a” would take the names out of everybody's entries. Rows that
        show the name are theirs, and known by their keys.
        """
        own_tokens = Q(actor=person.user, model="accounts.ApiToken")  # those they revoked have left no other trace
        named = Q(object_id__in=person.row_keys) | own_tokens | _names("object_name", person)
        AuditEntry.objects.filter(named).update(object_name="")
        AuditEntry.objects.filter(_names("detail", person)).update(detail="")


@holding
class AiCalls(Kept):
    name = "ai_calls"
    about = _("Each time something you asked for made us ask a paid service: when, which model, and what it cost.")
    fate = _("Stays without your name: an organization's costs are summed from it.")
    columns = ("core.AiCall.user",)
    exported = ("organization__name", "purpose", "provider", "model", "quantity", "unit", "cost", "started_at")

    def rows(self, person: Person) -> QuerySet[AiCall]:
        calls: QuerySet[AiCall] = AiCall.objects.filter(user=person.user)
        return calls


def _names(column: str, person: Person) -> Q:
    """Whether a text tells an address of this person."""
    return Q(**{f"{column}__iregex": person.address_pattern})
