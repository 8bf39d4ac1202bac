"""A school in which it matters who takes what, and what is there to be seen.

Four courses with a film each: one that everybody takes, one they left, one that nobody was let into, and one that is no
longer published. Beside them a film that stands in no course, and one that stands in a draft only.
"""

from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Membership, Organization, Role, User
from courses.models import ContentItem, Course, Enrollment, ItemType
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.enrolling import end_enrollment, enroll
from courses.services.publishing import publish_course, unpublish_course
from media_library.captions import TimedText
from media_library.models import Media, Publication, Rendition, Source, Status
from media_library.models.media import LengthSource
from media_library.services.transcripts import publish_transcript
from tests.conftest import member

COURSES = ("taken", "left", "other", "hidden")
FILMS = (*COURSES, "open", "drafted")
ROLES = {"maker": Role.CREATOR, "learner": Role.LEARNER, "customer": Role.CUSTOMER}
PEOPLE = (*ROLES, "suspended", "visitor", "anonymous")


def make_media(title: str = "Tides", *, ready: bool = True, seconds: float = 120) -> Media:
    """A draft of the library that plays, unless told otherwise."""
    media = Media.objects.create(
        title=title, source=Source.UPLOAD, source_path=f"{title}.mp4", status=Status.COMPLETED, duration=seconds,
        duration_source=LengthSource.FILE,
    )  # fmt: skip
    if ready:
        media.rendition = Rendition.objects.create(media=media, folder=f"renditions/{media.pk}")
        media.save()
    return media


@dataclass
class School:
    """The rows by the word that tells them apart; titles are “Course taken”, “Film taken”, “Text taken”."""

    courses: dict[str, Course]
    films: dict[str, Media]
    items: dict[str, ContentItem]
    texts: dict[str, ContentItem]
    people: dict[str, User]


def build_school(organization: Organization, *, by: User) -> School:
    """Runs in the scope of the organization. Suspended people were customers, visitors never were members."""
    films = {word: _film(word) for word in FILMS}
    courses = {word: _course(word, films[word], by) for word in COURSES}
    _course("drafted", films["drafted"], by, publish=False)
    people = {name: member(f"{name}@harbor.test", organization, role) for name, role in ROLES.items()}
    people["suspended"] = member("suspended@harbor.test", organization, Role.CUSTOMER)
    people["visitor"] = User.objects.create_user("visitor@harbor.test", "x")
    for person in people.values():
        for word in ("taken", "left", "hidden"):
            enroll(courses[word], user=person)
        end_enrollment(Enrollment.objects.get(user=person, course=courses["left"]), by=by)
    unpublish_course(courses["hidden"], by=by)
    Membership.objects.filter(user=people["suspended"]).update(is_active=False)
    return School(courses, films, _items(ItemType.VIDEO), _items(ItemType.TEXT), people)


def _film(word: str) -> Media:
    media = make_media(f"Film {word}", seconds=60)
    media.publication = Publication.PUBLISHED
    media.thumbnail_path = f"{media.rendition.folder}/thumbnail.jpg"
    media.save()
    for name in ("thumbnail.jpg", "master.m3u8"):
        default_storage.save(f"{media.rendition.folder}/{name}", ContentFile(b"x"))
    publish_transcript(media, [TimedText(1, 2, f"The heron is called {word}.", "")], language="en", method="sidecar")
    return media


def _course(word: str, film: Media, by: User, *, publish: bool = True) -> Course:
    course = create_course(title=f"Course {word}", slug=word, by=by)
    chapter = add_chapter(course, title=f"Chapter {word}")
    add_item(chapter, by=by, type=ItemType.VIDEO, title=f"Item {word}", media=film)
    add_item(chapter, by=by, type=ItemType.TEXT, title=f"Text {word}", text=f"Words {word}")
    if publish:
        publish_course(course, by=by)
    return course


def _items(kind: ItemType) -> dict[str, ContentItem]:
    return {word_of(item.title): item for item in ContentItem.objects.filter(type=kind)}


def word_of(title: str) -> str:
    return title.split()[-1]
