"""What the ledger says of drafts, labels and answers: what they were for, in words, on every door."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from analytics.reports.creator import creator_report
from analytics.reports.periods import Period
from core.models import AiCall, CallState
from core.tenancy import organization_scope
from courses.services.authoring import create_course
from knowledge.models import Answer, Conversation, CourseDraft, Draft
from media_library.services.words_report import words_report
from tests.conftest import member
from tests.knowledge.course_drafts import add_films

GIVEN = {"provider": "p", "model": "m", "unit": "written", "quantity": 1, "price": 1, "state": CallState.PAID}


@pytest.fixture
def paid(scope, alice, bob):
    """A draft, a label, an outline and an answer about alice's media and course; and one of nothing that is left."""
    (film,) = add_films(1)
    film.creator = alice
    film.save()
    course = create_course(title="Sea", by=alice)
    asked = Conversation.objects.create(user=bob, reach="course", course=course, title="Secret?", about="Sea")
    rows = [
        ("draft", Draft.objects.create(media=film, kind="quiz"), "5"),
        ("label", film, "4"),
        ("draft", CourseDraft.objects.create(course=course, by=alice), "3"),
        ("answer", Answer.objects.create(conversation=asked, question="Secret?"), "2"),
        ("draft", Draft(media=film), "1"),
    ]
    for purpose, row, cost in rows:
        AiCall.objects.create(purpose=purpose, subject_id=row.pk, cost=cost, user=bob, **GIVEN)
    return [row.pk for _purpose, row, _cost in rows]


NAMED = [
    ("Quiz: Film 1", "Drafts of notes, quizzes, chapters and courses", "5.000000"),
    ("Film 1", "Labels", "4.000000"),
    ("Outline: Sea", "Drafts of notes, quizzes, chapters and courses", "3.000000"),
    ("Sea", "Answers", "2.000000"),
    ("Deleted since", "Drafts of notes, quizzes, chapters and courses", "1.000000"),
]


def told(subjects):
    return [(one["name"], one["words"], one["cost"]) for one in subjects]


def test_every_door_names_what_was_paid_for(paid, scope, alice, client_of):
    client = client_of(alice)

    costs = client.get(f"/api/v1/{scope.slug}/costs/").json()
    dashboard = client.get(reverse("api_dashboard", args=[scope.slug])).json()
    page = client.get(reverse("back_office_words")).content.decode()
    file = client.get(reverse("back_office_words_file"))

    assert (told(costs["subjects"]), told(dashboard["ai_subjects"])) == (NAMED, NAMED)
    assert [one["words"] for one in costs["costs"]] == [NAMED[0][1], "Labels", "Answers"]
    assert [page.count(f">{name}<") for name, _words, _cost in NAMED] == [2, 2, 2, 1, 1]
    assert (page.count("Secret?"), page.count(f"/admin/knowledge/draft/{paid[0]}/change/")) == (0, 2)
    rows = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode())))
    assert sorted(row["subject"] for row in rows) == ["", "Film 1", "Outline: Sea", "Quiz: Film 1", "Sea"]


def test_a_creators_report_holds_what_was_drafted_and_asked_of_theirs(paid, scope, alice, other_organization):
    carla = member("carla@harbor.test", scope, "creator")
    period = Period(date(2026, 1, 1), date(2027, 12, 31))

    own = creator_report(scope, period, by=alice, creator=alice)
    hers = creator_report(scope, period, by=alice, creator=carla)

    assert [one.name for one in own.ai_subjects] == [name for name, _words, _cost in NAMED[:4]]
    assert (own.totals.ai_cost, hers.totals.ai_cost, hers.ai_subjects) == (Decimal(14), Decimal(0), [])
    with organization_scope(other_organization):
        assert words_report().subjects == []
