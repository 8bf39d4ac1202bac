"""What knowledge holds about people: what they asked, and what they had drafted."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.holdings import Deleted, Person, Record, Unnamed, holding
from knowledge.models import Answer, Conversation, CourseDraft, Draft


@holding
class DraftsWanted(Unnamed):
    name = "drafts"
    about = _("Notes, quizzes and chapters you had drafted from a video or recording.")
    fate = _("Stays with the organization, without your name.")
    columns = ("knowledge.Draft.made_by",)
    exported = ("organization__name", "media__title", "kind", "state", "created_at")

    def rows(self, person: Person) -> QuerySet[Draft]:
        return Draft.objects.filter(made_by=person.user)


@holding
class DraftsReviewed(Unnamed):
    name = "drafts_reviewed"
    about = _("Drafts you accepted or refused.")
    fate = _("Stays with the organization, without your name.")
    columns = ("knowledge.Draft.reviewed_by",)
    exported = ("organization__name", "media__title", "kind", "state", "reviewed_at")

    def rows(self, person: Person) -> QuerySet[Draft]:
        return Draft.objects.filter(reviewed_by=person.user)


@holding
class CourseDraftsWanted(Unnamed):
    name = "course_drafts"
    about = _("Courses you had drafted from videos and recordings.")
    fate = _("Stays with the organization, without your name.")
    columns = ("knowledge.CourseDraft.by",)
    exported = ("organization__name", "course__title", "title", "state", "created_at")

    def rows(self, person: Person) -> QuerySet[CourseDraft]:
        return CourseDraft.objects.filter(by=person.user)


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
