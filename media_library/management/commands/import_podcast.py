"""Bring in a show from its feed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_member
from accounts.permissions import can
from core.errors import Refused
from core.fetch import network_allowed
from core.jobs import JobError, JobPostponed
from core.tenancy import organization_scope
from media_library.models import PodcastImport
from media_library.podcasts.importing.addresses import checked_address
from media_library.podcasts.importing.shows import bring, look, refused

BLOCKED = "blocked_address"


class Command(BaseCommand):
    help = "Import a podcast from its feed; again: bring it up to date. The sound of each episode comes by a worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="of the feed")
        parser.add_argument("--organization", required=True, help="its slug")
        parser.add_argument("--by", required=True, help="who brings it in: the address of a member who may")
        parser.add_argument("--dry-run", action="store_true", help="say what would come, bring nothing")

    def handle(self, *args: Any, url: str, organization: str, by: str, dry_run: bool, **options: Any) -> None:
        member = chosen_member(by, organization)
        if not can(member.user, "content.edit", member.organization):
            raise CommandError(f"{by} may not add shows to {organization}.")
        with organization_scope(member.organization), network_allowed():
            row = self._brought(url, member.user, dry_run=dry_run)
        held = f"{_counted(row.episodes, 'episode')} on {_counted(row.pages, 'page')}"
        self.stdout.write(f"{row.title}: {held}" + " (locked)" * row.is_locked)
        if not dry_run:
            self.stdout.write(
                f"{row.added} new, {row.changed} changed" + ("; the sounds follow." if row.added else ".")
            )
        for problem in row.problems:
            self.stderr.write(f"{problem['about']}: {problem['message']}")

    def _brought(self, url: str, user: Any, *, dry_run: bool) -> PodcastImport:
        """The row stays, whatever becomes of it."""
        row = None
        try:
            row = PodcastImport.objects.create(url=checked_address(url), by=user)
            look(row) if dry_run else bring(row)
        except (Refused, JobError, JobPostponed) as error:
            if row is not None:
                refused(row, error)
            hint = " The operator names servers of the own network in PODCAST_ORIGINS." if error.code == BLOCKED else ""
            raise CommandError(f"{error.code}: {error.message}{hint}") from error
        return row


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
