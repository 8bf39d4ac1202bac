"""Bringing a show in: looked at first if somebody wants to, then page by page; killed and begun again it goes on.

The show is one transaction, then some items each; every row is known by its guid: however often it runs, nothing is
there twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import JobError, JobPostponed, Run, enqueue
from core.models import Job
from core.models.job import LIVE_STATES, JobState
from media_library.models import Podcast, PodcastImport, ShowImportState
from media_library.podcasts.artwork import LARGEST_FILE
from media_library.podcasts.importing.addresses import checked_address
from media_library.podcasts.importing.beside import give_artwork
from media_library.podcasts.importing.feed import Item, Page, Show
from media_library.podcasts.importing.ownership import refuse_locked
from media_library.podcasts.importing.pages import MOST_PAGES, asked_for, pages_of, the_way_out
from media_library.podcasts.importing.sound import ask_for_sound_of
from media_library.podcasts.importing.taking import BESIDE, Taken, take_episode, take_show

LOOK, BRING = "look_at_show", "import_show"
MOST_PROBLEMS = 50
LONGEST_WAIT = timedelta(days=1)  # for a server that is asked too often
AT_ONCE = 50  # items in one transaction: others who write to the show wait for no longer
STATES = {LOOK: ShowImportState.LOOKING, BRING: ShowImportState.IMPORTING}


@dataclass
class _Taken:
    """What came so far: its show, and of all entries that were read the guid and where they are heard."""

    show: Podcast | None = None
    guids: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def look_at_show(url: str, *, by: Any) -> PodcastImport:
    """Have a feed read, and nothing brought in: its title, how many episodes, whether it is locked.

    Raises Refused: invalid_address, blocked_address.
    """
    return _put_in_line(_row(url, by=by), LOOK)


@transaction.atomic
def import_show(url: str, *, by: Any) -> PodcastImport:
    """Bring a show in, or up to date. Raises Refused: invalid_address, blocked_address."""
    return _put_in_line(_row(url, by=by), BRING)


@transaction.atomic
def start_import(row: PodcastImport, *, by: Any) -> PodcastImport:
    """Bring in what was looked at, or once more what was brought in; what nobody has seen yet is looked at first.

    Raises Refused: under_way (409).
    """
    return _once_more(row, LOOK if is_unseen(row) else BRING, by=by)


def is_unseen(row: PodcastImport) -> bool:
    """Its feed could not be read, so that nobody knows what would come."""
    return row.state == ShowImportState.REFUSED and row.podcast_id is None and not row.title


def look(row: PodcastImport, *, check: Callable[[], object] = object) -> None:
    """Read all pages. Raises JobError, Refused."""
    guids: set[str] = set()
    found = {"pages": 0, "episodes": 0}
    for page in pages_of(row.url, check=check):
        guids.update(item.guid for item in page.items)
        found = {"pages": found["pages"] + 1, "episodes": len(guids)}
        if found["pages"] == 1:
            _note_show(row, page.show)
    _note(row, state=ShowImportState.FOUND, code="", message="", **found)


def bring(row: PodcastImport, *, check: Callable[[], object] = object, tell: Callable[[float], object] = id) -> None:
    """Bring in page after page, then its picture; the sound of each episode is a job of its own.

    `tell` gets 0–100. Raises JobError for what may pass, Refused for what stays.
    """
    taken = _Taken()
    try:
        for number, page in enumerate(pages_of(row.url, check=check), start=1):
            _take_page(row, page, taken)
            tell(100 * number / (number + 1))
    except (JobError, Refused) as error:
        if taken.show is None or not getattr(error, "permanent", True):
            raise
        words = _("Page %(number)d could not be read, and those behind it: %(why)s")
        _tell_problem(row, "feed", error.code, words % {"number": row.pages + 1, "why": error.message})
    if row.pages == MOST_PAGES:
        _tell_problem(row, "feed", "too_many_pages", _("It has more pages than are read."))
    if taken.show is not None:
        _take_artwork(row, taken.show)
    _note(row, state=ShowImportState.DONE, code="", message="")


def run_look(import_id: UUID, *, run: Run) -> None:
    """The job. Raises JobError."""
    _run(import_id, run, lambda row: look(row, check=run.check))


def run_import(import_id: UUID, *, run: Run) -> None:
    """The job. Raises JobError."""
    _run(import_id, run, lambda row: bring(row, check=run.check, tell=run.report))


def follow_show_import(job: Job) -> None:
    """What ended badly says why. Called in the transaction that changes the job."""
    if job.kind in STATES and job.subject_id and job.state in (JobState.FAILED, JobState.CANCELLED):
        words = _("This was stopped.") if job.state == JobState.CANCELLED else job.error_message
        _refuse(job.subject_id, job.error_code or "cancelled", words)


def refused(row: PodcastImport, refusal: Refused | JobError | JobPostponed) -> None:
    """For good, for now: it can be begun again."""
    _refuse(row.pk, refusal.code, refusal.message)


def _run(import_id: UUID, run: Run, work: Callable[[PodcastImport], None]) -> None:
    row = PodcastImport.objects.select_related("by").filter(pk=import_id).first()
    if row is None:
        raise JobError("gone", "This was removed before the work on it began.", permanent=True)
    try:
        work(row)
    except Refused as refusal:
        raise JobError(refusal.code, refusal.message, permanent=True) from refusal
    except JobPostponed as postponed:
        if timezone.now() - run.job.created_at > LONGEST_WAIT:
            raise JobError(postponed.code, postponed.message, permanent=True) from postponed
        _note(row, code=postponed.code, message=postponed.message)
        raise


def _row(url: str, *, by: Any) -> PodcastImport:
    row: PodcastImport = PodcastImport.objects.create(url=checked_address(url), by=by)
    return row


def _once_more(row: PodcastImport, kind: str, *, by: Any) -> PodcastImport:
    row = PodcastImport.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if Job.objects.filter(subject_id=row.pk, kind__in=STATES, state__in=LIVE_STATES).exists():
        raise Refused("under_way", _("This is under way already."), status=409)
    row.by = by
    return _put_in_line(row, kind)


def _put_in_line(row: PodcastImport, kind: str) -> PodcastImport:
    row.state, row.code, row.message = STATES[kind], "", ""
    row.added, row.changed, row.problems = 0, 0, []
    row.save()
    enqueue(kind, row.pk, key=f"{kind}:{row.pk}:{uuid7()}")
    return row


def _take_page(row: PodcastImport, page: Page, taken: _Taken) -> None:
    """Pages of the archive tell of the show, and of entries that newer pages have too, as they were (RFC 5005): what
    comes first is believed.
    """
    if taken.show is None:
        _note_show(row, page.show)
        taken.show = _take_show(row, page)
        _note(row, pages=0, episodes=0)  # read anew by each attempt; what it added and changed goes on being counted
    items = [item for item in page.items if _is_first(row, item, taken.guids)]
    for first in range(0, len(items), AT_ONCE):
        _take_items(row, taken.show.pk, items[first : first + AT_ONCE])
    if page.silent:
        _tell_problem(row, "feed", "silent", _("%(count)d entries have nothing to hear.") % {"count": page.silent})
    _note(row, pages=row.pages + 1, episodes=row.episodes + len(items))


def _is_first(row: PodcastImport, item: Item, guids: dict[str, str]) -> bool:
    """Of several with one guid. Where they are heard elsewhere, they are others, and that is told."""
    if item.guid not in guids:
        guids[item.guid] = item.sound
        return True
    if guids[item.guid] != item.sound:
        _tell_problem(row, item.title, "guid_twice", _("Its guid is that of an entry before it: it was left out."))
    return False


@transaction.atomic
def _take_show(row: PodcastImport, page: Page) -> Podcast:
    """On its own, because it holds the organization."""
    refuse_locked(page.show, by=row.by)
    show = take_show(page.show, url=row.url, found_at=page.url, by=row.by)
    _note(row, podcast=show, title=show.title)
    if not page.show.title:
        _tell_problem(row, "feed", "title_missing", _("It has no title."))
    if page.show.moved_to and page.show.moved_to not in (row.url, page.url):
        _tell_problem(row, "feed", "moved", _("It says that it has moved: %(url)s") % {"url": page.show.moved_to})
    if not page.show.description:
        _tell_problem(row, "feed", "description_missing", _("It has no description."))
    return show


@transaction.atomic
def _take_items(row: PodcastImport, show_id: UUID, items: Sequence[Item]) -> None:
    show = Podcast.objects.select_for_update(no_key=True).get(pk=show_id)
    taken = [_take_item(row, show, item) for item in items]
    _note(row, **{name: getattr(row, name) + taken.count(name) for name in (Taken.ADDED, Taken.CHANGED)})


def _take_item(row: PodcastImport, show: Podcast, item: Item) -> Taken | None:
    """One that cannot be taken keeps no other one from coming."""
    try:
        with transaction.atomic():
            episode, taken = take_episode(show, item, by=row.by)
    except Refused as refusal:
        _tell_problem(row, item.title, refusal.code, refusal.message)
        return None
    if not item.is_titled and taken == Taken.ADDED:
        _tell_problem(row, item.title, "title_missing", _("It has no title: this one was made for it."))
    if item.published_at is None and taken == Taken.ADDED:
        _tell_problem(row, item.title, "undated", _("Its date cannot be read: it is a draft."))
    for odd in item.odd_numbers:
        _tell_problem(row, item.title, "odd_number", _("Its number was left out: %(number)s.") % {"number": odd})
    if episode.media_id is None:
        ask_for_sound_of(episode, by=row.by)
    return taken


def _take_artwork(row: PodcastImport, show: Podcast) -> None:
    """Once: apps keep a picture. One that cannot be used is told, and keeps nothing from coming."""
    address = show.told.get(BESIDE, {}).get("artwork")
    if not address or show.artwork_path:
        return
    try:
        answer = asked_for(the_way_out(), address, most_bytes=LARGEST_FILE)
        give_artwork(show, answer.content, by=row.by)
    except (JobError, Refused) as error:
        _tell_problem(row, _("Artwork"), error.code, error.message)


def _tell_problem(row: PodcastImport, about: str, code: str, message: str) -> None:
    told = {"about": about, "code": code, "message": message}
    if len(row.problems) < MOST_PROBLEMS and told not in row.problems:
        _note(row, problems=[*row.problems, told])


def _note_show(row: PodcastImport, show: Show) -> None:
    _note(row, title=show.title, is_locked=show.is_locked, locked_by=show.locked_by if show.is_locked else "")


def _note(row: PodcastImport, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))


def _refuse(import_id: UUID, code: str, message: str) -> None:
    facts = {"state": ShowImportState.REFUSED, "code": code[:40], "message": message[:500]}
    PodcastImport.objects.filter(pk=import_id).update(**facts)
