"""What those who make the content see of questions and answers: all but who asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from core.models import AiCall, CallState, Unit
from knowledge.asking.answering import ask, whole
from knowledge.asking.keeping import rate_answer
from knowledge.asking.scope import LIBRARY
from knowledge.models import Answer
from media_library.demo.talks import TIDES

LIST = "/admin/knowledge/answer/"
BULGES = "What raises two bulges in the ocean?"
STATEMENTS = 7


@pytest.fixture
def asked(talks, bob, organization, says):
    """Bob's question, answered, with his thumb."""
    says('There are "two bulges" [1].')
    answer = whole(ask(BULGES, scope=LIBRARY, user=bob, organization=organization))
    rate_answer(answer, thumb="down")
    whose = {"purpose": "answer", "subject_id": answer.pk, "price": 0, "quantity": 1, "provider": "it", "model": "x"}
    AiCall.objects.create(**whose, unit=Unit.WRITTEN, cost="0.0125", state=CallState.PAID)
    AiCall.objects.create(**whose, unit=Unit.WRITTEN, cost="7", state=CallState.FAILED)
    return answer


def test_questions_are_listed_and_read_without_a_name(asked, talks, alice, bob, client_of):
    client = client_of(alice)

    disliked = client.get(LIST, {"thumb__exact": "down"})
    liked = client.get(LIST, {"thumb__exact": "up"})
    page = client.get(f"{LIST}{asked.pk}/change/")

    for shown in (disliked, page):
        for words in (BULGES, "The whole library", "Answered", "Not helpful", "small-model", "answer/1", "$0.0125"):
            assertContains(shown, words)
        assertNotContains(shown, bob.email)
        assertNotContains(shown, str(bob.pk))
    assertNotContains(liked, BULGES)
    assertContains(page, f'href="/harbor/media/{talks[TIDES].pk}/?t=20.5&amp;ref=chat_reference"')
    assertContains(page, "There are &quot;two bulges&quot;<a")


def test_the_api_tells_the_same(asked, alice, bob, client_of):
    address = "/api/v1/harbor/answers/"

    found = client_of(alice).get(address, {"thumb": "down", "reach": "library"}).json()
    none = client_of(alice).get(address, {"state": "not_held"}).json()

    (told,) = found["results"]
    assert (found["count"], none["count"], client_of(bob).get(address).status_code) == (1, 0, 403)
    assert {name: told[name] for name in ("question", "about", "thumb", "cost", "state")} == {
        "question": BULGES, "about": "The whole library", "thumb": "down", "cost": "0.012500", "state": "answered",
    }  # fmt: skip
    assert str(bob.pk) not in str(told)


def test_nobody_finds_a_person_by_it_or_changes_it(asked, alice, bob, charlie, client_of):
    client, address = client_of(alice), f"{LIST}{asked.pk}/change/"

    answers = [
        client.get(LIST, {"conversation__user__id__exact": bob.pk}).status_code,
        client.post(address, {"text": "Else"}).status_code,
        client.post(f"{LIST}{asked.pk}/delete/", {"post": "yes"}).status_code,
        client_of(bob).get(address).status_code,
        client_of(charlie).get(address).status_code,
    ]

    assert answers == [400, 403, 403, 302, 404]
    assert Answer.objects.values_list("text", flat=True).get() == 'There are "two bulges" [1].'


@pytest.mark.parametrize("more", [0, 300])
def test_the_list_takes_as_many_statements_for_one_as_for_many(asked, alice, client_of, more):
    Answer.objects.bulk_create(Answer(conversation=asked.conversation, question=f"And {n}?") for n in range(more))
    client = client_of(alice)
    client.get(LIST)

    with CaptureQueriesContext(connection) as statements:
        client.get(LIST)

    assert len(statements) == STATEMENTS
