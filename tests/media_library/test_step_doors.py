"""Steps in the back office and in the API: for makers, the technical part for operators."""

import pytest
from django.test import Client

from accounts.models import Role, User
from core.models import Job
from core.models.job import JobState
from media_library.models import Media
from tests.conftest import member
from tests.media_library.test_steps import fail, play, put, shown, talk  # noqa: F401  (talk is a fixture)

SUMMARY = "For operators"
QUERIES = 5


@pytest.fixture
def change_page(talk):  # noqa: F811
    return f"/admin/media_library/media/{talk.pk}/change/"


@pytest.fixture
def steps(talk):  # noqa: F811
    return f"/api/v1/harbor/media/{talk.pk}/steps/"


@pytest.fixture
def technical(talk):  # noqa: F811
    fail(talk, "process_media")
    Job.objects.update(command="ffmpeg -i file:in", exit_code=-9, error_detail="No such thing", worker="host/1:2")


@pytest.fixture
def operator(organization) -> User:
    user = member("ruth@harbor.test", organization, Role.OWNER)
    user.is_superuser = True
    user.save()
    return user


def test_page_shows_each_step_with_its_buttons(talk, alice, client_of, change_page):  # noqa: F811
    put(talk, "inspect_media", state=JobState.SUCCEEDED, progress=100)
    fail(talk, "process_media", message="It broke badly.")

    page = client_of(alice).get(change_page).content.decode()

    assert ("Check the file" in page, "It broke badly." in page) == (True, True)
    assert f"/admin/media_library/media/{talk.pk}/steps/process_media/retry/" in page
    assert f"/admin/media_library/media/{talk.pk}/steps/inspect_media/retry/" not in page


def test_attempts_are_told_where_another_one_can_help(talk, alice, client_of, change_page):  # noqa: F811
    client = client_of(alice)
    fail(talk, "process_media")
    ordinary = client.get(change_page).content.decode()
    Job.objects.update(attempt=1, error_code="truncated")

    hopeless = client.get(change_page).content.decode()

    assert ("attempt 3 of 3" in ordinary, "attempt 1 of 3" in hopeless) == (True, False)


def test_operators_see_the_command_and_makers_do_not(alice, operator, client_of, change_page, technical):
    seen = [client_of(one).get(change_page).content.decode() for one in (alice, operator)]

    told = (SUMMARY, "ffmpeg -i file:in", "<dd>-9</dd>", "No such thing")
    assert [[words in page for words in told] for page in seen] == [
        [False, False, False, False], [True, True, True, True],
    ]  # fmt: skip


def test_media_says_what_is_done_just_now(talk, alice, client_of):  # noqa: F811
    put(talk, "process_media", state=JobState.RUNNING, progress=40.7)

    answer = client_of(alice).get(f"/api/v1/harbor/media/{talk.pk}/").json()

    assert answer["processing"] == {
        "percent": 40, "step": "Make it playable", "seconds_left": None, "code": "", "message": "", "can_retry": False,
    }  # fmt: skip


def test_button_tries_one_step_again_and_says_so(talk, alice, client_of, change_page):  # noqa: F811
    fail(talk, "process_media")

    page = client_of(alice).post(f"/admin/media_library/media/{talk.pk}/steps/process_media/retry/", follow=True)

    assert (page.redirect_chain, shown(talk, "state")[0]) == ([(change_page, 302)], ("queued",))
    assert "“Make it playable” is tried again." in page.content.decode()


def test_button_stops_one_step_or_all_of_them(talk, alice, client_of):  # noqa: F811
    for kind in ("process_media", "transcribe_media"):
        put(talk, kind)
    browser = client_of(alice)

    browser.post(f"/admin/media_library/media/{talk.pk}/steps/process_media/cancel/")
    after_one = shown(talk, "state")
    browser.post(f"/admin/media_library/media/{talk.pk}/steps/cancel/")

    assert after_one == [("cancelled",), ("queued",)]
    assert shown(talk, "state") == [("cancelled",), ("cancelled",)]


def test_refused_button_tells_why_on_the_page(talk, alice, client_of):  # noqa: F811
    put(talk, "process_media")

    page = client_of(alice).post(f"/admin/media_library/media/{talk.pk}/steps/process_media/retry/", follow=True)

    assert "“Make it playable” has not failed." in page.content.decode()


