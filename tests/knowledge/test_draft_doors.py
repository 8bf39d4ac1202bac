"""Drafts in the back office, over the API and from the command line."""

from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from pytest_httpserver import HTTPServer

from courses.services.authoring import add_chapter, add_item, create_course
from knowledge.models import Draft, DraftState
from media_library.chapter_marks import chapter_marks
from media_library.demo.talks import TIDES
from tests.core.writer_provider import serve
from tests.knowledge.conftest import add_media, cues_of
from tests.knowledge.test_draft_review import CHAPTERS, NOTES, QUIZ, ready

LIST = "/admin/knowledge/draft/"


@pytest.fixture
def model(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.WRITER_BASE_URL, settings.DRAFT_MODEL = httpserver.url_for("/v1"), "writes-drafts"
    return httpserver


@pytest.fixture
def talk(scope):
    return add_media(TIDES.title, cues_of(TIDES))


@pytest.fixture
def lesson(talk, alice):
    chapter = add_chapter(create_course(title="Seas", by=alice), title="Tides", by=alice)
    return add_item(chapter, type="video", title=talk.title, media=talk, by=alice)


def api(draft, *rest):
    return "/".join(["/api/v1/harbor/drafts", str(draft.pk), *rest, ""])


def page_of(draft):
    return f"{LIST}{draft.pk}/change/"


def as_typed(page):
    """The fields of a page's form, as a browser sends them."""
    forms = [page.context["place"], *(part.form for part in page.context["parts"])]
    return {bound.html_name: bound.value() or "" for form in forms for bound in form}


def test_a_draft_is_asked_for_over_the_api_and_read_when_it_is_there(model, talk, alice, client_of, work_off):
    serve(model, lambda messages: {"chapters": [{"title": "Tides", "first_cue": 1}]})
    client = client_of(alice)

    asked = client.post(f"/api/v1/harbor/media/{talk.pk}/drafts/", {"kind": "chapters"}, "application/json")
    work_off()
    read = client.get(f"/api/v1/harbor/drafts/{asked.json()['id']}/").json()
    (listed,) = client.get(f"/api/v1/harbor/media/{talk.pk}/drafts/").json()["results"]

    assert (asked.status_code, asked.json()["state"]) == (202, "generating")
    assert (read["state"], read["content"]) == ("ready", {"chapters": [{"title": "Tides", "at": 0.0}]})
    assert (read["is_out_of_date"], read["cost"], read["made_by"]) == (False, "0", str(alice.pk))
    assert listed == {name: value for name, value in read.items() if name in listed}


def test_a_draft_is_edited_and_accepted_over_the_api_once(talk, lesson, alice, client_of):
    draft, client = ready(talk, "notes", NOTES), client_of(alice)
    content = {"sections": [{**NOTES["sections"][0], "heading": "Edited"}]}

    edited = client.patch(api(draft), {"content": content}, "application/json")
    accepted = [client.post(api(draft, "accept"), {}, "application/json").json() for _ in range(2)]
    late = client.post(api(draft, "refuse"))

    assert (edited.status_code, edited.json()["content"]) == (200, content)
    assert [one["item"] for one in accepted] == [str(Draft.objects.get().item_id)] * 2
    assert Draft.objects.get().item.text.startswith("## Edited")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "not_ready")


def test_what_does_not_fit_is_told_by_the_api(talk, alice, client_of):
    draft, client = ready(talk, "chapters", CHAPTERS), client_of(alice)

    wrong = client.patch(api(draft), {"content": {"chapters": [{"title": "A", "at": 5}]}}, "application/json")
    unknown = client.post(f"/api/v1/harbor/media/{talk.pk}/drafts/", {"kind": "poem"}, "application/json")
    nowhere = client.post(api(draft, "accept"), {"chapter": str(uuid4())}, "application/json")
    unplaced = client.post(api(ready(talk, "notes", NOTES), "accept"), {}, "application/json")
    unconfigured = client.post(f"/api/v1/harbor/media/{talk.pk}/drafts/", {"kind": "notes"}, "application/json")

    assert wrong.json()["error"]["fields"] == {"content": ["chapters: The first chapter begins at 0."]}
    assert [one.status_code for one in (wrong, unknown, nowhere, unplaced, unconfigured)] == [400, 400, 400, 409, 409]
    assert unconfigured.json()["error"]["code"] == "no_model"


def test_drafts_are_nothing_for_learners_and_nowhere_for_others(talk, bob, charlie, client_of):
    draft = ready(talk, "quiz", QUIZ)
    paths = [api(draft), f"/api/v1/harbor/media/{talk.pk}/drafts/"]
    abroad = [path.replace("harbor", "summit") for path in paths]

    assert [client_of(bob).get(path).status_code for path in paths] == [403, 403]
    assert [client_of(charlie).get(path).status_code for path in [*paths, *abroad, page_of(draft)]] == [404] * 5
    assert client_of(charlie).post(api(draft, "accept").replace("harbor", "summit")).status_code == 404


def test_the_page_shows_each_part_beside_what_it_stands_on(talk, lesson, alice, client_of):
    draft = ready(talk, "quiz", QUIZ)
    Draft.objects.update(transcript=talk.transcript)

    page = client_of(alice).get(page_of(draft))

    said = f'/harbor/media/{talk.pk}/?t=65" target="_blank"'
    assert (page.status_code, page.content.decode().count(said)) == (200, 3)
    assert page.context["place"]["chapter"].value() == lesson.chapter_id
    assert [sorted(part.form.fields) for part in page.context["parts"]] == [
        ["choices", "dropped", "explanation", "prompt"],
        ["dropped", "explanation", "is_true", "prompt"],
        ["accepted", "dropped", "explanation", "prompt"],
    ]


