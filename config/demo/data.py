"""The demo's content, made through the same services as everybody's. Safe to repeat."""

import time
from collections.abc import Callable

from accounts.models import User
from analytics.services.rollup import roll_up
from config.demo.conversation import hold_conversation
from config.demo.course import build_course, upload_talks
from config.demo.course_drafts import offer_course_draft
from config.demo.drafts import offer_drafts
from config.demo.frames import note_on_frame, take_frames
from config.demo.history import live_through
from config.demo.people import CREATOR, CUSTOMER, LEARNERS, found_organization, found_second_organization
from config.demo.playlists import put_in_playlists
from config.demo.podcast import start_podcast
from config.demo.practice import add_knots, add_practice, hand_in, write_notes
from config.demo.shelves import shelve
from core.models import Job
from core.tenancy import organization_scope
from courses.models import Course
from courses.services.enrolling import find_member, grant_course
from courses.services.publishing import publish_course
from media_library.models import Media, Status

Say = Callable[[str], None]
LONGEST_WAIT = 900  # seconds


def make_demo(*, say: Say) -> None:
    """Organization, people, a course of three talks, some history. Somebody else must be working on the jobs meanwhile.

    Raises RuntimeError when a talk could not be prepared.
    """
    organization = found_organization()
    found_second_organization()
    with organization_scope(organization):
        creator = User.objects.get(email=CREATOR.email)
        films = upload_talks(by=creator)
        shelve(films, by=creator)
        course = build_course(films, by=creator)
        wait_for(films, say=say)
        if not course.is_published:
            publish_course(course, by=creator)
            grant_course(course, member=find_member(CUSTOMER.email), by=creator)
        films = [Media.objects.get(pk=film.pk) for film in films]
        take_frames(films, by=creator)
        offer_drafts(films[0], by=creator)
        offer_course_draft(films, by=creator)
        start_podcast(films, by=creator)
        learners = [User.objects.get(email=person.email) for person in LEARNERS]
        live_through(course, films, learners)
        put_in_playlists(films, by=creator, learner=learners[0])
        hold_conversation(course, films[0], learner=learners[0], organization=organization)
        practice(course, learners, by=creator)
        note_on_frame(by=creator)
        roll_up(organization)


def practice(course: Course, learners: list[User], *, by: User) -> None:
    """What is handed in, asked in every way, opened by a code, written down and awarded."""
    first, second = learners
    add_practice(course, by=by)
    add_knots(course, learner=first, waiting=second, by=by)
    hand_in(course, learner=second)
    write_notes(course, learner=first)


def wait_for(films: list[Media], *, say: Say) -> None:
    """Tells how far the talks are until all of them play."""
    deadline = time.monotonic() + LONGEST_WAIT
    told = -10.0
    while (percent := _percent_ready(films)) < 100:
        if percent >= told + 10:
            told = percent
            say(f"Preparing the three sample talks … {percent:.0f} %")
        if time.monotonic() > deadline:
            raise RuntimeError("The sample talks are not ready after a quarter of an hour. ./run doctor may tell why.")
        time.sleep(0.3)


def _percent_ready(films: list[Media]) -> float:
    """0–100 over all jobs of the films. Raises RuntimeError when one failed."""
    keys = [film.pk for film in films]
    states = dict(Media.objects.filter(pk__in=keys).values_list("pk", "status"))
    if failed := [film.title for film in films if states[film.pk] == Status.FAILED]:
        raise RuntimeError(f"“{failed[0]}” could not be prepared. The back office tells why.")
    done = {film.pk: 100.0 for film in films if states[film.pk] == Status.COMPLETED}
    encoding = dict(Job.objects.filter(subject_id__in=keys, kind="process_media").values_list("subject_id", "progress"))
    return sum(done.get(film.pk, min(encoding.get(film.pk, 0.0), 99.0)) for film in films) / len(films)
