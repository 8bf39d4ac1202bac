"""All data held about a person, as a zip of JSON files: asked for, made by a job, fetched by them alone."""

import json
from collections.abc import Iterable
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import DataExport, User
from accounts.services.export_files import path_for, remove_exports
from accounts.services.identity import person_of
from core.errors import Refused
from core.holdings import Record, all_holdings
from core.jobs import Run, enqueue
from core.mail import send_mail
from core.models import LIVE_STATES, Job
from core.secrets import digest_of, new_secret
from core.tenancy import every_organization, organization_scope

JOB = "make_export"


class ExportState(models.TextChoices):
    PREPARING = "preparing"
    READY = "ready"
    FAILED = "failed"


def request_export(user: Any) -> DataExport:
    """Have it made; a link comes by mail. An earlier one is replaced. Raises Refused: export_running (409)."""
    with organization_scope(None), transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        earlier = DataExport.objects.filter(user=user)
        if any(state_of(export) == ExportState.PREPARING for export in earlier):
            raise Refused("export_running", _("Your data is being put together already."), status=409)
        remove_exports(earlier)
        export = DataExport.objects.create(user=user)
        enqueue(JOB, export.pk, key=f"{JOB}:{export.pk}")
    return export


def latest_export(user: Any) -> DataExport | None:
    """The one there is, if it has not expired."""
    unexpired = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=Now())
    return DataExport.objects.filter(unexpired, user=user).first()


def state_of(export: DataExport) -> ExportState:
    """Derived: what is not finished and has no live job has failed."""
    if export.finished_at:
        return ExportState.READY
    is_live = Job.objects.filter(subject_id=export.pk, kind=JOB, state__in=LIVE_STATES).exists()
    return ExportState.PREPARING if is_live else ExportState.FAILED


def make_export(export_id: UUID, *, run: Run) -> None:
    """Write the file, then in one transaction point to it and mail the link.

    Nothing is left of it where the person was erased meanwhile.
    """
    export = DataExport.objects.select_related("user").filter(pk=export_id, finished_at__isnull=True).first()
    if export is None:
        return
    path, size = _store_archive(export.user, path_for(run.attempt_name))
    with run.publish():
        is_kept = _finish(export, path=path, size=size)
    if not is_kept:
        default_storage.delete(path)


def open_export(user: Any, *, secret: str | None = None) -> File:
    """The file, for the person it is about; by its link, or without one where the door has asked who they are.

    Raises Refused: no_export (404) for a link that is wrong, old or somebody else's.
    """
    mine = DataExport.objects.filter(user=user, finished_at__isnull=False, expires_at__gt=Now())
    export = mine.filter(digest=digest_of(secret)).first() if secret else mine.first()
    if export is None or not default_storage.exists(export.file_path):
        raise Refused(
            "no_export", _("This link has expired, or is not yours. You can ask for your data anew."), status=404
        )
    return default_storage.open(export.file_path)


def write_archive(file: IO[bytes], user: Any) -> None:
    """A zip: one JSON file a place, and README.txt, which says what each of them is."""
    with (
        every_organization(reason="somebody's data spans all organizations they are or were in"),
        ZipFile(file, "w", ZIP_DEFLATED) as archive,
    ):
        person = person_of(user)
        archive.writestr("README.txt", _contents())
        for place in all_holdings():
            with archive.open(_entry(place.name), "w", force_zip64=True) as entry:
                _write_json(entry, place.export(person))


def _entry(name: str) -> ZipInfo:
    """Of now, compressed; by itself the zip library dates what is written bit by bit to 1980."""
    entry = ZipInfo(f"{name}.json", timezone.now().timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry


def _store_archive(user: Any, path: str) -> tuple[str, int]:
    with TemporaryFile() as file:
        write_archive(file, user)
        size = file.tell()
        return default_storage.save(path, File(file)), size


def _finish(export: DataExport, *, path: str, size: int) -> bool:
    secret, digest = new_secret()
    days = settings.DATA_EXPORT_DAYS
    changed = DataExport.objects.filter(pk=export.pk).update(
        finished_at=Now(), expires_at=Now() + timedelta(days=days), digest=digest, file_path=path, size=size
    )
    if changed:
        link = settings.SITE_URL.rstrip("/") + reverse("download_by_link", args=[secret])
        send_mail("accounts/mail/export_ready", to=export.user.email, context={"link": link, "days": days})
    return bool(changed)


def _contents() -> str:
    lines = [f"{place.name}.json\n    {place.about}" for place in all_holdings()]
    return "\n".join([_("All data that we hold about you. Times are in UTC."), "", *lines, ""])


def _write_json(file: IO[bytes], records: Iterable[Record]) -> None:
    """Row by row: some people have watched for years."""
    file.write(b"[")
    for position, record in enumerate(records):
        text = json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        file.write((",\n" if position else "\n").encode() + text.encode())
    file.write(b"\n]\n")
