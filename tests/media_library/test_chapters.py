"""Chapters of a media item: written by hand, by programs and out of drafts, shown wherever it plays."""

import json

import pytest
from django.urls import reverse

from core.errors import Refused
from core.models import Job
from core.tenancy import organization_scope
from courses.services.authoring import add_chapter, add_item, create_course
from knowledge.drafting.reviewing import accept_draft
from knowledge.models import Draft, DraftKind, DraftState
from knowledge.services.indexing import index_media
from media_library.captions import TimedText
from media_library.chapter_marks import Mark, marks_in
from media_library.models import Podcast
from media_library.podcasts.episodes import episode_of
from media_library.services.chapters import save_chapters
from media_library.services.publishing import publish_media
from media_library.services.transcripts import publish_transcript
from tests.media_library.shows import make_show, make_talk

pytestmark = pytest.mark.django_db
LINES = "0:00 The Moon\r\n1:05 The Sun"
MARKS = [Mark(0.0, "The Moon"), Mark(65.0, "The Sun")]


@pytest.fixture
def talk(scope, alice):
    media = make_talk()
    publish_media(media, by=alice)
    return media


def kept(media):
    media.refresh_from_db()
    return marks_in(media.chapters)


def test_chapters_are_kept_in_order_and_told_to_feeds_once(talk, alice):
    show = make_show(by=alice)
    episode_of(talk, show, by=alice)

    def told():
        return Podcast.objects.values_list("changed_at", flat=True).get(pk=show.pk)

    before = told()
    save_chapters(talk, [Mark(65, " The\nSun "), Mark(0, "The Moon")], by=alice)
    changed = told()
    save_chapters(talk, LINES, by=alice)

    assert (kept(talk), before < changed, told()) == (MARKS, True, changed)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("High tide", "unreadable_marks"),
        ([Mark(1, " ")], "unreadable_marks"),
        ([Mark(one / 10, "One") for one in range(201)], "too_many"),
        ("2:00 Behind", "behind_the_end"),
    ],
)
def test_chapters_that_cannot_be_are_refused(talk, alice, told, code):
    with pytest.raises(Refused) as refusal:
        save_chapters(talk, told, by=alice)

    assert (refusal.value.code, [*refusal.value.fields], kept(talk)) == (code, ["chapters"], [])


def test_chapters_are_typed_in_the_back_office(talk, alice, client_of):
    page = reverse("admin:media_library_media_change", args=[talk.pk])
    body = {"title": "Tides", "credits-TOTAL_FORMS": "0", "credits-INITIAL_FORMS": "0"}
    with organization_scope(None):
        client = client_of(alice)
        refused = client.post(page, {**body, "marks": "9:00 Behind\nnothing"})
        behind = client.post(page, {**body, "marks": "9:00 Behind"})
        client.post(page, {**body, "marks": LINES})
        shown = client.get(page).context["adminform"].form.initial["marks"]

    assert [answer.status_code for answer in (refused, behind)] == [200, 200]
    assert "Line 2: write when it begins" in refused.content.decode()
    assert "would begin when everything is over" in behind.content.decode()
    assert (kept(talk), shown) == (MARKS, "0:00 The Moon\n1:05 The Sun")
    save_chapters(talk, [Mark(0.5, "Half")], by=alice)
    client.post(page, {**body, "marks": "0:00 Half"})
    assert kept(talk) == [Mark(0.5, "Half")]


def test_chapters_are_sent_and_read_by_programs(talk, alice, client_of):
    address = f"/api/v1/harbor/media/{talk.pk}/"
    with organization_scope(None):
        client = client_of(alice)

        def patch(body):
            return client.patch(address, json.dumps(body), content_type="application/json").json()

        sent = patch({"chapters": [{"at": 65, "title": "The Sun"}, {"at": 0, "title": "The Moon"}]})
        untouched = patch({"title": "Ebb"})
        refused = patch({"chapters": [{"at": 500, "title": "Behind"}]})
        emptied = patch({"chapters": []})

    told = [mark._asdict() for mark in MARKS]
    assert (sent["chapters"], untouched["chapters"], emptied["chapters"]) == (told, told, [])
    assert refused["error"]["code"] == "behind_the_end"


def test_chapters_are_shown_on_its_page_and_in_lessons_without_their_own(talk, alice, bob, client_of):
    save_chapters(talk, LINES, by=alice)
    with organization_scope(None):
        page = client_of(bob).get(reverse("media_library:watch", args=["harbor", talk.pk])).content.decode()
    seas = create_course(title="Seas", by=alice)
    own = {"chapters": [{"at": 3, "title": "Own"}]}
    first, second = (add_chapter(seas, title=title, by=alice) for title in ("First", "Second"))
    told = {"type": "video", "title": "Tides", "media": talk, "by": alice}
    lessons = [add_item(first, **told), add_item(second, **told, metadata=own)]
    with organization_scope(None):
        marks = [
            client_of(alice).get(reverse("courses:lesson", args=["harbor", seas.slug, one.pk])).context["marks"]
            for one in lessons
        ]

    assert ('data-seek="65"' in page, "The Moon" in page) == (True, True)
    assert marks == [MARKS, [Mark(3, "Own")]]


def test_accepted_draft_gives_media_of_no_course_its_chapters(talk, alice):
    told = {"chapters": [{"title": "The Moon", "at": 0}, {"title": "The Sun", "at": 65}]}
    draft = Draft.objects.create(media=talk, kind=DraftKind.CHAPTERS, state=DraftState.READY, content=told)

    accept_draft(draft, by=alice)

    assert (draft.state == DraftState.READY, kept(talk)) == (True, MARKS)
    assert Draft.objects.get().state == DraftState.ACCEPTED


def test_passages_say_in_which_chapter_they_stand(talk, alice):
    cues = [TimedText(at, at + 5, f"Words number {at}.", "Ada") for at in range(0, 110, 5)]
    publish_transcript(talk, cues, method="manual", language="en")
    talk.refresh_from_db()
    Job.objects.filter(kind="index_media").delete()

    save_chapters(talk, LINES, by=alice)
    index_media(talk.pk)

    assert Job.objects.filter(kind="index_media", subject_id=talk.pk).count() == 1
    headings = talk.passages.order_by("start").values_list("heading", flat=True)
    assert headings[0] == "The Moon"
