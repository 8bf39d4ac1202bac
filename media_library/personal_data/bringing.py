"""What people brought into the library."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.holdings import Deleted, Holding, Kept, Person, Unnamed, holding
from media_library.models import (
    AllowanceReset,
    Credit,
    Import,
    LibraryImage,
    Media,
    Playlist,
    PlaylistEntry,
    PodcastImport,
    SiteConfigurationChange,
    SourceAccount,
    Transcript,
    Upload,
)
from media_library.models.upload import UploadState
from media_library.services.playlists import delete_playlist
from media_library.services.uploads import end_open_upload


@holding
class MediaMade(Unnamed):
    name = "media"
    about = _("Videos and recordings you brought into an organization's library.")
    fate = _("Stays with the organization, without you as its creator.")
    columns = ("media_library.Media.creator",)
    exported = ("organization__name", "title", "description", "original_filename", "size_bytes", "created_at")

    def rows(self, person: Person) -> QuerySet[Media]:
        return Media.objects.filter(creator=person.user)


@holding
class ImagesAdded(Unnamed):
    name = "images"
    about = _("Images you added to an organization's library for its texts.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.LibraryImage.created_by",)
    exported = ("organization__name", "alt", "width", "height", "size_bytes", "created_at")

    def rows(self, person: Person) -> QuerySet[LibraryImage]:
        return LibraryImage.objects.filter(created_by=person.user)


@holding
class Credits(Deleted):
    name = "credits"
    about = _("Videos and recordings that name you as the one who made, produced or edited them.")
    fate = _("Deleted where a credit is tied to your account; what was made stays, without your name.")
    columns = ("media_library.Credit.user",)
    exported = ("organization__name", "media__title", "contribution", "name")

    def rows(self, person: Person) -> QuerySet[Credit]:
        return Credit.objects.filter(user=person.user)


@holding
class Uploads(Holding):
    name = "uploads"
    about = _("Each file you uploaded or began to upload: its name and size, when, and what became of it.")
    fate = _("Deleted, with what had arrived of files that are not complete. Media made of them stays.")
    columns = ("media_library.Upload.owner",)
    exported = (
        "organization__name", "filename", "title", "size_bytes", "received_bytes", "state", "error_message",
        "created_at", "finished_at",
    )  # fmt: skip

    def rows(self, person: Person) -> QuerySet[Upload]:
        return Upload.objects.filter(owner=person.user)

    def erase(self, person: Person) -> None:
        for upload in self.rows(person).filter(state=UploadState.RECEIVING):
            end_open_upload(upload, UploadState.CANCELLED)
        self.rows(person).delete()


@holding
class AllowanceResets(Deleted):
    name = "allowance_resets"
    about = _("From when your weekly upload allowance was counted anew by an operator.")
    fate = _("Deleted.")
    columns = ("media_library.AllowanceReset.user",)
    exported = ("organization__name", "reset_at")

    def rows(self, person: Person) -> QuerySet[AllowanceReset]:
        return AllowanceReset.objects.filter(user=person.user)


@holding
class SiteSettingsChanged(Kept):
    name = "site_configuration"
    about = _("Settings of the whole installation that you changed: when, from what to what.")
    fate = _("Stays without your name.")
    columns = ("media_library.SiteConfigurationChange.by",)
    exported = ("field", "before", "after", "changed_at")

    def rows(self, person: Person) -> QuerySet[SiteConfigurationChange]:
        return SiteConfigurationChange.objects.filter(by=person.user)


@holding
class CredentialsGiven(Unnamed):
    name = "source_accounts"
    about = _("For which hosts of videos you stored your organization's credentials, and when.")
    fate = _("The credentials stay with the organization, without your name.")
    columns = ("media_library.SourceAccount.by",)
    exported = ("organization__name", "source", "changed_at")

    def rows(self, person: Person) -> QuerySet[SourceAccount]:
        return SourceAccount.objects.filter(by=person.user)


@holding
class ImportsMade(Unnamed):
    name = "imports"
    about = _("Lists of addresses and files you had imported into an organization's library.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.Import.by",)
    exported = ("organization__name", "format", "name", "created_at")

    def rows(self, person: Person) -> QuerySet[Import]:
        return Import.objects.filter(by=person.user)


@holding
class ShowsImported(Unnamed):
    name = "podcast_imports"
    about = _("Shows you had brought into an organization from their feeds.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.PodcastImport.by",)
    exported = ("organization__name", "url", "title", "state", "created_at")

    def rows(self, person: Person) -> QuerySet[PodcastImport]:
        return PodcastImport.objects.filter(by=person.user)


@holding
class PlaylistsMade(Unnamed):
    name = "playlists"
    about = _("Playlists you put together in an organization's library.")
    fate = _("Stays with the organization, without you.")
    columns = ("media_library.Playlist.created_by",)
    exported = ("organization__name", "title", "description", "type", "status", "created_at")

    def rows(self, person: Person) -> QuerySet[Playlist]:
        return Playlist.objects.of_library().filter(created_by=person.user)


@holding
class OwnPlaylists(Deleted):
    name = "own_playlists"
    about = _("Playlists of your own.")
    fate = _("Deleted; what they held stays in the library.")
    columns = ("media_library.Playlist.owner",)
    exported = ("organization__name", "title", "description", "type", "status", "created_at")

    def rows(self, person: Person) -> QuerySet[Playlist]:
        return Playlist.objects.filter(owner=person.user)

    def erase(self, person: Person) -> None:
        """One by one: their covers go too."""
        for playlist in self.rows(person):
            delete_playlist(playlist, by=None)


@holding
class OwnPlaylistEntries(Deleted):
    name = "own_playlist_entries"
    about = _("What stands in playlists of your own.")
    fate = _("Deleted with the playlist.")
    columns = ()
    exported = ("organization__name", "playlist__title", "position", "media__title")

    def rows(self, person: Person) -> QuerySet[PlaylistEntry]:
        return PlaylistEntry.objects.filter(playlist__owner=person.user).in_order()


@holding
class TranscriptsWritten(Unnamed):
    name = "transcripts"
    about = _("Transcripts you corrected or gave.")
    fate = _("Stays with the organization, without your name.")
    columns = ("media_library.Transcript.by",)
    exported = ("organization__name", "media__title", "language", "method", "words", "created_at")

    def rows(self, person: Person) -> QuerySet[Transcript]:
        return Transcript.objects.filter(by=person.user)
