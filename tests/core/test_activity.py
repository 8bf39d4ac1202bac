"""The back office writes down what is done in it, and shows it to those whom it concerns."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import Role
from core.audit import record
from core.models import AuditEntry
from core.tenancy import organization_scope
from courses.models import Course
from tests.conftest import member

QUIZ = {
    "pass_mark": "60", "review": "each", "grade_method": "highest", "questions-TOTAL_FORMS": "0",
    "questions-INITIAL_FORMS": "0",
}  # fmt: skip


@pytest.fixture
def foreign_act(charlie, other_organization):
    with organization_scope(other_organization):
        return record("added", by=charlie, row=Course.objects.create(title="Secret summit", slug="secret"))


def recorded():
    return list(
        AuditEntry.objects.order_by("id").values_list("actor__name", "action", "model", "object_name", "detail")
    )


def add_quiz(client, title="Waves"):
    client.post("/admin/courses/quiz/add/", {**QUIZ, "title": title})


def test_adding_changing_and_deleting_is_recorded_in_words(alice, scope, client_of):
    client = client_of(alice)
    add_quiz(client)
    page = "/admin/courses/quiz/" + AuditEntry.objects.get().object_id

    client.post(f"{page}/change/", {**QUIZ, "title": "Tides"})
    client.post(f"{page}/delete/", {"post": "yes"})

    assert recorded() == [
        ("Alice", "added", "courses.Quiz", "Waves", ""),
        ("Alice", "changed", "courses.Quiz", "Tides", "Changed Title."),
        ("Alice", "deleted", "courses.Quiz", "Tides", ""),
    ]
    assert LogEntry.objects.count() == 0


def test_history_of_a_row_shows_its_entries(alice, scope, client_of):
    client = client_of(alice)
    add_quiz(client, "Waves")
    add_quiz(client, "Tides")
    waves = AuditEntry.objects.get(object_name="Waves")

    page = client.get(f"/admin/courses/quiz/{waves.object_id}/history/")

    assert list(page.context["entries"]) == [waves]
    assert "Alice" in page.content.decode()


def test_history_of_a_row_that_is_not_here_is_not_found(alice, scope, foreign_act, client_of):
    client = client_of(alice)

    assert client.get(f"/admin/courses/course/{foreign_act.object_id}/history/").status_code == 404


def test_recent_actions_are_those_of_this_organization(alice, scope, foreign_act, client_of):
    client = client_of(alice)
    add_quiz(client)

    page = client.get("/admin/")

    assert [entry.object_name for entry in page.context["recent"]] == ["Waves"]
    assert "Secret summit" not in page.content.decode()


def test_creator_sees_recent_actions_about_content_only(alice, scope, organization, client_of):
    creator = member("carol@harbor.test", organization, Role.CREATOR)
    record("role_changed", by=alice, row=creator.memberships.get(), detail="learner → creator")
    client = client_of(creator)
    add_quiz(client)

    assert [entry.action for entry in client.get("/admin/").context["recent"]] == ["added"]
    assert [entry.action for entry in client_of(alice).get("/admin/").context["recent"]] == ["added", "role_changed"]


def test_activity_is_for_owners(alice, scope, organization, client_of):
    creator = member("carol@harbor.test", organization, Role.CREATOR)

    assert client_of(alice).get("/admin/core/auditentry/").status_code == 200
    assert client_of(creator).get("/admin/core/auditentry/").status_code == 403
    assert b"/admin/core/auditentry/" not in client_of(creator).get("/admin/").content


@pytest.mark.parametrize(("query", "shown"), [("", 2), ("action=changed", 1), ("as_platform__exact=1", 0)])
def test_activity_is_filtered(query, shown, alice, scope, foreign_act, client_of):
    record("added", by=alice)
    record("changed", by=alice, detail="Changed Title.")

    page = client_of(alice).get(f"/admin/core/auditentry/?{query}")

    assert page.context["cl"].result_count == shown


def test_filter_by_person_offers_only_those_who_acted_here(alice, scope, foreign_act, client_of):
    record("added", by=alice)
    record("changed", by=None)

    page = client_of(alice).get(f"/admin/core/auditentry/?actor__id__exact={alice.pk}")

    assert [entry.action for entry in page.context["cl"].result_list] == ["added"]
    assert "Charlie" not in page.content.decode()


@pytest.mark.parametrize(("path", "words"), [("core/auditentry", "activity"), ("accounts/apitoken", "API tokens")])
def test_lists_are_called_what_the_side_bar_calls_them(path, words, alice, client_of):
    page = client_of(alice).get(f"/admin/{path}/")

    assert page.context["cl"].opts.verbose_name_plural == words


def test_nobody_changes_an_entry(alice, scope, client_of):
    entry = record("added", by=alice)
    client = client_of(alice)

    assert client.get(f"/admin/core/auditentry/{entry.pk}/change/").status_code == 200
    assert client.post(f"/admin/core/auditentry/{entry.pk}/change/", {"action": "x"}).status_code == 403
    assert client.post(f"/admin/core/auditentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert recorded() == [("Alice", "added", "", "", "")]


@pytest.mark.parametrize("count", [1, 3])
def test_activity_costs_the_same_for_any_number(count, alice, scope, client_of, django_assert_num_queries):
    for _ in range(count):
        record("added", by=alice)
    client = client_of(alice)

    with django_assert_num_queries(9):  # session, person, organization, staff, people, count, switcher, page, actions
        client.get("/admin/core/auditentry/")
