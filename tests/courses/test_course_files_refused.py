"""Files that are no courses: refused with their place, and nothing is written."""

import json
import stat
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from core.errors import Refused
from courses.models import Course
from courses.services.importing import import_course
from media_library.bare_pictures import bare_webp_size, is_bare_jpeg
from tests.courses.filled_course import contents, exported, zipped
from tests.media_library.pictures import picture


def small(change: Callable[[dict[str, Any]], Any] = lambda document: None, **entries: bytes) -> bytes:
    """A course of one chapter with a text, a quiz and a link, changed."""
    option = {"key": "a", "text": "Yes"}, {"key": "b", "text": "No"}
    question = {"kind": "single_choice", "prompt": "?", "options": [*option], "answer": {"key": "a"}, "points": 1}
    items = [
        {"key": "c1.i1", "type": "text", "title": "Words", "text": "So."},
        {"key": "c1.i2", "type": "quiz", "title": "Quiz", "quiz": {"title": "Quiz", "questions": [question]}},
        {"key": "c1.i3", "type": "resource", "title": "Link", "resource": {"title": "L", "link": "https://a.test/"}},
        {"key": "c1.i4", "type": "assignment", "title": "Essay", "assignment": {"title": "Essay"}},
    ]
    document = {
        "format": "lectern-course",
        "version": 1,
        "course": {"title": "Small", "slug": "small"},
        "chapters": [{"key": "c1", "title": "Only", "items": items}],
    }
    change(document)
    return zipped({"course.json": json.dumps(document).encode(), **entries})


