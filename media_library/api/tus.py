"""Uploads through the application, resumable: tus 1.0 (tus.io), and the same things as JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from accounts.permissions import can
from core.errors import Refused
from media_library import tus
from media_library.api.filters import UploadFilter
from media_library.api.upload_serializers import NewUploadSerializer, UploadDetailSerializer, UploadSerializer
from media_library.api.uploads import BINARY, UploadView
from media_library.models import Media, Upload, UploadBatch, UploadState
from media_library.parts import Line
from media_library.services.allowance import allowance_of
from media_library.services.multiparts import received_parts
from media_library.services.receiving import receive
from media_library.services.uploads import Announced, cancel_upload, start_upload

ENDED = (UploadState.CANCELLED, UploadState.EXPIRED)
#: Of a POST, for those whose network lets nothing else pass.
OVERRIDES = ("PATCH", "DELETE", "HEAD")
BODY = {tus.CONTENT_TYPE: BINARY}
#: Of this process. Who sends slowly holds a thread as long, and some have to stay for everybody else.
SLOTS = BoundedSemaphore(settings.UPLOADS_AT_ONCE)
SMALL = 64_000  # bytes; so few need no slot
RETRY_SECONDS = 2
BUSY = "uploads_busy"


class TusView(UploadView):
    """What all answers of the protocol share."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        wanted = request.headers.get("X-HTTP-Method-Override", "").upper()
        if request.method == "POST" and wanted in OVERRIDES:
            request.method = wanted
        return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = tus.VERSION
        if response.status_code == status.HTTP_412_PRECONDITION_FAILED:
            response["Tus-Version"] = tus.VERSION
        if response.status_code == status.HTTP_503_SERVICE_UNAVAILABLE:
            response["Retry-After"] = str(RETRY_SECONDS)
            response._has_been_logged = True  # to Django an error; that somebody waits is no news for the operator
        return response

    def headers_of(self, upload: Upload, **more: str) -> dict[str, str]:
        """Where the media is, once there is one; until when the upload waits, before."""
        if upload.media_id is None:
            return {**more, **tus.expiry(upload.expires_at)}
        return {**more, "Lectern-Media": self._absolute("media_detail", upload.media_id)}

    def address_of(self, upload: Upload) -> str:
        return self._absolute("upload", upload.pk)

    def _absolute(self, name: str, key: Any) -> str:
        return self.request.build_absolute_uri(reverse(name, args=[self.member_organization.slug, key]))


