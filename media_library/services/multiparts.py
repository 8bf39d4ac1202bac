"""Uploads straight from a browser into the bucket: we sign where parts go, and look at what came of it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.errors import Refused
from media_library.buckets import Bucket, BucketError, Part
from media_library.models import Media, Upload, UploadMethod, UploadState
from media_library.services.uploads import end_open_upload, finish_upload, new_expiry
from media_library.storage import bucket

ADDRESS_SECONDS = 3600
MOST_AT_ONCE = 100
#: What the bucket says, and what we say: code, status.
TOLD = {
    "EntityTooSmall": ("part_too_small", 400),
    "InvalidPart": ("part_changed", 409),
    "BadDigest": ("part_damaged", 400),
}


@dataclass(frozen=True)
class SignedPart:
    """Where to PUT one part of exactly `size` bytes, with these headers, within ADDRESS_SECONDS."""

    number: int
    size: int
    url: str
    headers: Mapping[str, str]


def sign_parts(upload: Upload, numbers: Iterable[int], *, sha256: Mapping[int, str] | None = None) -> list[SignedPart]:
    """Addresses for these parts (from 1). With `sha256`, base64 by number, the bucket checks each part.

    Raises Refused: upload_ended (410), wrong_method (409), no_such_part, storage_unavailable (503).
    """
    wanted, sums = sorted(set(numbers)), sha256 or {}
    _refuse_numbers(upload, wanted)
    with _told(upload) as found:
        _begin(upload, found, with_checksums=bool(sums))
        _touch(upload)
        return [_sign(upload, found, number, sums.get(number, "")) for number in wanted]


def received_parts(upload: Upload) -> list[Part]:
    """Those that lie in the bucket; none for an upload that has ended or not begun.

    Where they were made one file and nobody was told, that is made good.
    """
    if not (upload.is_open and upload.multipart_id):
        return []
    with _told(upload) as found:
        try:
            parts = found.parts(upload.storage_path, upload.multipart_id)
        except BucketError:
            if found.size_of(upload.storage_path) is None:
                raise
            complete_upload(upload)
            return []
    upload.received_bytes = min(sum(part.size for part in parts), upload.size_bytes)
    Upload.objects.filter(pk=upload.pk).update(received_bytes=upload.received_bytes)
    return parts


def complete_upload(upload: Upload) -> Media:
    """All parts are there: one file is made of them, compared with what was declared, and becomes media.

    Once more answers the same media. Raises Refused: upload_incomplete (409), size_mismatch (409; then the file is
    gone), upload_ended (410), wrong_method (409), part_too_small, storage_unavailable (503).
    """
    if upload.media is not None:
        return upload.media
    _refuse_numbers(upload, [])
    with _told(upload) as found:
        if found.size_of(upload.storage_path) is None:  # else an earlier answer was lost
            _join(upload, found)
        _refuse_other_size(upload, found)
    return finish_upload(upload)


def _refuse_numbers(upload: Upload, numbers: list[int]) -> None:
    if upload.method != UploadMethod.MULTIPART:
        raise Refused("wrong_method", _("This upload goes through the application."), status=409)
    if not upload.is_open:
        raise _ended()
    last = -(-upload.size_bytes // _part_bytes(upload))
    if len(numbers) > MOST_AT_ONCE or any(not 1 <= number <= last for number in numbers):
        words = _("This upload has the parts 1 to %(last)s; ask for at most %(most)s at once.")
        message = words % {"last": last, "most": MOST_AT_ONCE}
        raise Refused("no_such_part", message, fields={"numbers": [message]})


def _begin(upload: Upload, found: Bucket, *, with_checksums: bool) -> None:
    """With the first address: two requests that ask for it at once get the same upload."""
    if upload.multipart_id:
        return
    with transaction.atomic():
        held = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if not held.is_open:  # or parts would lie in the bucket that nobody asks for
            raise _ended()
        if not held.multipart_id:
            held.multipart_id = found.begin(held.storage_path, with_checksums=with_checksums)
            held.save(update_fields=["multipart_id"])
    upload.multipart_id = held.multipart_id


def _touch(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).update(received_at=Now(), expires_at=new_expiry())


def _sign(upload: Upload, found: Bucket, number: int, sha256: str) -> SignedPart:
    before = (number - 1) * _part_bytes(upload)
    size = min(_part_bytes(upload), upload.size_bytes - before)
    path, name = upload.storage_path, upload.multipart_id
    url = found.part_url(path, name, number, size=size, expires=ADDRESS_SECONDS, sha256=sha256)
    return SignedPart(number, size, url, {"x-amz-checksum-sha256": sha256} if sha256 else {})


def _join(upload: Upload, found: Bucket) -> None:
    """Two requests may do so at once, and one whose answer got lost is sent again: what counts is the file."""
    try:
        _join_parts(upload, found)
    except BucketError:
        if found.size_of(upload.storage_path) is None:
            raise


def _join_parts(upload: Upload, found: Bucket) -> None:
    parts = found.parts(upload.storage_path, upload.multipart_id) if upload.multipart_id else []
    if sum(part.size for part in parts) < upload.size_bytes:
        raise Refused("upload_incomplete", _("Some parts have not arrived yet."), status=409)
    found.complete(upload.storage_path, upload.multipart_id, parts)


def _refuse_other_size(upload: Upload, found: Bucket) -> None:
    if found.size_of(upload.storage_path) == upload.size_bytes:
        return
    found.delete(upload.storage_path)
    words = _("The file has another size than it was said to have. Please upload it again.")
    Upload.objects.filter(pk=upload.pk).update(error_code="size_mismatch", error_message=words)
    end_open_upload(upload, UploadState.REFUSED)
    raise Refused("size_mismatch", words, status=409)


@contextmanager
def _told(upload: Upload) -> Iterator[Bucket]:
    """The bucket, whose refusals become ours. Parts that it forgot mean that the upload has expired."""
    found = bucket()
    if found is None:
        raise Refused("wrong_method", _("There is no bucket here any more."), status=409)
    try:
        yield found
    except BucketError as error:
        raise _refused(upload, error.code) from error


def _refused(upload: Upload, code: str) -> Refused:
    if code == "NoSuchUpload":
        end_open_upload(upload, UploadState.EXPIRED)
        return Refused("upload_ended", _("This upload has expired. Please begin again."), status=410)
    if code in TOLD:
        ours, status = TOLD[code]
        words = _("A part of the file did not arrive as it was sent. Please send it again.")
        return Refused(ours, words, status=status)
    return Refused("storage_unavailable", _("The storage does not answer just now. Please try again."), status=503)


def _ended() -> Refused:
    return Refused("upload_ended", _("This upload has ended."), status=410)


def _part_bytes(upload: Upload) -> int:
    if upload.part_bytes is None:
        raise Refused("wrong_method", _("This upload has no parts."), status=409)
    return upload.part_bytes
