"""How much an organization keeps, and the most its owners allow."""

from typing import Any

from django.db.models import QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import Organization
from core.errors import Refused
from core.tenancy import current_organization_id
from media_library.keeping import keepers
from media_library.models import Frame, LibraryImage, Media, Rendition, Storyboard, Upload, UploadState
from media_library.wording import words_for_size


def refuse_over_ceiling(size: int) -> None:
    """Asked before `size` more bytes are kept. Raises Refused: storage_full (413), with the field `file`."""
    used, ceiling = _used_and_allowed()
    if ceiling is None or used + size <= ceiling:
        return
    words = _("There is no room for this file: %(used)s of %(ceiling)s are used, and it has %(size)s.")
    sizes = {"used": words_for_size(used), "ceiling": words_for_size(ceiling), "size": words_for_size(size)}
    raise Refused("storage_full", words % sizes, fields={"file": [words % sizes]}, status=413)


def _used_and_allowed() -> tuple[int, int | None]:
    """Bytes of all media, archived ones too, of what was made from them, of images, of what arrives; and the ceiling.

    One statement.
    """
    here = Organization.objects.filter(pk=current_organization_id())
    arriving = Upload.objects.filter(state=UploadState.RECEIVING)
    made = [one.objects.all() for one in (Rendition, Storyboard, LibraryImage, Frame)]
    elsewhere = [keeper.rows() for keeper in keepers()]
    kinds: list[QuerySet[Any]] = [Media.objects.all(), *made, arriving, *elsewhere]
    used = sum((Coalesce(_bytes_of(rows), 0) for rows in kinds[1:]), Coalesce(_bytes_of(kinds[0]), 0))
    return here.values_list(used, "storage_ceiling").get()


def _bytes_of(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().values("organization").annotate(total=Sum("size_bytes")).values("total"))
