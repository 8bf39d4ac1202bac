"""The pages, the stream and the API: doors to one way of asking."""

import json

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from core.holdings import all_holdings
from knowledge.asking import limits
from knowledge.models import Answer, Conversation
from media_library.demo.talks import TIDES
from media_library.models import WatchSession

LIBRARY, API = "/harbor/ask/", "/api/v1/harbor/ask/"
BULGES = "What raises two bulges in the ocean?"


def streamed(response):
    """The events of a stream: name and data."""
    blocks = b"".join(response.streaming_content).decode().strip().split("\n\n")
    told = [block.split("\n", 1) for block in blocks if not block.startswith(":")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in told]


def as_stream(client, address, **body):
    return client.post(address, {"question": BULGES, **body}, headers={"Accept": "text/event-stream"})


def test_an_answer_is_streamed_sentence_by_sentence(talks, lesson, bob, client_of, says):
    says('It makes "two bulges" [1][9]. <script>alert(1)</script> [1]. It is the moon [1].')
    address = f"/harbor/courses/sea/learn/{lesson.pk}/ask/"

    response = as_stream(client_of(bob), address)
    events = streamed(response)

    answer = Answer.objects.get()
    link = (
        f'<a class="cite" href="/harbor/courses/sea/learn/{lesson.pk}/?t=20.5&amp;ref=chat_reference" data-seek="20.5"'
    )
    assert (response.status_code, response["Content-Type"]) == (200, "text/event-stream")
    assert [name for name, _ in events] == ["begun", "sentence", "sentence", "end"]
    assert events[0][1] == {"answer": str(answer.pk), "conversation": str(answer.conversation_id)}
    assert events[1][1]["html"].startswith(f"It makes &quot;two bulges&quot;{link}")
    assert link in events[3][1]["html"]
    assert "The answer was made from this passage" in events[3][1]["html"]
    assert limits.SLOTS._value == limits.SLOTS._initial_value


def test_a_stream_that_nobody_reads_is_closed_cleanly(talks, bob, client_of, says):
    says("It is the moon [1]. And the sun [1]. And more [1].")

    response = as_stream(client_of(bob), LIBRARY)
    next(response.streaming_content)
    for close in response._resource_closers:  # what a server calls, without the end of the test's own connection
        close()

    assert Answer.objects.values_list("state", "problem").get() == ("broken", "left")
    assert limits.SLOTS._value == limits.SLOTS._initial_value


def test_too_many_at_once_are_told_to_wait(talks, bob, client_of, monkeypatch):
    monkeypatch.setattr(limits, "SLOTS", limits.BoundedSemaphore(1))
    open_one = as_stream(client_of(bob), LIBRARY)

    refused = as_stream(client_of(bob), LIBRARY)
    page = client_of(bob).post(LIBRARY, {"question": BULGES})
    open_one._resource_closers[0]()

    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "too_many_asking")
    assertContains(page, "Many people ask right now.", status_code=503)
    assertContains(page, BULGES, status_code=503)


def test_without_scripts_one_waits_and_gets_the_page(talks, bob, client_of):
    page = client_of(bob).post(LIBRARY, {"question": BULGES}, follow=True)

    answer = Answer.objects.get()
    assert page.redirect_chain == [(f"/harbor/ask/{answer.conversation_id}/#answer-{answer.pk}", 302)]
    assertContains(page, "Quoted from the material")
    assertContains(page, "No language model is set up here")
    assertContains(page, f'<a href="/harbor/media/{talks[TIDES].pk}/?t=20.5&amp;ref=chat_reference">')


def test_one_asks_on_and_lists_and_deletes(talks, bob, client_of, says):
    says("It is the moon [1].")
    client = client_of(bob)
    client.post(LIBRARY, {"question": BULGES})
    page = f"/harbor/ask/{Conversation.objects.get().pk}/"

    again = client.post(page, {"question": "And why does it?"}, follow=True)
    listed = client.get(LIBRARY)
    client.post(f"{page}delete/")

    assertContains(again, "And why does it?")
    assertContains(again, "A machine writes the answers")
    assertContains(again, "Written by small-model")
    assertContains(listed, f'<a href="{page}">{BULGES}</a>')
    assert Answer.objects.count() == 0


def test_the_panel_goes_on_with_the_last_conversation(talks, lesson, bob, client_of):
    client, address = client_of(bob), f"/harbor/courses/sea/learn/{lesson.pk}/ask/"
    client.post(address, {"question": BULGES})
    conversation = Conversation.objects.get()

    panel = client.get(address, headers={"X-Requested-With": "fetch"})
    client.post(address, {"question": "And the sun?", "conversation": conversation.pk})
    lesson_page = client.get(f"/harbor/courses/sea/learn/{lesson.pk}/")

    assertContains(panel, f'<input type="hidden" name="conversation" value="{conversation.pk}">')
    assertContains(panel, 'data-seek="20.5"')
    assertNotContains(panel, "<html")
    assert conversation.answers.count() == 2
    assertContains(lesson_page, '<div data-fragment="ask/" data-fragment-once><a href="ask/">Ask</a></div>')


def test_media_outside_of_a_course_is_asked_on_its_own_page(talks, bob, client_of, says):
    says("It is the moon [1].")
    client, address = client_of(bob), f"/harbor/media/{talks[TIDES].pk}/ask/"

    events = streamed(as_stream(client, address))
    panel = client.get(address, headers={"X-Requested-With": "fetch"})
    watched = client.get(f"/harbor/media/{talks[TIDES].pk}/")

    assert Conversation.objects.values_list("reach", "course", "media", "about").get() == (
        "lesson", None, talks[TIDES].pk, TIDES.title
    )  # fmt: skip
    assert [name for name, _ in events] == ["begun", "sentence", "end"]
    link = f"/harbor/media/{talks[TIDES].pk}/?t=35.5&amp;ref=chat_reference"
    assertContains(panel, f'<a class="cite" href="{link}" data-seek="35.5"')
    assertContains(watched, '<div data-fragment="ask/" data-fragment-once><a href="ask/">Ask</a></div>')


