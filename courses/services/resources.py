"""Files to take along, and links."""

from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.announcements import announce
from core.errors import Refused
from courses.files.kept import RESOURCES
from courses.models import ContentItem, Enrollment, Resource
from courses.services.keeping import Stored, remove_later, stored

is_web_address = URLValidator(schemes=["http", "https"])
NO_FILE = Stored("", "", 0, "")


def save_resource(resource: Resource, *, file: UploadedFile | None = None, link: str = "") -> Resource:
    """Check and write a resource: with a new file, a new link, or, given neither, what it was.

    What a new one replaces is deleted when that is sure. Raises ValidationError; Refused: file_or_link, not_a_link,
    empty_file; file_too_large, storage_full (413).
    """
    if file is not None and link:
        raise _refused("file_or_link", _("A resource is a file or a link, not both."), "link")
    if file is None:
        return _write(resource, NO_FILE if link else None, link=normalized(link) if link else resource.link)
    with stored(file, keeper=RESOURCES) as kept:
        return _write(resource, kept, link="")


def open_resource(resource: Resource, *, enrollment: Enrollment) -> None:
    """A learner takes it: counted, however many do so at once."""
    with transaction.atomic():
        Resource.objects.filter(pk=resource.pk).update(opened=F("opened") + 1)
        announce("resource_opened", resource, enrollment=enrollment)


def delete_resource(resource: Resource) -> None:
    """Its file goes along. Raises Refused: in_use (409), while an item holds it."""
    with transaction.atomic():
        item = ContentItem.objects.filter(resource=resource).first()
        if item is not None:
            words = _("The item “%(item)s” holds this resource. Remove the item first.") % {"item": item}
            raise Refused("in_use", words, status=409)
        remove_later(resource.path)
        resource.delete()


def normalized(link: str) -> str:
    """A web address as it is kept: with its scheme, host in lower case. Raises Refused: not_a_link."""
    given = link.strip()
    address = given if "://" in given else f"https://{given}"
    try:
        parts = urlsplit(address)
        tidy = urlunsplit(
            parts._replace(scheme=parts.scheme.lower(), netloc=_host(parts.netloc), path=parts.path or "/")
        )
        is_web_address(tidy)
    except (ValidationError, ValueError) as error:
        raise _refused("not_a_link", _("Give an address that begins with https:// or http://."), "link") from error
    return tidy


def _host(netloc: str) -> str:
    """Raises ValueError for an address that says who one is: that would be shown to everybody."""
    if "@" in netloc:
        raise ValueError
    return netloc.lower()


def _write(resource: Resource, file: Stored | None, *, link: str) -> Resource:
    """`file`: None leaves the one it has."""
    with transaction.atomic():
        replaced = _path_now(resource)
        resource.link = link
        if file is not None:
            resource.path, resource.filename = file.path, file.name
            resource.size_bytes, resource.content_type = file.size_bytes, file.content_type
        _refuse_neither(resource)
        resource.title = resource.title or resource.filename or link[:200]
        resource.full_clean()
        resource.save()
        if replaced != resource.path:
            remove_later(replaced)
            announce("resource_written", resource)
    return resource


def _path_now(resource: Resource) -> str:
    """Of two who replace a file at once, the second removes what the first has put there."""
    rows = Resource.objects.select_for_update().filter(pk=resource.pk)
    return rows.values_list("path", flat=True).first() or ""


def _refuse_neither(resource: Resource) -> None:
    if not resource.link and not resource.path:
        raise _refused("file_or_link", _("A resource is a file or a link: give one of them."), "link")


def _refused(code: str, words: str, field: str) -> Refused:
    return Refused(code, words, fields={field: [words]})