def item(document: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = document["chapters"][0]["items"][number]
    return found


def question(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = item(document, 1)["quiz"]["questions"][0]
    return found


def rule(**told: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda document: item(document, 0).update(availability={"rules": [told]})


def media(**told: Any) -> Callable[[dict[str, Any]], Any]:
    changed = {"key": "c1.i1", "type": "video", "title": "Film", "media": told}
    return lambda document: document["chapters"][0]["items"].__setitem__(0, changed)


BAD_DOCUMENTS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "another format": (lambda d: d.update(format="scorm"), "says nothing of lectern-course"),
    "newer version": (lambda d: d.update(version=2), "version: This site reads version 1"),
    "unknown field": (lambda d: d["course"].update(owner="x"), "course.owner: There is nothing of that name."),
    "unknown field inside": (lambda d: question(d).update(id=1), "questions.0.id: There is nothing of that name."),
    "no title": (lambda d: d["course"].update(title=""), "course.title: This field cannot be blank."),
    "title of a number": (lambda d: d["course"].update(title=5), "course.title: Write a text."),
    "long title": (lambda d: d["course"].update(title="x" * 201), "course.title: Ensure this value has at most 200"),
    "bad slug": (lambda d: d["course"].update(slug="../x"), "course.slug: Enter a valid “slug”"),
    "bad level": (lambda d: d["course"].update(level="expert"), "course.level: Value 'expert' is not a valid choice."),
    "seats yes": (lambda d: d["course"].update(seats=True), "course.seats: Write a whole number."),
    "no seats": (lambda d: d["course"].update(seats=0), "course.seats: Ensure this value is greater"),
    "too many seats": (lambda d: d["course"].update(seats=10**12), "course.seats: Ensure this value is less"),
    "endless hours": (lambda d: d["course"].update(estimated_hours="NaN"), "course.estimated_hours: "),
    "time without zone": (lambda d: d["course"].update(opens_at="2027-05-03T00:00"), "course.opens_at: Write a date"),
    "closes first": (
        lambda d: d["course"].update(opens_at="2028-01-01T00:00:00Z", closes_at="2027-01-01T00:00:00Z"),
        "course.closes_at: The course would close before it opens.",
    ),
    "chapters of text": (lambda d: d.update(chapters="none"), "chapters: Write a list."),
    "chapter of text": (lambda d: d.update(chapters=["one"]), "chapters.0: Write an object."),
    "too many chapters": (lambda d: d.update(chapters=[{}] * 501), "chapters: At most 500, please."),
    "wrong key": (lambda d: item(d, 1).update(key="c1.i1"), "chapters.0.items.1.key: Its key is c1.i2"),
    "unknown type": (lambda d: item(d, 0).update(type=["scorm"]), "chapters.0.items.0.type: There is no such type"),
    "two things": (lambda d: item(d, 0).update(quiz={}), "chapters.0.items.0.quiz: There is nothing of that name."),
    "text of a number": (lambda d: item(d, 0).update(text=1), "chapters.0.items.0.text: Write a text."),
    "metadata of a list": (lambda d: item(d, 0).update(metadata=[1]), "chapters.0.items.0.metadata: Write an object."),
    "zero byte": (lambda d: item(d, 0).update(text="\0"), "A text has a character that cannot be kept."),
    "half a pair": (lambda d: item(d, 0).update(text="\ud800"), "A text has a character that cannot be kept."),
    "image that is not there": (lambda d: item(d, 0).update(text=f"image:{'a' * 64}"), "A text shows this image"),
    "unknown rule": (rule(kind="moon"), "items.0.availability.rules.0.kind: There is no such kind of rule."),
    "rule about nothing": (rule(kind="after_item", item="c9.i9"), "items.0.availability.rules.0.item: Write the key"),
    "rule about a row": (rule(kind="after_item", item={}), "items.0.availability.rules.0.item: Write the key"),
    "rule about a chapter": (rule(kind="after_item", item="c1"), "rules.0.item: This course has no such item."),
    "score of a text": (rule(kind="min_score", item="c1.i1", percent=5), "rules.0.item: Only quizzes and assignments"),
    "no questions": (lambda d: item(d, 1).update(quiz={"title": "Q"}), "quiz.questions: Write a list."),
    "unknown kind": (lambda d: question(d).update(kind="essay"), "questions.0.kind: Value 'essay' is not a valid"),
    "no right option": (lambda d: question(d).update(answer={"key": "z"}), "It names an option that the question"),
    "answer of a number": (lambda d: question(d).update(answer={"key": 1}), "answer.key: The answer cannot be read."),
    "answer of another kind": (lambda d: question(d).update(kind="numeric"), "answer.key: There is nothing of that"),
    "one option": (lambda d: question(d)["options"].pop(), "questions.0: Give at least two options"),
    "options alike": (lambda d: question(d)["options"][1].update(key="a"), "options.1: An option has a key of its own"),
    "no points": (lambda d: question(d).update(points=0), "points: "),
    "link to a script": (
        lambda d: item(d, 2)["resource"].update(link="javascript:alert(1)"), "resource.link: Enter a valid URL.",
    ),
    "link with a password": (
        lambda d: item(d, 2)["resource"].update(link="https://a:b@c.test/"), "c1.i3.resource.link: Give an address",
    ),
    "file that is a path": (
        lambda d: item(d, 2).update(resource={"title": "F", "file": "../f"}), "file: A file cannot be called that.",
    ),
    "file that is not there": (
        lambda d: item(d, 2).update(resource={"title": "F", "file": "f.pdf"}), "c1.i3/f.pdf: The course offers",
    ),
    "neither file nor link": (lambda d: item(d, 2).update(resource={"title": "F"}), "A resource is a file or a link."),
    "takes nothing": (
        lambda d: item(d, 3)["assignment"].update(takes_text=False, max_files=0), "takes_text: Take text, files",
    ),
    "unknown host": (media(address="https://a.test/x", title="F"), "chapters.0.items.0.media.address: "),
    "no digest": (media(sha256="../../x", title="F", filename="f"), "media.sha256: SHA-256 has 64 hexadecimal digits."),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
def test_unreadable_course_is_refused_with_its_place(name, scope, alice):
    change, words = BAD_DOCUMENTS[name]

    with pytest.raises(Refused) as refusal:
        import_course(BytesIO(small(change)), by=alice)

    assert refusal.value.code == "unreadable_course_file"
    assert words in refusal.value.message


def raw(text: bytes) -> bytes:
    return zipped({"course.json": text})


def damaged() -> bytes:
    """One byte of what is packed is another."""
    content = bytearray(small())
    content[60] ^= 0xFF
    return bytes(content)


def smaller_than_said() -> bytes:
    """It says in its directory that course.json has a byte less."""
    content = bytearray(small())
    at = content.rindex(b"PK\x01\x02") + 24
    content[at] -= 1
    return bytes(content)


def with_entry(name: str, content: bytes = b"x", *, mode: int = stat.S_IFREG | 0o644, twice: bool = False) -> bytes:
    file = BytesIO(small())
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings(action="ignore"):
        for _ in range(1 + twice):
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course.json", "{}")
        with archive.open("resources/c1.i1/zeros.bin", "w") as entry:
            for _ in range(150):
                entry.write(bytes(1_000_000))
    return file.getvalue()


BAD_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "It cannot be read as a zip."),
    "a picture": (picture, "It cannot be read as a zip."),
    "half a file": (lambda: small()[:-30], "It cannot be read as a zip."),
    "empty zip": (lambda: zipped({}), "It has no course.json."),
    "damaged": (damaged, "course.json: It is damaged."),
    "smaller than said": (smaller_than_said, "course.json: It is damaged."),
    "no JSON": (lambda: raw(b"{"), "course.json: It is no JSON that can be read"),
    "no text": (lambda: raw(b"\xff"), "course.json: It is no JSON that can be read"),
    "no number": (lambda: raw(b'{"format": NaN}'), "NaN is no number"),
    "endless number": (lambda: raw(b'{"format": 1e999}'), "1e999 is too large"),
    "huge number": (lambda: raw(b'{"format": ' + b"9" * 5000 + b"}"), "course.json: It is no JSON that can be read"),
    "a name twice": (lambda: raw(b'{"a": 1, "a": 2}'), "a name twice in one object"),
    "deep": (lambda: raw(b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}"), "It is nested too deeply."),
    "very deep": (lambda: raw(b"[" * 100_000 + b"]" * 100_000), "course.json: It is no JSON that can be read"),
    "a list": (lambda: raw(b"[]"), "says nothing of lectern-course"),
    "large JSON": (lambda: raw(b" " * 10_000_001), "course.json: It has "),
    "bomb": (bomb, "far more than it has"),
    "too many entries": (
        lambda: zipped({"course.json": b"{}", **{f"resources/c1.i1/{n}": b"" for n in range(10_000)}}), "than 10000",
    ),
    "way out": (lambda: with_entry("resources/c1.i1/../../x"), "does not belong into a course file"),
    "way out at its end": (lambda: with_entry("resources/c1.i1/.."), "does not belong into a course file"),
    "absolute": (lambda: with_entry("/etc/passwd"), "does not belong into a course file"),
    "of another disk": (lambda: with_entry("resources\\c1.i1\\x"), "does not belong into a course file"),
    "folder": (lambda: with_entry("images/", b""), "does not belong into a course file"),
    "link": (lambda: with_entry("cover.jpg", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "does not belong into"),
    "twice": (lambda: with_entry("cover.jpg", twice=True), "cover.jpg: It is there twice."),
    "packed otherwise": (lambda: _bzipped(), "packed in a way that is not read here"),
    "file nobody names": (lambda: with_entry("resources/c1.i1/x.pdf"), "Nothing in the course names it."),
    "media nobody names": (lambda: with_entry(f"media/{'a' * 64}.mp4"), "media that the course does not name"),
    "image of another name": (
        lambda: small(lambda d: item(d, 0).update(text=f"image:{'a' * 64}"), **{f"images/{'a' * 64}.webp": b"x"}),
        "This is not the file that its name says.",
    ),
    "cover that is none": (lambda: with_entry("cover.jpg", b"GIF89a"), "cover.jpg: "),
}  # fmt: skip


def _bzipped() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("course.json", "{}")
    return file.getvalue()


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_refused_and_leaves_nothing(name, scope, alice, settings):
    make, words = BAD_FILES[name]

    with pytest.raises(Refused) as refusal:
        import_course(BytesIO(make()), by=alice)

    assert refusal.value.code == "unreadable_course_file"
    assert words in refusal.value.message
    assert (Course.objects.count(), list(Path(settings.UPLOADS_DIR).glob("*"))) == (0, [])


def test_small_course_by_hand_takes_what_new_rows_have(scope, alice):
    course = import_course(BytesIO(small()), by=alice).course

    document = json.loads(contents(exported(course))["course.json"])
    assert (document["course"]["level"], document["course"]["access"]) == ("beginner", "open")
    assert [one["state"] for one in document["chapters"][0]["items"]] == ["published"] * 4


def test_same_media_twice_in_a_chapter_is_refused(scope, alice):
    def twice(document: dict[str, Any]) -> None:
        names = ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ")
        document["chapters"][0]["items"] = [
            {"key": f"c1.i{n}", "type": "video", "title": "F", "media": {"address": name, "title": "F"}}
            for n, name in enumerate(names, start=1)
        ]

    with pytest.raises(Refused, match="chapters.0.items.1.media: This media is already in the chapter."):
        import_course(BytesIO(small(twice)), by=alice)


def test_pictures_with_more_than_pixels_are_not_kept_as_they_are():
    image, cover = picture(form="WEBP"), picture()

    assert bare_webp_size(image, largest=(64, 64)) == (64, 36)
    assert bare_webp_size(image, largest=(63, 64)) is None
    assert bare_webp_size(image + b"<script>", largest=(64, 64)) is None
    assert bare_webp_size(image[:-4], largest=(64, 64)) is None
    assert [is_bare_jpeg(one, size=(64, 36)) for one in (cover, cover + b"<script>", image)] == [True, False, False]
    assert is_bare_jpeg(cover[:2] + b"\xff\xfe\x00\x04hi" + cover[2:], size=(64, 36)) is False