def test_a_visit_that_a_citation_led_to_says_so(talks, lesson, bob, client_of):
    page = client_of(bob).get(f"/harbor/courses/sea/learn/{lesson.pk}/?t=20.5&ref=chat_reference")

    assertContains(page, 'data-referrer="chat_reference"')
    assert "chat_reference" in dict(WatchSession._meta.get_field("referrer").choices)


def test_thumbs_are_kept_and_taken_back(talks, bob, client_of):
    client = client_of(bob)
    client.post(LIBRARY, {"question": BULGES})
    answer = Answer.objects.get()
    address = f"/harbor/ask/answers/{answer.pk}/thumb/"

    up = client.post(address, {"thumb": "up"}, headers={"X-Requested-With": "fetch"})
    page = client.get(f"/harbor/ask/{answer.conversation_id}/")
    back = client.post(address, {"thumb": ""}, headers={"X-Requested-With": "fetch"})
    wrong = client.post(address, {"thumb": "sideways"})

    assert (up.json(), back.json(), wrong.status_code) == ({"thumb": "up"}, {"thumb": ""}, 400)
    assertContains(page, 'data-thumb="up" aria-pressed="true"')


def test_nobody_else_meets_a_conversation(talks, bob, alice, charlie, client_of):
    client_of(bob).post(LIBRARY, {"question": BULGES})
    answer = Answer.objects.get()
    pages = [f"/harbor/ask/{answer.conversation_id}/", f"/api/v1/harbor/conversations/{answer.conversation_id}/"]
    posts = [
        (f"/harbor/ask/{answer.conversation_id}/delete/", {}),
        (f"/harbor/ask/answers/{answer.pk}/thumb/", {"thumb": "up"}),
        (f"/api/v1/harbor/ask/answers/{answer.pk}/thumb/", {"thumb": "up"}),
        (LIBRARY, {"question": "And?", "conversation": answer.conversation_id}),
        (API, {"question": "And?", "conversation": answer.conversation_id}),
    ]

    for other in (alice, charlie):
        client = client_of(other)
        assert [client.get(page).status_code for page in pages] == [404, 404]
        assert [client.post(address, body).status_code for address, body in posts] == [404] * len(posts)
    assert (Conversation.objects.count(), Answer.objects.get().thumb) == (1, "")


def test_a_locked_or_foreign_place_cannot_be_asked_about(talks, lesson, charlie, alice, bob, client_of):
    item, course = str(lesson.pk), str(lesson.chapter.course_id)
    lesson.chapter.course.enrollments.update(is_active=False)

    answers = [client_of(bob).post(API, {"question": "x", **about}).status_code for about in ({"item": item},)]

    assert answers == [404]
    for about in ({"item": item}, {"course": course}, {"media": str(talks[TIDES].pk)}):
        foreign = client_of(charlie).post("/api/v1/summit/ask/", {"question": "x", **about})
        assert foreign.status_code == 404


def test_the_api_answers_with_citations(talks, lesson, bob, client_of, says):
    says('It makes "two bulges" [1].')

    answer = client_of(bob).post(API, {"question": BULGES, "item": str(lesson.pk)}, content_type="application/json")
    conversations = client_of(bob).get("/api/v1/harbor/conversations/").json()
    conversation = client_of(bob).get(f"/api/v1/harbor/conversations/{answer.json()['conversation']}/").json()

    body = answer.json()
    assert (answer.status_code, body["text"], body["state"]) == (201, 'It makes "two bulges" [1].', "answered")
    assert body["citations"] == [
        {
            "number": 1, "title": TIDES.title, "quote": body["citations"][0]["quote"], "speaker": "Mara",
            "media": str(talks[TIDES].pk), "start": 20.5,
            "url": f"/harbor/courses/sea/learn/{lesson.pk}/?t=20.5&ref=chat_reference",
        }
    ]  # fmt: skip
    assert [one["title"] for one in conversations["results"]] == [BULGES]
    assert conversation["answers"] == [body]


def test_the_api_streams_too_and_is_throttled(talks, bob, client_of, says):
    says("It is the moon [1].")
    client = client_of(bob)

    events = streamed(as_stream(client, API))
    statuses = [client.post(API, {"question": ""}).status_code for _ in range(20)]

    assert [name for name, _ in events] == ["begun", "sentence", "end"]
    assert events[2][1]["text"] == "It is the moon [1]."
    assert statuses == [400] * 19 + [429]


def test_what_was_asked_is_given_out_and_erased(talks, bob, client_of, person_of):
    client_of(bob).post(LIBRARY, {"question": BULGES})
    (conversations,) = [one for one in all_holdings() if one.name == "conversations"]

    given = list(conversations.export(person_of(bob)))
    conversations.erase(person_of(bob))

    assert [(one["question"], one["state"]) for one in given] == [(BULGES, "answered")]
    assert (Conversation.objects.count(), User.objects.filter(pk=bob.pk).count()) == (0, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_statements_whatever_they_show(rows, talks, bob, client_of, django_assert_num_queries):
    client = client_of(bob)
    for _ in range(rows):
        client.post(LIBRARY, {"question": BULGES})
    page = f"/harbor/ask/{Conversation.objects.first().pk}/"
    for _ in range(rows - 1):
        client.post(page, {"question": BULGES})

    with django_assert_num_queries(5):
        client.get(LIBRARY)
    with django_assert_num_queries(11):
        client.get(page)