def test_panel_asks_again_while_something_is_under_way(talk, alice, client_of):  # noqa: F811
    address = f"/admin/media_library/media/{talk.pk}/steps/"
    browser = client_of(alice)
    put(talk, "process_media", state=JobState.RUNNING, progress=31)
    moving = browser.get(address)
    put(play(talk), "process_media", state=JobState.SUCCEEDED, lease_token=None, lease_expires_at=None)
    done = browser.get(address)

    assert ['data-live="true"' in one.content.decode() for one in (moving, done)] == [True, False]
    assert ('value="31"' in moving.content.decode(), "no-store" in moving["Cache-Control"]) == (True, True)


def test_list_is_narrowed_to_media_with_a_failed_step(talk, alice, client_of):  # noqa: F811
    fail(play(talk), "make_audio")
    whole = Media.objects.create(source="upload", source_path="w", title="Unbroken", creator=alice)
    put(play(whole), "process_media", state=JobState.SUCCEEDED)

    page = client_of(alice).get("/admin/media_library/media/?trouble=yes")

    assert [media.title for media in page.context["cl"].result_list] == ["Talk"]


def test_api_tells_makers_the_steps(talk, alice, client_of, steps):  # noqa: F811
    put(talk, "inspect_media", state=JobState.SUCCEEDED, progress=100)
    fail(talk, "process_media")

    answer = client_of(alice).get(steps)

    assert [(one["kind"], one["state"], one["can_retry"]) for one in answer.json()] == [
        ("inspect_media", "succeeded", False), ("process_media", "failed", True),
    ]  # fmt: skip


def test_api_tells_operators_what_was_run(alice, operator, client_of, steps, technical):
    told = [client_of(one).get(steps).json()[0] for one in (alice, operator)]

    assert [sorted({"command", "exit_code", "detail", "worker"} & one.keys()) for one in told] == [
        [], ["command", "detail", "exit_code", "worker"],
    ]  # fmt: skip
    assert (told[1]["command"], told[1]["exit_code"]) == ("ffmpeg -i file:in", -9)


def test_api_of_steps_is_for_makers_of_the_organization(talk, bob, charlie, client_of, steps):  # noqa: F811
    put(talk, "process_media")

    assert [client_of(one).get(steps).status_code for one in (bob, charlie)] == [403, 404]
    assert [client_of(one).post(f"{steps}process_media/cancel/").status_code for one in (bob, charlie)] == [403, 404]
    assert [Client().get(steps).status_code, shown(talk, "state")[0]] == [401, ("queued",)]


def test_api_retries_and_stops(talk, alice, client_of, steps):  # noqa: F811
    fail(talk, "process_media")
    browser = client_of(alice)
    retried = browser.post(f"{steps}process_media/retry/")
    again = browser.post(f"{steps}process_media/retry/")
    stopped = browser.post(f"{steps}process_media/cancel/")
    nothing = browser.post(steps.replace("/steps/", "/cancel/"))
    unknown = browser.post(f"{steps}dance/retry/")

    assert [one.status_code for one in (retried, again, stopped, nothing, unknown)] == [202, 409, 202, 409, 404]
    assert (again.json()["error"]["code"], nothing.json()["error"]["code"]) == ("nothing_to_retry", "nothing_to_cancel")
    assert (retried.json()[0]["state"], stopped.json()[0]["state"]) == ("queued", "cancelled")


def test_api_stops_everything(talk, alice, client_of):  # noqa: F811
    for kind in ("process_media", "transcribe_media"):
        put(talk, kind)

    answer = client_of(alice).post(f"/api/v1/harbor/media/{talk.pk}/cancel/")

    assert (answer.status_code, answer.json()["status"], shown(talk, "state")) == (
        202, "failed", [("cancelled",), ("cancelled",)],
    )  # fmt: skip


def test_steps_cost_the_same_with_one_and_with_three(talk, alice, client_of, steps, django_assert_num_queries):  # noqa: F811
    browser = client_of(alice)
    put(talk, "inspect_media")
    browser.get(steps)
    with django_assert_num_queries(QUERIES):
        browser.get(steps)
    put(talk, "process_media")
    put(talk, "transcribe_media")

    with django_assert_num_queries(QUERIES):
        browser.get(steps)
