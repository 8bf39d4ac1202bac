"""Batches are changed and given up while others move their frames, work on them or give up their projects."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from core.tenancy import organization_scope
from media_library.batches.batches import delete_batch, lock_batch, move_batch, save_batch
from media_library.batches.projects import delete_project, save_project
from media_library.frames.moving import move_frames
from media_library.models import Frame, FrameExtraction, Media, Project, Publication, Upload, UploadBatch
from media_library.services.purging import purge_media
from tests.media_library.framed import film, frames
from tests.media_library.framing import make_batch
from tests.media_library.shelf import files
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def waiting():
    """How many wait for this transaction; the statistics would stand still inside of it."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS)
        return cursor.fetchone()[0]


@contextmanager
def meanwhile(organization, verb):
    """The verb begins inside, in another transaction; what follows may wait for it. Answers what came of it."""
    thread, told = prepared(organization, verb)
    with transaction.atomic():
        yield thread, told
    thread.join(20)
    assert not thread.is_alive()


def prepared(organization, verb):
    """A thread that does it, and what will come of it."""
    told = []

    def act():
        try:
            with organization_scope(organization):
                told.append(verb())
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    return threading.Thread(target=act), told


def begins_to_wait(thread):
    """Until it stands in line for what this transaction holds."""
    thread.start()
    while thread.is_alive() and not waiting():
        thread.join(0.01)
    assert thread.is_alive()


def test_frame_that_is_moved_on_keeps_its_file_when_the_batch_ends(organization, alice):
    with organization_scope(organization):
        tides = make_batch("Tides", by=alice)
        waves = make_batch("Waves", project=tides.project, by=alice)
        moved, stays = frames(2, of=tides, media=film())

        with meanwhile(organization, lambda: delete_batch(tides, with_frames=True, by=alice)) as (thread, _told):
            move_frames([moved.pk], to=waves, by=alice)
            begins_to_wait(thread)

        assert list(Frame.objects.values_list("pk", "batch")) == [(moved.pk, waves.pk)]
        assert files() == [moved.path]
        assert UploadBatch.objects.get().position == 1


def test_batch_ends_while_its_frames_are_told(organization, alice):
    """The work holds its job and then the batch, as `Run.publish` does."""
    with organization_scope(organization):
        tides = make_batch(by=alice)
        extraction = FrameExtraction.objects.create(batch=tides, media=film(), mode="scenes", most=5)
        job = enqueue("extract_frames", extraction.pk, key="taking")

        with meanwhile(organization, lambda: delete_batch(tides, with_frames=True, by=alice)) as (thread, told):
            Job.objects.select_for_update().get(pk=job.pk)
            begins_to_wait(thread)
            lock_batch(tides)

        assert (told, UploadBatch.objects.count()) == ([None], 0)
        assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED


@pytest.mark.parametrize("verb", ["save", "move"])
def test_nothing_comes_into_a_project_that_ends(organization, alice, verb):
    with organization_scope(organization):
        ending = save_project(Project(title="Ending"), by=alice)
        elsewhere = make_batch("Elsewhere", by=alice)
        verbs = {
            "save": lambda: save_batch(UploadBatch(project=ending, name="New"), by=alice),
            "move": lambda: move_batch(elsewhere, project=ending, by=alice),
        }

        with meanwhile(organization, verbs[verb]) as (thread, told):
            delete_project(Project.objects.get(pk=ending.pk), by=alice)
            begins_to_wait(thread)

        assert told == ["project_gone"]
        assert list(UploadBatch.objects.values_list("name", "position")) == [("Elsewhere", 1)]


def test_changed_project_keeps_what_others_wrote_and_stays_deleted(organization, alice):
    with organization_scope(organization):
        saved = save_project(Project(title="Talks"), by=alice)
        mine, theirs = (Project.objects.get(pk=saved.pk) for _ in range(2))
        theirs.title = "Lectures"
        save_project(theirs, by=alice, written=["title"])
        mine.description = "Of spring."

        save_project(mine, by=alice, written=["description"])

        assert list(Project.objects.values_list("title", "description")) == [("Lectures", "Of spring.")]
        delete_project(theirs, by=alice)
        for written in (["title"], []):
            with pytest.raises(Refused) as gone:
                save_project(mine, by=alice, written=written)
            assert (gone.value.code, Project.objects.count()) == ("project_gone", 0)


def test_changed_batch_keeps_what_others_wrote_meanwhile(organization, alice):
    with organization_scope(organization):
        first = make_batch("First", by=alice)
        second = make_batch("Second", project=first.project, by=alice)
        other = make_batch("First", by=alice).project
        seen, gone = UploadBatch.objects.get(pk=second.pk), UploadBatch(pk=uuid7(), project=other, name="Gone")
        gone._state.adding = False
        warned = timezone.now()
        UploadBatch.objects.filter(pk=second.pk).update(warned_at=warned)
        move_batch(UploadBatch.objects.get(pk=second.pk), project=other, position=1, by=alice)

        seen.name = "First"
        with pytest.raises(Refused) as taken:
            save_batch(seen, by=alice)
        seen.name = "Third"
        save_batch(seen, by=alice)
        with pytest.raises(Refused) as missing:
            save_batch(gone, by=alice)

        assert (taken.value.code, missing.value.code) == ("name_taken", "batch_gone")
        assert (seen.name, seen.project_id, seen.position, seen.warned_at) == ("Third", other.pk, 1, warned)
        assert list(UploadBatch.objects.filter(project=first.project).values_list("pk", "position")) == [(first.pk, 1)]


def in_line():
    """How many wait for a lock in this database, whoever holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def purging(media):
    return lambda: purge_media(Media.objects.get(pk=media.pk), by=None)


def ending(batch):
    return lambda: delete_batch(batch, with_frames=True, by=None)


@pytest.mark.parametrize("held", ["frame", "late frame", "upload"])
@pytest.mark.parametrize("first", ["purge", "end"])
def test_film_is_purged_while_a_batch_of_its_frames_ends(organization, alice, held, first):
    """The film stands in the batch no more, but its frames do, and its upload was for it."""
    with organization_scope(organization):
        tides = make_batch("Tides", by=alice)
        talk = film(publication=Publication.ARCHIVED)
        sent = Upload.objects.create(
            batch=tides, media=talk, owner=alice, filename="talk.mp4", size_bytes=1, state="accepted",
            expires_at=timezone.now(),
        )  # fmt: skip
        early, late = frames(2, of=tides, media=talk)
        Frame.objects.filter(pk=early.pk).update(annotation="it lies behind the other one now")
        rows = {"frame": Frame.objects.filter(pk=early.pk), "late frame": Frame.objects.filter(pk=late.pk)}
        rows["upload"] = Upload.objects.filter(pk=sent.pk)
        verbs = [purging(talk), ending(tides)]
        begun = [prepared(organization, verb) for verb in (verbs if first == "purge" else reversed(verbs))]

        with transaction.atomic():
            list(rows[held].select_for_update(of=("self",)))
            for number, (thread, _told) in enumerate(begun, start=1):
                thread.start()
                wait_until(lambda number=number: in_line() == number, seconds=20, what="it waits")
        for thread, _told in begun:
            thread.join(20)

        assert [told for _thread, told in begun] == [[None], [None]]
        assert (Frame.objects.count(), UploadBatch.objects.count(), Media.objects.count()) == (0, 0, 0)
