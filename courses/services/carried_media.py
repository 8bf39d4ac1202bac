"""Media that a course file names: what of it is in this library, and what comes from its host or from the file."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from courses.course_files import CourseFile
from courses.course_files.refusing import unreadable
from media_library.importing.rows import BadRow
from media_library.models import Media
from media_library.services.import_answers import media_at, named_by, place_of
from media_library.services.import_media import add_media
from media_library.services.uploads import upload_media
from media_library.sources import Reference

Name = str  # what identifies media anywhere: an address, or the SHA-256 of its file


@dataclass(frozen=True)
class MediaPlan:
    """`here` is the media of this library by name; `uploads` the entry of the file for what is to be uploaded.

    `entries` are all entries with media, wanted or not.
    """

    told: dict[Name, dict[str, str]]
    here: dict[Name, Media]
    uploads: dict[Name, str]
    entries: frozenset[str]

    @property
    def found(self) -> list[str]:
        return [self.told[name]["title"] for name in self.told if name in self.here]

    @property
    def brought(self) -> list[str]:
        return [one["title"] for name, one in self.told.items() if name not in self.here and "address" in one]

    @property
    def uploaded(self) -> list[str]:
        return [self.told[name]["title"] for name in self.told if name in self.uploads]

    @property
    def missing(self) -> list[str]:
        gone = [name for name in self.told if name not in self.here and name not in self.uploads]
        return [self.told[name]["title"] for name in gone if "sha256" in self.told[name]]


def name_of(told: dict[str, str]) -> Name:
    return told.get("address") or told["sha256"]


def plan_media(given: CourseFile) -> MediaPlan:
    """Two statements, and one for each host. Raises Refused."""
    told, references = {}, {}
    for place, one in _media_of(given.document):
        told[name_of(one)] = one
        if "address" in one:
            references[one["address"]] = _reference(one["address"], f"{place}.address")
    here = _here(told, references)
    entries = {PurePosixPath(name).stem: name for name in given.names if name.startswith("media/")}
    if len(entries) < sum(name.startswith("media/") for name in given.names) or set(entries) - set(told):
        raise unreadable("media/", _("There is media that the course does not name."))
    uploads = {name: entry for name, entry in entries.items() if name not in here}
    plan = MediaPlan(told, here, uploads, frozenset(entries.values()))
    _refuse_media_twice(given.document, plan, references)
    return plan


def bring_media(plan: MediaPlan, name: Name, *, files: dict[str, Path], by: Any) -> Media:
    """What the library has, or has from now on. An uploaded one plays when its file was looked at."""
    if name in plan.here:
        return plan.here[name]
    told = plan.told[name]
    if "address" in told:
        return add_media({"url": told["address"], "title": told["title"]}, by=by)[0]
    with Unpacked(files[plan.uploads[name]], told["filename"]) as file:
        return upload_media(file, title=told["title"], by=by)


class Unpacked(UploadedFile):
    """A file on this disk, as if somebody had just sent it: the storage moves it where it can."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(path.open("rb"), name, size=path.stat().st_size)
        self.temporary_file_path = partial(str, path)


def _media_of(document: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """With their places."""
    return [
        (f"chapters.{number}.items.{at}.media", item["media"])
        for number, chapter in enumerate(document["chapters"])
        for at, item in enumerate(chapter["items"])
        if "media" in item
    ]


def _reference(address: str, place: str) -> Reference:
    try:
        named = named_by(address)
    except BadRow as problem:
        raise unreadable(place, problem.message) from problem
    if not isinstance(named, Reference):
        raise unreadable(place, _("This is a list of videos, not one."))
    return named


def _here(told: dict[Name, dict[str, str]], references: dict[Name, Reference]) -> dict[Name, Media]:
    hosted = media_at(references.values())
    here = {name: hosted[place_of(one)] for name, one in references.items() if place_of(one) in hosted}
    same = Media.objects.present().filter(content_hash__in=set(told) - set(references))
    return here | {media.content_hash: media for media in same}


def _refuse_media_twice(document: dict[str, Any], plan: MediaPlan, references: dict[Name, Reference]) -> None:
    """A chapter has a media item once, whatever it is called by."""
    seen: set[tuple[str, Any]] = set()
    for place, told in _media_of(document):
        name = name_of(told)
        same: UUID | Any = plan.here[name].pk if name in plan.here else references.get(name, name)
        one = (place.split(".")[1], place_of(same) if isinstance(same, Reference) else same)
        if one in seen:
            raise unreadable(place, _("This media is already in the chapter."))
        seen.add(one)
