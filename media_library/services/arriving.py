"""A file that this server fetches: how far it is, told as that of any upload, and whether it is still wanted."""

import time
from pathlib import Path
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.jobs import JobError, Run
from media_library.models import Upload, UploadState
from media_library.parts import arrived
from media_library.services.attempts import tell_progress
from media_library.services.uploads import new_expiry

SECONDS_BETWEEN = 2.0  # others take over what says nothing for half a minute
MOST_PERCENT = 95.0  # of the work that fetching is, about


class Arriving:
    """Told from within the download. Its `writer` keeps others from sending to the same upload."""

    def __init__(self, upload: Upload, path: Path, *, run: Run) -> None:
        self.upload, self.path, self.run = upload, path, run
        self.writer = uuid4()
        self.is_wanted = self._told(0)
        self._last = time.monotonic()

    def should_stop(self) -> bool:
        if time.monotonic() - self._last >= SECONDS_BETWEEN:
            self._last = time.monotonic()
            self._report()
        return self.run.should_stop() or not self.is_wanted

    def check(self) -> None:
        """Raises JobError where somebody gave the upload up."""
        if not self.is_wanted:
            raise JobError("cancelled", _("This was stopped."), permanent=True)

    def _report(self) -> None:
        """A database that is away for a moment is no reason to stop."""
        count = min(arrived(self.path), self.upload.size_bytes)
        tell_progress(self.run, MOST_PERCENT * count / self.upload.size_bytes)
        try:
            self.is_wanted = self._told(count)
        except (OperationalError, InterfaceError):
            connection.close()

    def _told(self, count: int) -> bool:
        facts = {"received_bytes": count, "received_at": Now(), "expires_at": new_expiry(), "writer": self.writer}
        return bool(Upload.objects.filter(pk=self.upload.pk, state=UploadState.RECEIVING).update(**facts))
