"""A course with all that a course file can hold."""

import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organization, User
from courses.models import Assignment, ContentItem, Course, Quiz, Resource
from courses.services.assignments import write_assignment
from courses.services.authoring import add_chapter, add_item, create_course, save_chapter, save_item
from courses.services.covers import set_cover
from courses.services.exporting import export_course
from courses.services.quizzes import write_quiz
from courses.services.resources import save_resource
from media_library.images import image_markdown
from media_library.models import Category, Media, Source, Status
from media_library.services.images import add_image
from media_library.services.shelving import save_category
from tests.media_library.pictures import GREEN, picture

FILM = b"as if it were a film"
ADDRESS = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
OPTIONS = [{"key": "a1", "text": "The *moon*"}, {"key": "b2", "text": "The sun"}, {"key": "c3", "text": "Fish"}]
QUESTIONS: list[dict[str, Any]] = [
    {"kind": "single_choice", "options": OPTIONS, "answer": {"key": "a1", "feedback": {"b2": "A little."}}},
    {"kind": "multiple_choice", "options": OPTIONS, "answer": {"keys": ["a1", "b2"]}},
    {"kind": "true_false", "options": [], "answer": {"key": "false"}},
    {"kind": "short_text", "options": [], "answer": {"accepted": ["ebb", "Ebbe"]}},
    {"kind": "numeric", "options": [], "answer": {"value": "9.81", "tolerance": "0.02"}},
]


def make_uploaded(content: bytes = FILM, title: str = "Our film") -> Media:
    media = Media.objects.create(
        title=title, source=Source.UPLOAD, source_path="x", original_filename="our film.mp4", status=Status.COMPLETED,
        content_hash=sha256(content).hexdigest(), size_bytes=len(content),
    )  # fmt: skip
    media.source_path = f"{media.organization_id}/{media.pk}/source/film.mp4"
    media.save()
    default_storage.save(media.source_path, ContentFile(content))
    return media


def make_hosted(title: str = "Their film") -> Media:
    media: Media = Media.objects.create(
        title=title, source=Source.YOUTUBE, youtube_video_id="dQw4w9WgXcQ", source_url=ADDRESS
    )
    return media


def make_filled(organization: Organization, *, by: User) -> Course:
    """All types of items and questions, rules, an image, a cover, a file, a link. Runs in the scope."""
    image = add_image(BytesIO(picture(form="PNG")), alt="A wave", by=by)
    shown = image_markdown(image, slug=organization.slug)
    course = create_course(
        title="Tides – whole", by=by, description=f"About *water*.\n\n{shown}", objectives="One\nTwo", level="advanced",
        estimated_hours=Decimal("2.5"), category=save_category(Category(name="Oceans"), by=by), access="members",
        seats=12, opens_at=datetime(2027, 5, 3, tzinfo=UTC), closes_at=datetime(2028, 5, 3, 12, 30, tzinfo=UTC),
        certificate_signer="The harbor",
    )  # fmt: skip
    set_cover(course, BytesIO(picture(GREEN)))
    first = add_chapter(course, title="Beginnings", description="At first.")
    second = add_chapter(course, title="Endings")
    items = _fill(first, second, shown, by=by)
    rules = [{"kind": "after_item", "item": str(items["quiz"].pk)}, {"kind": "days", "days": 3}]
    items["text"].availability = {"match": "any", "rules": rules}
    items["link"].availability = {"rules": [{"kind": "min_score", "item": str(items["quiz"].pk), "percent": 50}]}
    for name in ("text", "link"):
        save_item(items[name], by=by)
    second.availability = {
        "rules": [
            {"kind": "after_chapter", "chapter": str(first.pk)}, {"kind": "date", "at": "2027-06-01T00:00:00+02:00"},
        ]
    }  # fmt: skip
    save_chapter(second, by=by)
    return course


def _fill(first: Any, second: Any, shown: str, *, by: User) -> dict[str, ContentItem]:
    questions = [
        {"prompt": f"Question {n}?", "feedback": "So.", "points": n, **one} for n, one in enumerate(QUESTIONS, 1)
    ]
    quiz = write_quiz(
        Quiz(title="Quiz", pass_mark=70, max_attempts=2, time_limit_minutes=9, shuffles_options=True, review="last"),
        questions=questions,
    )
    essay = Assignment(title="Essay", instructions=f"Write.\n\n{shown}", points=40, pass_mark=50, max_files=2)
    chart = save_resource(Resource(title="Chart"), file=SimpleUploadedFile("chart – 2026.pdf", b"%PDF a chart"))
    link = save_resource(Resource(title="Harbor"), link="https://harbor.test/tides")
    told: list[tuple[str, Any, dict[str, Any]]] = [
        ("text", first, {"type": "text", "text": f"Words. {shown}", "estimated_minutes": 3, "description": "d"}),
        ("film", first, {"type": "video", "media": make_uploaded(), "is_required": False, "metadata": {"n": [1, 2.5]}}),
        ("hosted", first, {"type": "video", "media": make_hosted(), "state": "draft"}),
        ("quiz", second, {"type": "quiz", "quiz": quiz}),
        ("essay", second, {"type": "assignment", "assignment": write_assignment(essay)}),
        ("chart", second, {"type": "resource", "resource": chart}),
        ("link", second, {"type": "resource", "resource": link}),
    ]
    return {name: add_item(chapter, by=by, title=f"The {name}", **fields) for name, chapter, fields in told}


def exported(course: Course, *, with_media: bool = False) -> bytes:
    file = BytesIO()
    export_course(course, to=file, with_media=with_media)
    return file.getvalue()


def contents(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(entries: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()
