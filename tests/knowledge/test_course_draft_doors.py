"""The page, the API and the command by which a course is made of media."""

from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from core.tenancy import organization_scope
from courses.models import Course
from courses.services.authoring import create_course
from knowledge.models import CourseDraft
from tests.knowledge.conftest import add_media
from tests.knowledge.course_drafts import add_films, go_on_now, outline_of

API = "/api/v1/harbor/course-drafts/"
ADMIN = "/admin/knowledge/coursedraft/"
NOBODYS = "01990000-0000-7000-8000-000000000000"


def sent(client, address, body):
    return client.post(address, body, content_type="application/json")


def test_a_program_drafts_a_course_and_reads_how_it_went(scope, alice, client_of, work_off) -> None:
    films, client = add_films(2), client_of(alice)
    work_off()

    begun = sent(client, API, {"media": [str(films[1].pk), str(films[0].pk)], "title": "Sea"})
    work_off()

    told = client.get(f"{API}{begun.json()['id']}/").json()
    assert (begun.status_code, told["state"], told["step"]) == (202, "ready", "done")
    assert [entry["title"] for entry in told["entries"]] == ["Film 2", "Film 1"]
    assert [one["step"] for one in told["costs"]] == ["outline", "notes", "quiz"]
    assert outline_of(Course.objects.get()) == [("Sea", ["Film 2", "Film 1"])]
    assert client.get(API).json()["count"] == 1
    assert sent(client, f"{API}{told['id']}/retry/", {}).status_code == 409
    assert sent(client, f"{API}{told['id']}/accept/", {}).status_code == 409


def test_what_is_foreign_or_gone_is_not_found(scope, alice, other_organization, charlie, client_of, work_off) -> None:
    with organization_scope(other_organization):
        foreign = add_media("Foreign", [])
        course = create_course(title="Foreign", by=charlie)
    client, film = client_of(alice), add_films(1)[0]

    answers = [
        sent(client, API, body).status_code
        for body in (
            {"media": [str(foreign.pk)]},
            {"media": [NOBODYS]},
            {"media": [str(film.pk)], "course": str(course.pk)},
            {"media": [str(film.pk)], "playlist": NOBODYS},
            {"media": ["x"]},
            {"media": [str(film.pk)] * 61},
            {},
        )
    ]

    assert answers == [404, 404, 404, 404, 400, 400, 400]
    assert (CourseDraft.objects.count(), Course.objects.count()) == (0, 0)


def test_a_program_accepts_parts_of_a_proposal(scope, alice, client_of, work_off) -> None:
    films, client = add_films(2), client_of(alice)
    course = create_course(title="Sea", by=alice)
    work_off()

    begun = sent(client, API, {"media": [str(film.pk) for film in films], "course": str(course.pk)}).json()
    work_off()

    changes = client.get(f"{API}{begun['id']}/").json()["changes"]
    assert [(one["kind"], one["title"]) for one in changes] == [("added", "Film 1"), ("added", "Film 2")]
    answer = sent(client, f"{API}{begun['id']}/accept/", {"changes": [changes[1]["id"]]})
    assert (answer.json()["state"], outline_of(course)) == ("ready", [("New videos", ["Film 2"])])


def test_the_page_keeps_what_is_ticked_while_one_searches(scope, alice, client_of, work_off) -> None:
    films, client = add_films(3), client_of(alice)

    page = client.post(f"{ADMIN}add/", {"videos": [str(films[2].pk)], "q": "Film 1", "find": "1", "title": "Sea"})

    assert [row["media"] for row in page.context["chosen"]] == [films[2]]
    assert [row["media"] for row in page.context["found"]] == [films[0]]
    assert b'value="Sea"' in page.content
    assert CourseDraft.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_draft_is_watched_in_a_few_statements(
    count, scope, alice, client_of, work_off, django_assert_num_queries
) -> None:
    films, client = add_films(count), client_of(alice)
    listed = client.post("/admin/media_library/media/", {
        "action": "make_course", "_selected_action": [str(film.pk) for film in films],
    })  # fmt: skip
    keys = [str(film.pk) for film in films]

    begun = client.post(listed.url, {"videos": keys, "draft": "1", "title": "Sea"})

    draft = CourseDraft.objects.get()
    assert begun.url == f"{ADMIN}{draft.pk}/change/"
    client.get(begun.url)
    with django_assert_num_queries(9):
        assert b'data-live="true"' in client.get(f"{ADMIN}{draft.pk}/status/").content
    work_off()
    go_on_now(work_off)
    page = client.get(begun.url)
    assert (b"Open the course" in page.content, b'data-live="true"' in page.content) == (True, False)
    assert outline_of(draft.course) == [("Sea", [film.title for film in films])]


def test_a_proposal_is_accepted_on_its_page(scope, alice, client_of, work_off) -> None:
    films, client = add_films(2), client_of(alice)
    course = create_course(title="Sea", by=alice)
    work_off()
    keys = [str(film.pk) for film in films]
    page = client.post(f"{ADMIN}add/", {"videos": keys, "course": str(course.pk), "draft": "1"}).url
    work_off()

    shown = client.get(page)
    client.post(page.replace("change", "accept"), {"changes": [shown.context["changes"][0].id]})

    assert outline_of(course) == [("New videos", ["Film 1"])]


def test_learners_and_strangers_find_no_door(scope, alice, bob, charlie, client_of, work_off) -> None:
    sent(client_of(alice), API, {"media": [str(add_films(1)[0].pk)]})
    draft = CourseDraft.objects.get()

    assert [client_of(person).get(f"{API}{draft.pk}/").status_code for person in (bob, charlie)] == [403, 404]
    assert client_of(charlie).get(f"{ADMIN}{draft.pk}/status/").status_code == 404


def test_an_operator_has_a_course_drafted(scope, alice, bob, work_off) -> None:
    films, out = add_films(1), StringIO()
    who = {"organization": "harbor", "email": "alice@harbor.test"}

    call_command("draft_course", films[0].pk, title="Sea", stdout=out, **who)

    assert out.getvalue() == f"Draft {CourseDraft.objects.get().pk} of “Sea”: workers go on with it.\n"
    with pytest.raises(CommandError, match="may not make courses"):
        call_command("draft_course", films[0].pk, organization="harbor", email="bob@harbor.test")
    with pytest.raises(CommandError, match="no media"):
        call_command("draft_course", UUID(NOBODYS), **who)
