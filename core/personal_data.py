"""What core holds about people: mails to them, and what they did."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.holdings import Holding, Person, Record, holding
from core.models import AuditEntry, Job, OutgoingMail


@holding
class Mails(Holding):
    name = "mails"
    about = _("Mails sent to you in the last weeks. What they said is not kept.")
    fate = _("Deleted, also those that are still waiting.")
    columns = ("core.OutgoingMail.recipient",)

    def export(self, person: Person) -> Iterable[Record]:
        return self._theirs(person).values("kind", "recipient", "organization__name", "state", "created_at", "sent_at")

    def erase(self, person: Person) -> None:
        self._theirs(person).delete()
        for address in person.addresses:
            Job.objects.filter(error_detail__icontains=address).update(error_detail="")
            Job.objects.filter(error_message__icontains=address).update(error_message="")

    def _theirs(self, person: Person) -> QuerySet[OutgoingMail]:
        return OutgoingMail.objects.filter(_names_one_of("recipient", person, lookup="iexact"))


@holding
class Activity(Holding):
    name = "activity"
    about = _("What you did in organizations and what was done to your membership, as their owners see it.")
    fate = _("Stays without your name and address.")
    columns = ("core.AuditEntry.actor",)

    def export(self, person: Person) -> Iterable[Record]:
        """Not the names of the rows: those may be other people."""
        entries = AuditEntry.objects.filter(Q(actor=person.user) | Q(object_id__in=person.row_keys))
        return entries.values("happened_at", "organization__name", "action", "model").iterator()

    def erase(self, person: Person) -> None:
        """The entries still say that somebody did it: the account they point to names nobody any more."""
        named = Q(object_id__in=person.row_keys) | _names_one_of("object_name", person)
        if person.user.name:
            named |= Q(model__startswith="accounts.", object_name__icontains=person.user.name)
        AuditEntry.objects.filter(named).update(object_name="")
        AuditEntry.objects.filter(_names_one_of("detail", person)).update(detail="")


def _names_one_of(column: str, person: Person, *, lookup: str = "icontains") -> Q:
    condition = Q()
    for address in person.addresses:
        condition |= Q(**{f"{column}__{lookup}": address})
    return condition