def test_a_person_edits_drops_and_accepts_in_one_go(talk, lesson, alice, client_of):
    draft, client = ready(talk, "quiz", QUIZ), client_of(alice)
    typed = as_typed(client.get(page_of(draft)))
    changes = {"part-0-choices": "*The Moon\nThe sun", "part-1-dropped": "on", "part-2-accepted": "twice\n2"}

    answer = client.post(page_of(draft), {**typed, **changes, "_accept": ""})

    draft.refresh_from_db()
    single, short = draft.item.quiz.questions.all()
    assert (answer.status_code, draft.state, draft.reviewed_by) == (302, DraftState.ACCEPTED, alice)
    assert [option["text"] for option in single.options] == ["The Moon", "The sun"]
    assert short.answer == {"accepted": ["twice", "2"]}


def test_what_cannot_be_asked_is_told_and_nothing_is_lost(talk, lesson, alice, client_of):
    draft, client = ready(talk, "quiz", QUIZ), client_of(alice)
    typed = as_typed(client.get(page_of(draft)))

    page = client.post(page_of(draft), {**typed, "part-0-choices": "The Moon\nThe sun", "_accept": ""})

    draft.refresh_from_db()
    assert (page.status_code, draft.state, draft.content) == (200, DraftState.READY, QUIZ)
    assert "exactly one of them right" in page.content.decode()
    assert page.context["parts"][0].form["choices"].value() == "The Moon\nThe sun"


def test_without_its_first_chapter_the_next_one_begins_at_0(talk, lesson, alice, client_of):
    draft, client = ready(talk, "chapters", CHAPTERS), client_of(alice)
    typed = as_typed(client.get(page_of(draft)))

    client.post(page_of(draft), {**typed, "part-0-dropped": "on", "part-1-title": "All of it", "_accept": ""})

    lesson.refresh_from_db()
    assert chapter_marks(lesson.metadata) == [(0.0, "All of it")]


def test_whoever_was_slower_is_told(talk, lesson, alice, client_of):
    draft, client = ready(talk, "notes", NOTES), client_of(alice)
    typed = as_typed(client.get(page_of(draft)))
    client.post(page_of(draft), {**typed, "part-0-heading": "First", "_save": ""})

    page = client.post(page_of(draft), {**typed, "part-0-heading": "Second", "_save": ""})

    assert "Somebody else changed this draft meanwhile." in page.content.decode()
    assert Draft.objects.get().content["sections"][0]["heading"] == "First"


def test_a_refused_draft_is_shown_without_its_form(talk, alice, client_of):
    draft, client = ready(talk, "notes", NOTES), client_of(alice)

    client.post(page_of(draft), {**as_typed(client.get(page_of(draft))), "_refuse": ""})

    page = client.get(page_of(draft)).content.decode()
    assert (Draft.objects.get().state, "Two bulges" in page, "_accept" in page) == (DraftState.REFUSED, True, False)


def test_buttons_of_a_media_item_say_what_is_missing_or_write(model, talk, alice, client_of, settings):
    client, page = client_of(alice), f"/admin/media_library/media/{talk.pk}/change/"
    with_model = client.get(page).content.decode()
    written = client.post(f"{LIST}write/{talk.pk}/", {"kind": "quiz"})
    settings.WRITER_BASE_URL = ""

    without = client.get(page).content.decode()
    refused = client.post(f"{LIST}write/{talk.pk}/", {"kind": "notes"}, follow=True).content.decode()

    draft = Draft.objects.get()
    assert (written.url, draft.kind, draft.made_by) == (page_of(draft), "quiz", alice)
    assert (with_model.count("drafts-missing"), without.count("No language model is configured")) == (0, 1)
    assert "No language model is configured" in refused


def test_a_draft_is_stopped_from_its_page(model, talk, alice, client_of):
    client = client_of(alice)
    client.post(f"{LIST}write/{talk.pk}/", {"kind": "quiz"})
    draft = Draft.objects.get()

    page = client.post(f"{LIST}{draft.pk}/stop/", follow=True).content.decode()

    draft.refresh_from_db()
    assert (draft.state, "This was stopped." in page, "Try again" in page) == (DraftState.FAILED, True, True)


def test_the_list_costs_the_same_however_long_it_is(talk, alice, client_of, django_assert_num_queries):
    client = client_of(alice)
    ready(talk, "notes", NOTES)
    client.get(LIST)
    with django_assert_num_queries(7):
        client.get(LIST)
    ready(talk, "quiz", QUIZ)
    ready(talk, "chapters", CHAPTERS)

    with django_assert_num_queries(7):
        page = client.get(LIST)

    assert page.content.decode().count("/change/") >= 3


def test_the_command_drafts_what_has_none(model, talk, organization, capsys):
    call_command("draft_media", "harbor", "notes")
    call_command("draft_media", "harbor", "notes")

    draft = Draft.objects.get()
    assert capsys.readouterr().out.splitlines() == [
        f"{draft.pk} {talk.title}", "1 drafts (notes) are being written.", "0 drafts (notes) are being written.",
    ]  # fmt: skip


def test_the_command_says_what_is_missing(talk, organization):
    with pytest.raises(CommandError, match="No language model is configured"):
        call_command("draft_media", "harbor", "notes")
    with pytest.raises(CommandError, match="There is no media with words here"):
        call_command("draft_media", "harbor", "notes", str(uuid4()))
