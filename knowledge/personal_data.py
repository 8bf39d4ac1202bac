"""What knowledge holds about people: what they asked."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.holdings import Deleted, Person, Record, holding
from knowledge.models import Answer, Conversation


@holding
class Conversations(Deleted):
    name = "conversations"
    about = _("What you asked the library, the answers, and whether you found them helpful.")
    fate = _("Deleted.")
    columns = ("knowledge.Conversation.user",)

    def rows(self, person: Person) -> QuerySet[Conversation]:
        theirs: QuerySet[Conversation] = Conversation.objects.filter(user=person.user)
        return theirs

    def export(self, person: Person) -> Iterable[Record]:
        """Question by question."""
        asked = Answer.objects.filter(conversation__in=self.rows(person)).order_by("pk")
        columns = ("organization__name", "conversation__title", "conversation__about", "question", "text", "state",
                   "thumb", "created_at")  # fmt: skip
        return asked.values(*columns).iterator()
