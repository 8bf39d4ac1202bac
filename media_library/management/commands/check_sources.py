import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from core.fetch import network_allowed
from core.jobs import JobError, JobPostponed
from core.tenancy import organization_scope
from media_library.models import SourceAccount
from media_library.services.source_accounts import check_source, way_to
from media_library.services.source_media import ask_again
from media_library.sources import SOURCES, Source


class Command(BaseCommand):
    help = (
        "Test the credentials of organizations at hosts, and where they gave none, whether a host answers this server, "
        "with a video of theirs; with --media also ask about all their media again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", help="Its slug; all of them where it is left out.")
        parser.add_argument("--media", action="store_true", help="Put the question in line whether each still plays.")
        parser.add_argument("--json", action="store_true", help="One line of JSON for each host of an organization.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 1 where something does not work."""
        all_work = True
        for organization in tqdm(chosen_organizations(options["organization"]), unit=" organizations", disable=None):
            with organization_scope(organization), network_allowed():
                for source in SOURCES.values():
                    all_work &= self._check(organization.slug, source, as_json=options["json"])
                if options["media"]:
                    self.stderr.write(f"{organization.slug}: {ask_again()} media are asked about again.")
        if not all_work:
            raise SystemExit(1)

    def _check(self, slug: str, source: Source, *, as_json: bool) -> bool:
        """A host of which nothing is here is not spoken of. A pause is no failure."""
        try:
            findings = _findings(source)
        except (JobError, JobPostponed) as error:
            works = None if isinstance(error, JobPostponed) else False
            findings = [{"what": source.label, "works": works, "words": error.message}]
        if findings:
            self._tell({"organization": slug, "source": source.name, "findings": findings}, as_json=as_json)
        return all(one["works"] is not False for one in findings)

    def _tell(self, told: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told))
            return
        for one in told["findings"]:
            mark = {True: "works", False: "FAILS", None: "?"}[one["works"]]
            self.stdout.write(
                f"{told['organization']} {told['source']}: {mark:5} {one['what']} {one['words']}".rstrip()
            )


def _findings(source: Source) -> list[dict[str, Any]]:
    """Of the credentials of the organization in scope; without any, of the way there. Raises JobError, JobPostponed."""
    account = SourceAccount.objects.filter(source=source.name).first()
    if account is None:
        return way_to(source)
    check_source(account.pk)
    account.refresh_from_db()
    findings: list[dict[str, Any]] = account.findings
    return findings