class UploadListView(TusView):
    area = Area.MEDIA
    filterset_class = UploadFilter

    @extend_schema(operation_id="upload_list", responses=UploadSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        """Your own, newest first; `?state=receiving` are those to be continued."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(operation_id="upload_start", request=NewUploadSerializer, responses={201: UploadSerializer})
    def post(self, request: Request, organization: str) -> Response:
        """Announce a file: as JSON, or in the words of tus (`Upload-Length`, `Upload-Metadata`), then with its bytes.

        `method` says what comes next: `tus`, PATCH the bytes to `url`; `multipart`, ask `url`parts/ for addresses.
        With `replaces` it takes the place of the file of that media, which plays until the new one is ready; 409
        (`under_way`) while a file of that media is being worked on. With `batch` it is brought in with that batch.
        """
        if "Tus-Resumable" in request.headers or "Upload-Length" in request.headers:
            return self._begin(request)
        form = NewUploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = dict(form.validated_data)
        replaces, batch = self._replaced(facts.pop("replaces")), self._batch(facts.pop("batch"))
        upload = start_upload(Announced(**facts), by=request.user, replaces=replaces, batch=batch)
        upload.refresh_from_db()
        location = {"Location": self.address_of(upload)}
        return Response(self.get_serializer(upload).data, status=status.HTTP_201_CREATED, headers=location)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        allowance = allowance_of(request.user, organization=self.member_organization)
        return Response(status=status.HTTP_204_NO_CONTENT, headers=tus.greeting(allowance.largest_file))

    def _begin(self, request: Request) -> Response:
        tus.refuse_other_version(request.headers.get("Tus-Resumable"))
        facts = tus.metadata_of(request.headers.get("Upload-Metadata", ""))
        known = {name: facts.get(name, "") for name in ("title", "fingerprint", "sha256")}
        name = facts.get("filename") or facts.get("name") or "upload"
        file = Announced(name, tus.length_of(request.headers), **known)
        replaces, batch = self._replaced(tus.key_in(facts, "replaces")), self._batch(tus.key_in(facts, "batch"))
        upload = start_upload(file, by=request.user, replaces=replaces, batch=batch)
        reached = self._first_bytes(request, upload)
        headers = self.headers_of(upload, **{"Location": self.address_of(upload), "Upload-Offset": str(reached)})
        return Response(status=status.HTTP_201_CREATED, headers=headers)

    def _replaced(self, media_id: UUID | None) -> Media | None:
        """Whose file this one takes the place of. Raises Http404, PermissionDenied."""
        if media_id is None:
            return None
        if not can(self.request.user, "content.edit", self.member_organization):
            raise PermissionDenied
        found: Media = get_object_or_404(Media, pk=media_id)
        return found

    def _batch(self, batch_id: UUID | None) -> UploadBatch | None:
        """What it is brought in with. Raises Http404."""
        if batch_id is None:
            return None
        found: UploadBatch = get_object_or_404(UploadBatch, pk=batch_id)
        return found

    def _first_bytes(self, request: Request, upload: Upload) -> int:
        """Of a request that brings some. Refused, they leave no upload behind; a busy server has them sent again."""
        if request.content_type.partition(";")[0] != tus.CONTENT_TYPE:
            return 0
        try:
            return take(request, upload, offset=0)
        except Refused as refusal:
            if refusal.code == BUSY:
                return 0
            cancel_upload(upload, by=request.user)
            raise


class UploadDetailView(TusView):
    area = Area.MEDIA

    @extend_schema(operation_id="upload_retrieve", responses=UploadDetailSerializer)
    def get(self, request: Request, organization: str, upload_id: Any) -> Response:
        """Also for what has ended."""
        upload = self.get_object()
        upload.parts = received_parts(upload)
        return Response(UploadDetailSerializer(upload, context=self.get_serializer_context()).data)

    def head(self, request: Request, organization: str, upload_id: Any) -> Response:
        """How much has arrived."""
        upload = self._spoken_of(request)
        given = {"filename": upload.filename, "title": upload.title, "fingerprint": upload.fingerprint}
        headers = {
            "Upload-Offset": str(upload.received_bytes),
            "Upload-Length": str(upload.size_bytes),
            "Upload-Metadata": tus.metadata_text({name: value for name, value in given.items() if value}),
            "Cache-Control": "no-store",
        }
        return Response(headers=self.headers_of(upload, **headers))

    @extend_schema(
        operation_id="upload_append",
        request=BODY,
        parameters=[
            OpenApiParameter("Tus-Resumable", str, OpenApiParameter.HEADER, required=True, description="1.0.0"),
            OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Upload-Checksum", str, OpenApiParameter.HEADER),
        ],
        responses={204: OpenApiResponse(description="`Upload-Offset` says where the next byte goes.")},
    )
    def patch(self, request: Request, organization: str, upload_id: Any) -> Response:
        """Bytes from `Upload-Offset` on; 16 MiB at once are a good measure. The last one makes it media."""
        upload = self._spoken_of(request)
        tus.refuse_other_content(request.content_type)
        reached = take(request, upload, offset=tus.number(request.headers, "Upload-Offset"))
        headers = self.headers_of(upload, **{"Upload-Offset": str(reached)})
        return Response(status=status.HTTP_204_NO_CONTENT, headers=headers)

    @extend_schema(operation_id="upload_cancel", responses={204: OpenApiResponse(description="What arrived is gone.")})
    def delete(self, request: Request, organization: str, upload_id: Any) -> Response:
        """Give it up; its size counts no more. 410 where it has ended."""
        tus.refuse_other_version(request.headers.get("Tus-Resumable", tus.VERSION))
        cancel_upload(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _spoken_of(self, request: Request) -> Upload:
        """Raises Http404, Refused: tus_version (412), upload_ended (410)."""
        tus.refuse_other_version(request.headers.get("Tus-Resumable"))
        upload: Upload = self.get_object()
        if upload.state in ENDED:
            raise Refused("upload_ended", "This upload has ended.", status=status.HTTP_410_GONE)
        return upload


def take(request: Request, upload: Upload, *, offset: int) -> int:
    """Let the service have the body of a request; answers where the next byte goes.

    Raises Refused: uploads_busy (503), and what `receive` raises.
    """
    checksum = tus.checksum_of(request.headers.get("Upload-Checksum"))
    announced = request.headers.get("Content-Length")
    length = int(announced) if announced else None
    with _slot(length):
        return receive(upload, _line(request), offset=offset, announced=length, checksum=checksum)


@contextmanager
def _slot(length: int | None) -> Iterator[None]:
    """For a body of so many bytes; one of unknown length counts as large."""
    if length is not None and length <= SMALL:
        yield
        return
    if not SLOTS.acquire(blocking=False):
        raise Refused(BUSY, _("Many files are arriving just now. This one goes on in a moment."), status=503)
    try:
        yield
    finally:
        SLOTS.release()


def _line(request: Request) -> Line:
    """The body as it comes. Django reads as much as was announced, and nothing of one sent in chunks."""
    if "chunked" in request.headers.get("Transfer-Encoding", ""):
        return cast(Line, request.META["wsgi.input"])
    return request._request
