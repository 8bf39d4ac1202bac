"""The steps of a media item: what people are told of each, and what they can do about it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from core.errors import Refused
from core.jobs import cancel_job, enqueue
from core.models import Job
from core.models.job import JobState
from media_library.models import Media, Rendition, Source
from media_library.services.publishing import archive_media
from media_library.services.status import refresh_status, status_of
from media_library.services.steps import TO_COME, cancel_media, cancel_step, retry_step, steps_of


@pytest.fixture
def talk(scope, alice) -> Media:
    return Media.objects.create(source=Source.UPLOAD, source_path="s", title="Talk", creator=alice)


def play(media: Media) -> Media:
    media.rendition = Rendition.objects.create(media=media, folder="f")
    media.save()
    return media


def put(media: Media, kind: str, **facts: object) -> Job:
    """A job of this media that came so far."""
    enqueue(kind, media.pk, key=f"{kind}:{media.pk}")
    if facts.get("state") == JobState.RUNNING:
        facts |= {"lease_token": media.pk, "lease_expires_at": Now()}
    Job.objects.filter(key=f"{kind}:{media.pk}").update(**facts)
    refresh_status(media.pk)
    media.refresh_from_db()
    return Job.objects.get(key=f"{kind}:{media.pk}")


def fail(media: Media, kind: str, code: str = "transcode_failed", message: str = "It broke.") -> Job:
    return put(media, kind, state=JobState.FAILED, attempt=3, error_code=code, error_message=message)


def shown(media: Media, *facts: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(step, fact) for fact in facts) for step in steps_of(media)]


def test_steps_are_what_was_done_what_is_done_and_what_will_be_done(talk):
    put(talk, "inspect_media", state=JobState.SUCCEEDED, progress=100)
    put(talk, "process_media", state=JobState.RUNNING, progress=40.7)

    assert shown(talk, "kind", "state", "required", "percent") == [
        ("inspect_media", "succeeded", True, 100),
        ("process_media", "running", True, 40),
        ("make_audio", TO_COME, False, 0),
        ("draw_pictures", TO_COME, False, 0),
        ("transcribe_media", TO_COME, False, 0),
    ]


def test_what_plays_has_no_steps_to_come_but_those_in_line(talk):
    put(play(talk), "process_media", state=JobState.SUCCEEDED)

    assert shown(talk, "kind", "state") == [("process_media", "succeeded")]


def test_what_is_broken_has_no_steps_to_come(talk):
    fail(talk, "inspect_media", "truncated", "A part is missing.")

    assert shown(talk, "kind", "state") == [("inspect_media", "failed")]


def test_steps_cost_one_statement(talk, django_assert_num_queries):
    for kind in ("inspect_media", "process_media", "transcribe_media"):
        put(talk, kind)

    with django_assert_num_queries(1):
        assert len(steps_of(talk)) == 5


def test_time_left_follows_from_time_and_percent_so_far(talk):
    put(talk, "process_media", state=JobState.RUNNING, progress=25, started_at=Now() - timedelta(seconds=30))

    step = steps_of(talk)[0]

    assert 29 <= step.seconds_taken <= 33
    assert step.seconds_left == pytest.approx(step.seconds_taken * 3, rel=0.01)


@pytest.mark.parametrize(("seconds", "percent"), [(1, 50), (30, 1)])
def test_time_left_is_not_guessed_too_early(talk, seconds, percent):
    put(talk, "process_media", state=JobState.RUNNING, progress=percent, started_at=Now() - timedelta(seconds=seconds))

    assert status_of(talk).seconds_left is None


def test_status_names_the_present_step_with_its_percent_and_time_left(talk):
    put(talk, "inspect_media", state=JobState.SUCCEEDED)
    put(talk, "process_media", state=JobState.RUNNING, progress=50, started_at=Now() - timedelta(seconds=60))

    told = status_of(talk)

    assert (told.status, told.step, told.percent) == ("processing", "Make it playable", 50)
    assert 59 <= told.seconds_left <= 65


def test_what_runs_is_told_before_what_waits(talk):
    put(talk, "process_media")
    put(play(talk), "draw_pictures", state=JobState.RUNNING, progress=30)

    assert (status_of(talk).step, status_of(talk).percent) == (steps_of(talk)[1].label, 30)


def test_waiting_for_disk_space_is_told_and_is_no_failure(talk):
    words = "Waiting for disk space. It goes on by itself as soon as there is room."
    put(talk, "process_media", postponements=3, error_code="no_space", error_message=words)

    assert (talk.status, status_of(talk).message, status_of(talk).code) == ("pending", words, "no_space")
    assert shown(talk, "state", "is_postponed", "reason", "can_retry", "can_cancel")[0] == (
        "queued", True, words, False, True,
    )  # fmt: skip


def test_failed_attempt_that_is_not_the_last_says_that_it_goes_on(talk):
    put(talk, "process_media", attempt=1, error_code="stalled", error_message="The conversion stopped moving.")

    assert shown(talk, "reason", "attempts")[0] == ("The conversion stopped moving. It will be tried again.", 1)


@pytest.mark.parametrize("optional", ["make_audio", "draw_pictures", "transcribe_media"])
def test_failed_optional_step_leaves_what_plays_ready_with_a_warning(talk, optional):
    put(play(talk), "process_media", state=JobState.SUCCEEDED)
    fail(talk, optional)

    assert (talk.status, status_of(talk).message) == ("completed", "It broke.")


def test_what_was_copied_plays_although_encoding_failed(talk):
    put(play(talk), "remux_media", state=JobState.SUCCEEDED)
    fail(talk, "process_media")

    assert (talk.status, status_of(talk).message) == ("completed", "It broke.")


def test_copying_may_fail_while_encoding_goes_on(talk):
    fail(talk, "remux_media")
    put(talk, "process_media", state=JobState.RUNNING)

    assert talk.status == "processing"


def test_copying_that_failed_is_no_warning_once_it_was_encoded(talk):
    fail(talk, "remux_media")
    put(play(talk), "process_media", state=JobState.SUCCEEDED)

    assert (talk.status, status_of(talk).message) == ("completed", "")


def test_neither_copied_nor_encoded_is_failed(talk):
    fail(talk, "remux_media")
    fail(talk, "process_media")

    assert talk.status == "failed"


@pytest.mark.parametrize(
    ("code", "attempt", "helps"),
    [("transcode_failed", 3, True), ("worker_lost", 3, True), ("truncated", 1, False), ("gone", 1, False)],
)
def test_trying_again_is_offered_where_it_can_help(talk, code, attempt, helps):
    fail(talk, "process_media", code)
    Job.objects.update(attempt=attempt)

    assert (shown(talk, "can_retry"), status_of(talk).can_retry) == ([(helps,)], helps)


def test_file_that_will_never_do_is_told_so(talk):
    fail(talk, "inspect_media", "truncated", "A part is missing. Please upload it again.")
    Job.objects.update(attempt=1)

    assert shown(talk, "reason") == [
        ("A part is missing. Please upload it again. Trying again with the same file would not help.",)
    ]


def test_one_step_is_tried_again_and_the_others_are_left_alone(talk, alice):
    put(play(talk), "process_media", state=JobState.SUCCEEDED)
    fail(talk, "make_audio")
    fail(talk, "transcribe_media")
    Media.objects.update(told_at=Now())

    retry_step(talk, "make_audio", by=alice)

    assert shown(talk, "kind", "state", "attempts") == [
        ("process_media", "succeeded", 0), ("make_audio", "queued", 0), ("transcribe_media", "failed", 3),
    ]  # fmt: skip
    assert (talk.status, talk.told_at) == ("processing", None)


@pytest.mark.parametrize(
    ("kind", "refusal"), [("process_media", ("nothing_to_retry", 409)), ("x", ("unknown_step", 404))]
)
def test_what_did_not_fail_is_not_tried_again(talk, alice, kind, refusal):
    put(talk, "process_media")

    with pytest.raises(Refused) as refused:
        retry_step(talk, kind, by=alice)

    assert (refused.value.code, refused.value.status) == refusal


def test_step_of_archived_media_is_not_tried_again(talk, alice):
    fail(talk, "process_media")
    archive_media(talk, by=alice)

    with pytest.raises(Refused) as refused:
        retry_step(talk, "process_media", by=alice)

    assert (refused.value.code, shown(talk, "can_retry")) == ("archived", [(False,)])


def test_waiting_step_is_stopped_at_once_and_can_be_tried_again(talk, alice):
    put(talk, "process_media")

    cancel_step(talk, "process_media", by=alice)

    assert (talk.status, status_of(talk).label, shown(talk, "state_label", "reason", "can_retry")) == (
        "failed", "Stopped", [("Stopped", "This was stopped.", True)],
    )  # fmt: skip


def test_running_step_that_was_stopped_says_that_it_is_about_to_end(talk, alice):
    put(talk, "process_media", state=JobState.RUNNING)

    cancel_step(talk, "process_media", by=alice)

    assert shown(talk, "state", "reason", "can_cancel")[0] == ("running", "It is being stopped.", False)


def test_everything_is_stopped_together(talk, alice):
    for kind in ("process_media", "transcribe_media"):
        put(talk, kind)

    assert cancel_media(talk, by=alice) == 2

    assert shown(talk, "state") == [("cancelled",), ("cancelled",)]


def test_nothing_is_stopped_where_nothing_is_under_way(talk, alice):
    put(talk, "process_media", state=JobState.SUCCEEDED)

    for stop in (lambda: cancel_step(talk, "process_media", by=alice), lambda: cancel_media(talk, by=alice)):
        with pytest.raises(Refused) as refused:
            stop()
        assert (refused.value.code, refused.value.status) == ("nothing_to_cancel", 409)


def test_command_retries_one_step_of_all_media_in_which_it_failed(talk, alice, capsys):
    put(play(talk), "process_media", state=JobState.SUCCEEDED)
    fail(talk, "make_audio")
    fail(talk, "transcribe_media")
    other = Media.objects.create(source=Source.UPLOAD, source_path="o", title="Other", creator=alice)
    fail(other, "process_media")

    call_command("retry_media", step="make_audio")
    call_command("retry_media", step="make_audio")

    assert capsys.readouterr().out == "1 media tried again.\n0 media tried again.\n"
    assert (shown(talk, "state"), shown(other, "state")) == (
        [("succeeded",), ("queued",), ("failed",)], [("failed",)],
    )  # fmt: skip


def test_step_stopped_while_it_waits_for_a_second_attempt_keeps_why_the_first_one_failed(talk):
    job = put(talk, "process_media", attempt=1, error_message="The machine stopped.")

    cancel_job(job)

    assert shown(talk, "reason") == [("The machine stopped.",)]
