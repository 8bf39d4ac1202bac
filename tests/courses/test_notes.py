"""Notes and bookmarks: one's own, at a second, taken along."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Organization, User
from core.csv_lines import csv_lines
from core.errors import Refused
from core.tenancy import organization_scope
from courses.learn_space.lessons import find_item
from courses.models import ContentItem, Enrollment, Note
from courses.notes.form import MomentField
from courses.services import notes as service
from courses.services.enrolling import enroll
from courses.services.notes import add_note, delete_note, rewrite_note
from tests.courses.conftest import Tides
from tests.courses.test_learning import in_threads

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
SCRIPT = {"X-Requested-With": "fetch"}


def address(tides: Tides, rest: str = "") -> str:
    return f"/harbor/courses/{tides.course.slug}/{rest}"


def note_at(item: ContentItem, user: User, text: str = "Look here", at: float | None = 12.5) -> Note:
    course = item.chapter.course_id
    return Note.objects.create(user=user, course_id=course, item=item, item_title=item.title, text=text, at=at)


def opened(tides: Tides, item: ContentItem, user: User, organization: Organization) -> Any:
    return find_item(item.pk, course=tides.course.slug, user=user, organization=organization)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("", None), ("0:07", 7), ("12:40", 760), ("1:02:03", 3723), ("754", 754), ("754.25", 754.25), ("90:00", 5400)],
)
def test_time_is_read_as_people_write_it(written: str, seconds: float | None) -> None:
    assert MomentField(required=False).clean(written) == seconds


@pytest.mark.parametrize("written", ["soon", "1:2:3:4", "12:99", "-5", "1e9", "nan"])
def test_time_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        MomentField(required=False).clean(written)


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("video", {"text": " "}, "text"),
        ("video", {"text": "x" * 10_001}, "text"),
        ("video", {"text": "a\0b"}, "text"),
        ("video", {"text": "a", "at": -1.0}, "at"),
        ("video", {"text": "a", "at": float("inf")}, "at"),
        ("video", {"text": "a", "at": float("nan")}, "at"),
        ("text", {"text": "a", "at": 3.0}, "at"),
    ],
)
def test_note_that_says_nothing_possible_is_refused(
    tides: Tides, bobs_place: Enrollment, bob: User, scope: Organization, kind: str, given: dict[str, Any], field: str
) -> None:
    item = opened(tides, getattr(tides, kind), bob, scope)

    with pytest.raises(Refused) as refusal:
        add_note(item, by=bob, **given)

    assert (refusal.value.code, list(refusal.value.fields), Note.objects.count()) == ("invalid_note", [field], 0)


def test_limits_and_lines_of_a_note(
    tides: Tides, bobs_place: Enrollment, bob: User, scope: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_NOTES", 2)
    item = opened(tides, tides.video, bob, scope)

    bookmark = add_note(item, by=bob, at=3.0)
    note = add_note(item, by=bob, text="  one\r\ntwo  ")
    with pytest.raises(Refused) as refusal:
        add_note(item, by=bob, at=4.0)

    assert (bookmark.text, bookmark.at, note.text, note.at) == ("", 3.0, "one\ntwo", None)
    assert (refusal.value.code, refusal.value.status) == ("too_many_notes", 409)


@pytest.mark.django_db(transaction=True)
def test_of_many_notes_at_once_as_many_are_kept_as_there_may_be(
    tides: Tides, bobs_place: Enrollment, bob: User, scope: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_NOTES", 2)
    item = opened(tides, tides.video, bob, scope)

    outcomes = in_threads(8, lambda: add_note(item, by=bob, at=3.0))

    assert (sorted(outcomes), Note.objects.count()) == (["done"] * 2 + ["too_many_notes"] * 6, 2)


def test_nobody_else_changes_a_note(tides: Tides, bob: User, alice: User, scope: Organization) -> None:
    note = note_at(tides.video, bob)

    for verb in (lambda: rewrite_note(note, by=alice, text="x"), lambda: delete_note(note, by=alice)):
        with pytest.raises(Refused, match="nothing here"):
            verb()

    note.refresh_from_db()
    assert note.text == "Look here"


def test_panel_adds_edits_and_deletes_in_place(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client, panel = client_of(bob), address(tides, f"learn/{tides.video.pk}/notes/")

    client.post(panel, {"text": "Later <b>", "at": "1:02:03"}, headers=SCRIPT)
    client.post(panel, {"text": "typed meanwhile", "at": "0:07", "bookmark": "1"}, headers=SCRIPT)
    answer = client.post(panel, {"text": "No time", "at": ""}, headers=SCRIPT)

    told = [(note.at, note.text) for note in answer.context["notes"]]
    assert told == [(7, ""), (3723, "Later <b>"), (None, "No time")]
    parts, text = ("<html", "Later &lt;b&gt;</p>", 'data-seek="3723"', ">1:02:03<"), answer.content.decode()
    assert [text.count(part) for part in parts] == [0, 1, 1, 1]
    first = answer.context["notes"][0]
    client.post(address(tides, f"notes/{first.pk}/"), {"text": "No bookmark now"}, headers=SCRIPT)
    last = client.post(address(tides, f"notes/{answer.context['notes'][1].pk}/delete/"), headers=SCRIPT)
    assert [note.text for note in last.context["notes"]] == ["No bookmark now", "No time"]


def test_panel_tells_what_is_wrong(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    panel = address(tides, f"learn/{tides.video.pk}/notes/")

    answer = client_of(bob).post(panel, {"text": "x", "at": "soon"}, headers=SCRIPT)

    assert (answer.status_code, answer.content.decode().count("A time looks like 12:40")) == (400, 1)


def test_without_the_script_one_comes_back_to_the_second(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client = client_of(bob)

    written = client.post(address(tides, f"learn/{tides.video.pk}/notes/"), {"text": "Look", "at": "12:40"})
    edited = client.post(address(tides, f"notes/{Note.objects.get().pk}/"), {"text": "Looked"})
    refused = client.post(address(tides, f"learn/{tides.video.pk}/notes/"), {"text": "Much\nwork", "at": "soon"})
    spoiled = client.post(address(tides, f"notes/{Note.objects.get().pk}/"), {"text": "x" * 10_001})

    assert written.url == address(tides, f"learn/{tides.video.pk}/?t=760#notes")
    assert (edited.url, Note.objects.get().text) == (address(tides, "notes/"), "Looked")
    kept = [part in refused.content.decode() for part in ("A time looks like 12:40", "Much\nwork</", 'value="soon"')]
    assert (refused.status_code, kept, spoiled.status_code) == (400, [True] * 3, 400)
    assert ("x" * 10_001 in spoiled.content.decode(), Note.objects.count()) == (True, 1)


def test_nobody_else_sees_a_note_whatever_their_role(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    """Alice owns the organization and made the course."""
    note = note_at(tides.video, bob, text="canary")
    enroll(tides.course, user=alice)
    client, one = client_of(alice), f"/api/v1/harbor/notes/{note.pk}/"

    seen = [
        client.get(address(tides, page)).content
        for page in (f"learn/{tides.video.pk}/notes/", "notes/", "notes.md", "notes.csv", "notes.json")
    ]
    listed = client.get(f"/api/v1/harbor/courses/{tides.course.pk}/notes/").json()
    tried = [client.get(one), client.patch(one, {"text": "x"}, content_type="application/json"), client.delete(one)]
    tried += [client.post(address(tides, f"notes/{note.pk}/{verb}")) for verb in ("", "delete/")]

    assert [b"canary" in page for page in seen] == [False] * 5
    assert (listed["count"], [answer.status_code for answer in tried]) == (0, [404] * 5)
    assert Note.objects.get().text == "canary"


def test_page_lists_the_notes_of_the_course_by_item_in_its_order(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    note_at(tides.text, bob, "Read again", at=None)
    client = client_of(bob)
    with django_assert_num_queries(6):
        client.get(address(tides, "notes/"))
    for second in (50.0, 8.0):
        note_at(tides.video, bob, f"At {second:.0f}", at=second)
    gone = note_at(tides.test, bob, "Of what is gone", at=None)
    Note.objects.filter(pk=gone.pk).update(item=None)

    with django_assert_num_queries(6):
        page = client.get(address(tides, "notes/"))
    found = client.get(address(tides, "notes/"), {"q": "READ words"})

    assert [(note.title, note.text) for note in page.context["page"]] == [
        ("The film", "At 8"), ("The film", "At 50"), ("The words", "Read again"), ("The quiz", "Of what is gone"),
    ]  # fmt: skip
    text = page.content.decode()
    links = (f'href="../learn/{tides.video.pk}/?t=8"', f'href="../learn/{tides.text.pk}/"', "No longer in the course")
    assert [text.count(part) for part in links] == [1, 1, 1]
    assert [note.text for note in found.context["page"]] == ["Read again"]


def test_notes_of_items_of_one_title_stay_apart(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    ContentItem.objects.filter(pk=tides.text.pk).update(title="The film")
    for item in (tides.video, tides.text):
        note_at(item, bob, f"Of {item.type}", at=None)
    client = client_of(bob)

    groups = client.get(address(tides, "notes/")).context["groups"]
    file = client.get(address(tides, "notes.md")).content.decode()

    assert ([[note.text for note in group] for group in groups], file.count("## The film")) == (
        [["Of video"], ["Of text"]], 2,
    )  # fmt: skip


def test_notes_stay_with_their_title_when_the_item_is_deleted(
    tides: Tides, bobs_place: Enrollment, bob: User, scope: Organization
) -> None:
    note = note_at(tides.text, bob, at=None)
    ContentItem.objects.filter(pk=tides.text.pk).delete()

    note.refresh_from_db()
    assert (note.item_id, note.item_title, note.text) == (None, "The words", "Look here")


def test_notes_are_taken_along(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    note_at(tides.video, bob, "=SUM(1)\nsecond line", at=3723.9)
    note_at(tides.video, bob, "", at=8)
    note_at(tides.text, bob, "Umlaut ä", at=None)
    client, lesson = client_of(bob), f"http://testserver{address(tides, f'learn/{tides.video.pk}/')}"

    markdown, table, told = (client.get(address(tides, f"notes.{ending}")) for ending in ("md", "csv", "json"))

    assert markdown.content.decode() == (
        "# Notes: Tides and currents\n\n## The film\n\n"
        f"- [0:00:08]({lesson}?t=8) Bookmark\n- [1:02:03]({lesson}?t=3723) =SUM(1)\n  second line\n\n"
        f"## The words\n\n- [Open](http://testserver{address(tides, f'learn/{tides.text.pk}/')}) Umlaut ä\n"
    )
    rows = list(csv.reader(StringIO(table.content.decode())))
    assert [row[:5] for row in rows][:3] == [
        ["item", "time", "seconds", "text", "link"],
        ["The film", "0:00:08", "8", "", f"{lesson}?t=8"],
        ["The film", "1:02:03", "3723.9", "'=SUM(1)\nsecond line", f"{lesson}?t=3723"],
    ]
    assert [(one["time"], one["seconds"], one["text"]) for one in json.loads(told.content)["notes"]] == [
        ("0:00:08", 8.0, ""), ("1:02:03", 3723.9, "=SUM(1)\nsecond line"), (None, None, "Umlaut ä"),
    ]  # fmt: skip
    names = [answer["Content-Disposition"].partition("filename=")[2] for answer in (markdown, table, told)]
    assert names == [f'"notes-tides-and-currents.{ending}"' for ending in ("md", "csv", "json")]
    assert client.get(address(tides, "notes.exe")).status_code == 404


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_spreadsheet_takes_a_text_for_a_formula(sign: str) -> None:
    cells = next(csv.reader(StringIO(b"".join(list(csv_lines(["a"], [[f"{sign}1"]]))[1:]).decode(), newline="")))

    assert cells == [f"'{sign}1"]


def test_integrators_write_and_read_their_own(
    tides: Tides, foreign_tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    client, notes = client_of(bob), f"/api/v1/harbor/courses/{tides.course.pk}/notes/"
    send: dict[str, Any] = {"content_type": "application/json"}

    made = client.post(notes, {"item": str(tides.video.pk), "at": 12.5, "text": "Look"}, **send)
    one = f"/api/v1/harbor/notes/{made.json()['id']}/"
    changed = client.patch(one, {"text": "Looked"}, **send).json()
    with django_assert_num_queries(6):
        listed = client.get(notes, {"q": "look"}).json()

    assert (made.status_code, made.json()["item_title"], made.json()["at"]) == (201, "The film", 12.5)
    assert (changed["text"], [note["text"] for note in listed["results"]]) == ("Looked", ["Looked"])
    refused = client.patch(one, {"text": "x" * 10_001}, **send)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_note")
    foreign = client.post(notes, {"item": str(foreign_tides.video.pk), "text": "x"}, **send)
    assert (foreign.status_code, client.delete(one).status_code, client.get(one).status_code) == (404, 204, 404)


def test_whoever_does_not_take_the_course_writes_no_note(
    tides: Tides, bob: User, charlie: User, client_of: ClientOf, organization: Organization
) -> None:
    panel = address(tides, f"learn/{tides.video.pk}/notes/")

    answers = [client_of(person).post(panel, {"text": "x"}).status_code for person in (bob, charlie)]

    with organization_scope(organization):
        assert (answers, Note.objects.count()) == ([404, 404], 0)
