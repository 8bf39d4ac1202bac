"""Uploads that nobody continued are given up: their bytes go, what they reserved is free again."""

from django.utils import timezone

from media_library.models import Upload, UploadState
from media_library.services.uploads import end_open_upload


def expire_uploads() -> int:
    """Of every organization in scope. Answers how many; safe to repeat."""
    due = {"expires_at__lt": timezone.now()}
    silent = Upload.objects.filter(state=UploadState.RECEIVING, **due)
    # Asked once more for each: giving up those before it takes time, in which it may have been continued.
    return sum(end_open_upload(upload, UploadState.EXPIRED, **due) for upload in silent.iterator())
