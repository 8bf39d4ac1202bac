"""Images of texts, for everybody who may know of the organization: its middleware answers 404 to all others."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from media_library.models import LibraryImage
from media_library.views.sending import send_file

#: Its file never changes. Not for shared caches: a closed organization's images are its members'.
FOREVER = "private, max-age=31536000, immutable"


@login_not_required
@require_safe
def image(request: Any, organization: str, image_id: UUID) -> HttpResponseBase:
    path = LibraryImage.objects.filter(pk=image_id).values_list("path", flat=True).first()
    if path is None:
        raise Http404
    response = send_file(request, path, content_type="image/webp")
    response.headers.setdefault("Cache-Control", FOREVER)
    return response
