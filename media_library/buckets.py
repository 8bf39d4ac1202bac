"""A bucket that speaks S3, as far as uploads straight from a browser and large files need it.

Plain data in and out. Every call raises BucketError: `code` is S3's own, such as NoSuchUpload or EntityTooSmall.
"""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

MEBIBYTE = 1024**2
SMALLEST_PART = 8 * MEBIBYTE
MOST_PARTS = 9000  # S3 takes 10,000
PRIVATE = "private, max-age=0"
TRIES = 4  # of a request that fails for the bucket's reasons: SlowDown, 5xx, a lost connection


class BucketError(Exception):
    """The bucket said no, or could not be reached (`code` Unreachable)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Part:
    """One that arrived; `etag` with its quotes, `sha256` in base64 where the upload has checksums."""

    number: int
    size: int
    etag: str
    sha256: str = ""


@dataclass(frozen=True)
class Place:
    """Which bucket, and where: `endpoint` for this application, `public` for browsers; both empty for Amazon's."""

    name: str
    region: str
    endpoint: str = ""
    public: str = ""


class Bucket:
    """Names in it are those of the storage."""

    def __init__(self, place: Place) -> None:
        self.name = place.name
        self._client = _client(place, place.endpoint)
        self._signer = _client(place, place.public or place.endpoint)

    def begin(self, name: str, *, with_checksums: bool = False) -> str:
        """Open a multipart upload; answers the bucket's name for it."""
        options = {"ChecksumAlgorithm": "SHA256"} if with_checksums else {}
        with told():
            answer = self._client.create_multipart_upload(
                Bucket=self.name, Key=name, ContentType="application/octet-stream", **options
            )
        return str(answer["UploadId"])

    def part_url(self, name: str, upload: str, number: int, *, size: int, expires: int, sha256: str = "") -> str:
        """Where one part of exactly `size` bytes is PUT within so many seconds.

        With `sha256` (base64) the bucket checks it; it is sent as the header `x-amz-checksum-sha256`.
        """
        wanted = {**self._part(name, upload), "PartNumber": number, "ContentLength": size}
        if sha256:
            wanted["ChecksumSHA256"] = sha256
        return str(self._signer.generate_presigned_url("upload_part", Params=wanted, ExpiresIn=expires))

    def parts(self, name: str, upload: str) -> list[Part]:
        """Those that have arrived, by number."""
        with told():
            pages = self._client.get_paginator("list_parts").paginate(**self._part(name, upload))
            return [_part_of(facts) for page in pages for facts in page.get("Parts", [])]

    def complete(self, name: str, upload: str, parts: list[Part]) -> None:
        with told():
            named = {"Parts": [_naming(part) for part in parts]}
            self._client.complete_multipart_upload(**self._part(name, upload), MultipartUpload=named)

    def abort(self, name: str, upload: str) -> None:
        """Forget its parts; one that is gone is no error."""
        try:
            with told():
                self._client.abort_multipart_upload(**self._part(name, upload))
        except BucketError as error:
            if error.code != "NoSuchUpload":
                raise

    def size_of(self, name: str) -> int | None:
        """Bytes; None where there is no such file."""
        try:
            with told():
                return int(self._client.head_object(Bucket=self.name, Key=name)["ContentLength"])
        except BucketError as error:
            if error.code in ("404", "NoSuchKey", "NotFound"):
                return None
            raise

    def delete(self, name: str) -> None:
        with told():
            self._client.delete_object(Bucket=self.name, Key=name)

    def download(self, name: str, target: Path) -> None:
        """In pieces to the disk, never whole into memory. Raises FileNotFoundError."""
        try:
            with told():
                self._client.download_file(self.name, name, str(target))
        except BucketError as error:
            raise FileNotFoundError(name) from error if error.code == "404" else error

    def upload(self, path: Path, name: str) -> None:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        with told():
            facts = {"ContentType": kind, "CacheControl": PRIVATE}
            self._client.upload_file(str(path), self.name, name, ExtraArgs=facts)

    def _part(self, name: str, upload: str) -> dict[str, Any]:
        return {"Bucket": self.name, "Key": name, "UploadId": upload}


@cache
def bucket_at(place: Place) -> Bucket:
    """Making clients takes long; they may be shared by threads."""
    return Bucket(place)


def part_size(size: int) -> int:
    """Bytes of every part but the last, so that there are not too many: whole mebibytes."""
    needed = -(-size // MOST_PARTS)
    return max(SMALLEST_PART, -(-needed // MEBIBYTE) * MEBIBYTE)


@contextmanager
def told() -> Iterator[None]:
    """What boto3 raises, as a BucketError."""
    try:
        yield
    except ClientError as error:
        facts = error.response.get("Error", {})
        raise BucketError(str(facts.get("Code", "")), str(facts.get("Message", ""))) from error
    except BotoCoreError as error:
        raise BucketError("Unreachable", str(error)) from error


def _client(place: Place, endpoint: str) -> Any:
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint else "virtual"},
        request_checksum_calculation="when_required",
        retries={"mode": "standard", "total_max_attempts": TRIES},
        connect_timeout=5,
        read_timeout=60,
    )
    address = endpoint or f"https://s3.{place.region}.amazonaws.com"  # the region's own: others answer with a detour
    return boto3.session.Session().client("s3", region_name=place.region, endpoint_url=address, config=config)


def _part_of(facts: dict[str, Any]) -> Part:
    return Part(facts["PartNumber"], facts["Size"], facts["ETag"], facts.get("ChecksumSHA256", ""))


def _naming(part: Part) -> dict[str, Any]:
    named: dict[str, Any] = {"PartNumber": part.number, "ETag": part.etag}
    return {**named, "ChecksumSHA256": part.sha256} if part.sha256 else named
