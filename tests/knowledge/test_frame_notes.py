"""What is noted on a frame is found by makers, at the second of its film, and by nobody else."""

import pytest

from core.errors import Refused
from core.tenancy import organization_scope
from knowledge.models import FrameNote
from knowledge.services.frame_notes import notes_on_frames
from knowledge.visible import Filters
from media_library.captions import TimedText
from media_library.frames.annotating import Region, annotate_frame
from media_library.frames.deleting import delete_frames
from media_library.models.transcript import Method
from media_library.services.transcripts import publish_transcript
from tests.knowledge.conftest import add_media
from tests.media_library.framed import batch, frames

SEARCH = "/api/v1/harbor/search/"


@pytest.fixture
def talk(scope):
    return add_media("Harbor tour", [TimedText(0, 4, "Welcome to the harbor.")])


@pytest.fixture
def gauge(talk, alice):
    """The second frame of two, with a note."""
    frame = frames(2, of=batch(), media=talk, every=65.5)[1]
    annotate_frame(frame, annotation="The gauges of the old pier, A < B.", region=None, by=alice)
    return frame


def found(user, organization, query="gauge", **filters):
    notes = notes_on_frames(query, user=user, organization=organization, filters=Filters(**filters))
    return [(note.frame.pk, note.sentence) for note in notes]


def test_note_is_found_by_its_words_and_shown_with_its_frame(gauge, scope, alice, client_of):
    sentence = "The <mark>gauges</mark> of the old pier, A &lt; B."

    page = client_of(alice).get("/harbor/search/?q=gauge").content.decode()
    answer = client_of(alice).get(f"{SEARCH}?q=gauge").json()

    assert found(alice, scope) == [(gauge.pk, sentence)]
    assert f'href="/harbor/media/{gauge.media_id}/?t=65&amp;ref=search">{sentence}</a>' in page
    assert (f'src="/harbor/frames/{gauge.pk}/small.jpg"' in page, "Note on a picture" in page) == (True, True)
    assert "Nobody says that here" not in page
    (note,) = answer["notes"]
    assert (note["frame"], note["start"], note["html"], note["url"]) == (
        str(gauge.pk), 65.5, sentence, f"/harbor/media/{gauge.media_id}/?t=65&ref=search",
    )  # fmt: skip


def test_note_is_found_by_what_must_have_been_meant(talk, gauge, work_off, alice, client_of):
    annotate_frame(gauge, annotation="Harbor at low tide.", region=None, by=alice)
    work_off()

    answer = client_of(alice).get(f"{SEARCH}?q=harbro").json()
    page = client_of(alice).get("/harbor/search/?q=harbro").content.decode()

    assert (answer["corrected"], [note["text"] for note in answer["notes"]]) == ("harbor", ["Harbor at low tide."])
    assert "<mark>Harbor</mark> at low tide." in page


def test_note_is_for_makers_of_its_organization(gauge, scope, bob, charlie, other_organization, client_of):
    assert found(bob, scope) == []
    with organization_scope(other_organization):
        assert found(charlie, other_organization) == []
    assert client_of(bob).get(f"{SEARCH}?q=gauge").json()["notes"] == []
    assert "pier" not in client_of(bob).get("/harbor/search/?q=gauge").content.decode()


def test_note_is_found_as_it_stands_now(gauge, scope, alice):
    annotate_frame(gauge, annotation="A crane", region=None, by=alice)
    assert (found(alice, scope), [key for key, _ in found(alice, scope, "crane")]) == ([], [gauge.pk])

    annotate_frame(gauge, annotation="", region=Region(0, 0, 1, 1), by=alice)
    assert (found(alice, scope, "crane"), FrameNote.objects.count()) == ([], 0)

    annotate_frame(gauge, annotation="A crane", region=None, by=alice)
    delete_frames([gauge.pk], by=alice)
    assert (found(alice, scope, "crane"), FrameNote.objects.count()) == ([], 0)


def test_note_goes_with_its_film(gauge, talk):
    talk.delete()

    assert FrameNote.objects.count() == 0


def test_note_is_read_in_the_language_of_its_film(gauge, talk, scope, alice):
    publish_transcript(talk, [TimedText(0, 4, "Willkommen.")], language="de", method=Method.SIDECAR)

    assert FrameNote.objects.values_list("search_config", flat=True).get() == "german"


@pytest.mark.parametrize(
    ("query", "finds"),
    [('"old pier"', 1), ('"pier old"', 0), ("pier -gauge", 0), ("pier lighthouse", 1), ("", 0), ("the", 0)],
)
def test_phrases_and_exclusions_bind(gauge, scope, alice, query, finds):
    assert len(found(alice, scope, query)) == finds


def test_filters_narrow_notes_too(gauge, talk, scope, alice):
    asked = [{"media": talk.pk}, {"language": "en"}, {"language": "de"}, {"speaker": "Mara"}, {"course": "none"}]

    assert [len(found(alice, scope, **filters)) for filters in asked] == [1, 1, 0, 0, 0]
    with pytest.raises(Refused):
        found(alice, scope, "x" * 400)


def test_notes_cost_three_statements_however_many_there_are(gauge, talk, scope, alice, django_assert_num_queries):
    assert len(found(alice, scope)) == 1  # and who alice is here is known
    with django_assert_num_queries(3):
        assert len(found(alice, scope)) == 1
    for frame in frames(20, of=batch("Waves", position=2), media=talk):
        annotate_frame(frame, annotation="A gauge", region=None, by=alice)

    with django_assert_num_queries(3):
        assert len(found(alice, scope)) == 6
    with django_assert_num_queries(1):
        assert found(alice, scope, "lighthouse") == []
