"""The ways a stored file goes out (MEDIA_DELIVERY). Who may have it was decided before."""

from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import content_disposition_header

from media_library.storage import bucket_url
from media_library.views.ranges import file_response

#: Of nginx' `internal` location; no organization's address can begin like this.
INTERNAL = "/_media/"
PLAYLIST = "application/vnd.apple.mpegurl"
#: An opened file does nothing, whatever is in it.
INERT = "sandbox; default-src 'none'"


def send_file(request: HttpRequest, name: str, *, content_type: str, download: str = "") -> HttpResponseBase:
    """A file of the storage, for GET and HEAD; saved under the name `download` if there is one.

    Raises Http404 where there is no such file; nginx and the bucket say that themselves.
    """
    response = WAYS[settings.MEDIA_DELIVERY](request, name, content_type, download)
    if download:
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=download)
    response["Content-Security-Policy"] = INERT
    return response


def _from_here(request: HttpRequest, name: str, content_type: str, download: str) -> HttpResponseBase:
    return file_response(request, name, content_type=content_type)


def _by_nginx(request: HttpRequest, name: str, content_type: str, download: str) -> HttpResponseBase:
    """It adds size, ranges and validators, and leaves the content away for HEAD."""
    return HttpResponse(content_type=content_type, headers={"X-Accel-Redirect": INTERNAL + quote(name)})


def _from_the_bucket(request: HttpRequest, name: str, content_type: str, download: str) -> HttpResponseBase:
    """Sent on to it, each time and for a minute, so that what was revoked ends here too.

    Playlists come from here: what they name must be asked for at our address. So do answers to HEAD, because the
    bucket's address is signed for GET.
    """
    if content_type == PLAYLIST:
        return file_response(request, name, content_type=content_type)
    if request.method == "HEAD":
        return _size_of(name, content_type)
    seconds = max(settings.MEDIA_RECHECK_SECONDS, 1)
    address = bucket_url(name, expires=seconds, content_type=content_type, filename=download)
    return HttpResponseRedirect(address, headers={"Cache-Control": "private, no-store"})


def _size_of(name: str, content_type: str) -> HttpResponse:
    try:
        size = default_storage.size(name)
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(content_type=content_type, headers={"Content-Length": str(size), "Accept-Ranges": "bytes"})


WAYS = {"app": _from_here, "nginx": _by_nginx, "bucket": _from_the_bucket}
