"""What people made of the library."""

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.holdings import Person, Unnamed, holding
from media_library.models import Episode, Frame, FrameExtraction, Podcast, Project, UploadBatch


@holding
class PodcastsMade(Unnamed):
    name = "podcasts"
    about = _("Shows you made in an organization's library.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.Podcast.created_by",)
    exported = ("organization__name", "title", "description", "author", "created_at")

    def rows(self, person: Person) -> QuerySet[Podcast]:
        return Podcast.objects.filter(created_by=person.user)


@holding
class EpisodesMade(Unnamed):
    name = "episodes"
    about = _("Episodes you added to shows.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.Episode.created_by",)
    exported = ("organization__name", "podcast__title", "title", "description", "created_at")

    def rows(self, person: Person) -> QuerySet[Episode]:
        return Episode.objects.filter(created_by=person.user)


@holding
class ProjectsMade(Unnamed):
    name = "projects"
    about = _("Projects you made to bring uploads together.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.Project.created_by",)
    exported = ("organization__name", "title", "description", "created_at")

    def rows(self, person: Person) -> QuerySet[Project]:
        return Project.objects.filter(created_by=person.user)


@holding
class BatchesMade(Unnamed):
    name = "upload_batches"
    about = _("Batches of uploads you began.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.UploadBatch.created_by",)
    exported = ("organization__name", "project__title", "name", "date", "created_at")

    def rows(self, person: Person) -> QuerySet[UploadBatch]:
        return UploadBatch.objects.filter(created_by=person.user)


@holding
class FramesAskedFor(Unnamed):
    name = "frame_extractions"
    about = _("Pictures out of videos that you asked for.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.FrameExtraction.created_by",)
    exported = ("organization__name", "batch__name", "media__title", "mode", "interval", "at", "created_at")

    def rows(self, person: Person) -> QuerySet[FrameExtraction]:
        return FrameExtraction.objects.filter(created_by=person.user)


@holding
class FramesAnnotated(Unnamed):
    name = "frames"
    about = _("Pictures out of videos that you wrote notes on.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.Frame.annotated_by",)
    exported = ("organization__name", "media__title", "second", "annotation", "annotated_at")

    def rows(self, person: Person) -> QuerySet[Frame]:
        return Frame.objects.filter(annotated_by=person.user)


@holding
class PodcastOwners(Unnamed):
    name = "podcast_owners"
    about = _("Shows that name your e-mail address as their owner's, for hosts and directories to ask.")
    fate = _("The show stays with the organization, without your name and address.")
    columns = ("media_library.Podcast.owner_email",)
    exported = ("organization__name", "title", "owner_name", "owner_email")

    def rows(self, person: Person) -> QuerySet[Podcast]:
        return Podcast.objects.alias(address=Lower("owner_email")).filter(address__in=person.addresses)

    def erase(self, person: Person) -> None:
        self.rows(person).update(owner_name="", owner_email="")
