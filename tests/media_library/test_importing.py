"""Each row of an import is answered on its own; nothing is half imported, and nothing twice."""

import threading

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Refused
from core.fetch import network_allowed
from core.jobs import JobError
from core.models import Job, RequestPace
from core.models.job import JobState
from core.tenancy import organization_scope, scoped_thread
from media_library.importing import Row
from media_library.importing.documents import read_items
from media_library.models import Category, Import, ImportRow, Media, Publication, RowState, Source, Tag
from media_library.models.media import LengthSource
from media_library.services import import_rows
from media_library.services.describing import _learn
from media_library.services.import_media import add_media
from media_library.services.importing import (
    AT_ONCE,
    can_retry,
    counts_of,
    goes_on_at,
    preview_import,
    retry_import,
    start_import,
    stop_import,
)
from media_library.services.publishing import archive_media, unpublish_media
from media_library.services.source_accounts import give_credentials
from media_library.sources import SOURCES, Description
from tests.sources.stand_in import StandIn

YOUTUBE = SOURCES["youtube"]
LIST = "https://www.youtube.com/playlist?list=PLaaaaaaaaaaaaaaaa"
AIMED = ("web_url", "api_url", "picture_url")


def address(number: int) -> str:
    return f"https://www.youtube.com/watch?v={number:011d}"


def rows_of(*told) -> list[Row]:
    return read_items(list(told))


def bring(*told, by) -> Import:
    return start_import(rows_of(*told), format="pasted", by=by)


def states(batch: Import) -> list[tuple[int, str, str]]:
    return list(ImportRow.objects.filter(batch=batch).values_list("position", "state", "code"))


def table_counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if not model._meta.proxy}


@pytest.fixture
def host(settings):
    """YouTube as it answers on loopback."""
    stand_in = StandIn()
    options = {**settings.SOURCES["youtube"], **dict.fromkeys(AIMED, stand_in.origin)}
    settings.SOURCES = {**settings.SOURCES, "youtube": options}
    yield stand_in
    stand_in.close()


@pytest.fixture
def network():
    with network_allowed():
        yield


def oembed(title: str = "Tides") -> dict:
    told = {"type": "video", "title": title, "author_name": "Ann", "author_url": "https://www.youtube.com/@ann"}
    return {"path": "/oembed", "json": {**told, "thumbnail_url": "", "html": "<iframe></iframe>"}}


def list_of(*numbers: int, **more) -> dict:
    items = [
        {"snippet": {"title": "Tides", "position": place}, "contentDetails": {"videoId": f"{number:011d}"}}
        for place, number in enumerate(numbers)
    ]
    return {"path": "/playlistItems", "json": {"items": items, "pageInfo": {"totalResults": len(items)}}, **more}


def give_key(alice) -> None:
    """Without one YouTube lists nothing."""
    give_credentials(YOUTUBE, {"api_key": "k"}, by=alice)
    Job.objects.filter(kind="check_source").delete()


def due_now() -> None:
    Job.objects.filter(state="queued").update(available_at=timezone.now())


# What a row becomes


def test_video_becomes_media_at_once_and_its_host_is_asked_later(scope, alice):
    batch = bring(f"{address(1)}&t=90&feature=share", by=alice)

    media = Media.objects.get()
    row = ImportRow.objects.get(batch=batch)
    assert (row.state, row.media, row.code, row.message) == (RowState.ADDED, media, "", "")
    assert (media.source, media.youtube_video_id, media.source_url) == ("youtube", "00000000001", address(1))
    assert (media.title, media.source_metadata) == (
        "youtube.com/watch?v=00000000001",
        {"imported": {}},
    )
    assert (media.status, media.publication, media.creator, media.described_at) == ("pending", "draft", alice, None)
    assert Job.objects.filter(kind="describe_media", subject_id=media.pk).count() == 1


def test_facts_come_along(scope, alice):
    sea = Category.objects.create(name="Sea", slug="sea")
    facts = {
        "title": "Tides", "description": "Words.", "tags": ["moon", "Moon", "sea"], "categories": ["SEA", "New"],
        "duration": "12:34", "thumbnail": "https://i.example/a.jpg",
    }  # fmt: skip
    bring({"url": address(1), **facts}, by=alice)

    media = Media.objects.get()
    assert (media.title, media.description, media.duration) == ("Tides", "Words.", None)
    assert media.source_metadata == {"imported": {"thumbnail": "https://i.example/a.jpg"}}
    assert sorted(media.tags.values_list("name", flat=True)) == ["moon", "sea"]
    assert list(media.categories.order_by("name").values_list("name", "parent")) == [("New", None), ("Sea", None)]
    assert sea in media.categories.all()


def test_each_row_is_answered_on_its_own(scope, alice):
    other = add_media({"url": address(7)}, by=alice)[0]
    archive_media(add_media({"url": address(8)}, by=alice)[0], by=alice)

    batch = bring(
        address(1), address(7), address(8), "https://nowhere.example/a", "https://host.example/films/a.MP4?x=1",
        "https://www.youtube.com/feed/trending", f"https://youtu.be/{1:011d}", {"title": "no address"}, "nonsense", 5,
        by=alice,
    )  # fmt: skip

    assert states(batch) == [
        (1, "added", ""),
        (2, "here", "already_here"),
        (3, "here", "archived"),
        (4, "refused", "unknown_address"),
        (5, "refused", "a_file"),
        (6, "refused", "not_one_video"),
        (7, "here", "already_here"),
        (8, "refused", "no_address"),
        (9, "refused", "unknown_address"),
        (10, "refused", "no_object"),
    ]
    assert ImportRow.objects.get(batch=batch, position=2).media == other
    assert [
        message for message in ImportRow.objects.exclude(state="added").values_list("message", flat=True) if not message
    ] == []
    assert Media.objects.count() == 3


def test_known_hosts_are_named_to_whoever_pastes_an_unknown_one(scope, alice):
    bring("https://nowhere.example/a", by=alice)

    message = ImportRow.objects.get().message
    assert [host.label for host in SOURCES.values() if host.label not in message] == ["Whop"]  # only synchronized


def test_picture_that_is_no_address_is_told_and_does_not_stop_the_row(scope, alice):
    bring({"url": address(1), "thumbnail": "/img/a.jpg"}, by=alice)

    row = ImportRow.objects.get()
    assert (row.state, row.message) == (
        "added",
        "Its picture is no address on the web: that of its host is taken.",
    )
    assert row.media.source_metadata["imported"] == {}


def test_what_is_here_keeps_what_people_wrote(scope, alice):
    bring({"url": address(1), "title": "Mine", "tags": ["a"]}, by=alice)

    bring({"url": address(1), "title": "Other", "tags": ["b"], "description": "x"}, by=alice)

    media = Media.objects.get()
    assert (media.title, media.description, [tag.name for tag in media.tags.all()]) == ("Mine", "", ["a"])
    assert Tag.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "publication", "day"),
    [
        ({"publishedAt": "2020-05-06"}, "published", "2020-05-06"),
        ({"published": "yes"}, "published", None),
        ({"publishedAt": "2999-01-01"}, "draft", None),
        ({"publishedAt": "2020-05-06", "draft": "true"}, "draft", None),
        ({"publishedAt": "2020-05-06", "published": "no"}, "draft", None),
        ({}, "draft", None),
    ],
)
def test_what_was_published_is_published_once_it_plays(scope, alice, work_off, host, facts, publication, day):
    host.play([oembed()])
    bring({"url": address(1), **facts}, by=alice)
    before = Media.objects.get().publication

    work_off()

    media = Media.objects.get()
    assert (before, media.publication, media.title) == ("draft", publication, "Tides")
    assert day is None or media.published_at.date().isoformat() == day


def test_what_a_person_took_back_is_not_published_again(scope, alice, work_off, host):
    host.play([oembed()])
    bring({"url": address(1), "publishedAt": "2020-05-06"}, by=alice)
    work_off()
    media = Media.objects.get()
    unpublish_media(media, by=alice)
    media.described_at = None
    media.save()

    _learn(media, YOUTUBE, Description(title="Tides"))

    assert Media.objects.get().publication == Publication.DRAFT


def test_length_is_the_hosts_and_never_the_one_told(scope, alice):
    bring({"url": address(1), "duration": 99}, by=alice)
    media = Media.objects.get()

    _learn(media, YOUTUBE, Description(title="Tides", duration=61.0))

    media.refresh_from_db()
    assert (media.duration, media.duration_source) == (61.0, LengthSource.HOST)


def test_told_picture_goes_before_that_of_the_host(scope, alice, work_off, host):
    host.play([{**oembed(), "json": {**oembed()["json"], "thumbnail_url": "https://i.ytimg.com/host.jpg"}}])
    bring({"url": address(1), "thumbnail": "https://i.example/mine.jpg"}, {"url": address(2)}, by=alice)

    work_off()

    pictures = Job.objects.filter(kind="fetch_picture").order_by("pk").values_list("payload__address", flat=True)
    assert sorted(pictures) == ["https://i.example/mine.jpg", "https://i.ytimg.com/host.jpg"]


# Three people


def test_organizations_know_nothing_of_each_others_imports(organization, other_organization, alice, charlie):
    with organization_scope(organization):
        bring(address(1), by=alice)
    with organization_scope(other_organization):
        bring(address(1), by=charlie)

        assert list(ImportRow.objects.values_list("state", flat=True)) == ["added"]
        assert Media.objects.get().creator == charlie


# Nothing twice, nothing half


def test_second_import_of_the_same_adds_nothing(scope, alice):
    told = [address(number) for number in range(30)]
    first = bring(*told, by=alice)
    import_rows.settle_waiting(first.pk, is_last=False, before_each=lambda: None)
    before = list(Media.objects.order_by("pk").values())

    second = bring(*told, by=alice)

    assert counts_of([first, second]) == {
        first.pk: {"waiting": 0, "added": 30, "here": 0, "listed": 0, "refused": 0},
        second.pk: {"waiting": 0, "added": 0, "here": 30, "listed": 0, "refused": 0},
    }
    assert list(Media.objects.order_by("pk").values()) == before
    assert Job.objects.filter(kind="settle_import", subject_id=second.pk).count() == 0


def test_dry_run_says_the_same_and_writes_nothing(scope, alice):
    add_media({"url": address(5)}, by=alice)
    told = rows_of(address(1), address(1), address(5), "https://nowhere.example/a", {"url": address(2), "tags": ["x"]})
    before = table_counts()

    foreseen = preview_import(told)

    assert table_counts() == before
    batch = start_import(told, format="pasted", by=alice)
    assert [(one.row.position, str(one.state)) for one in foreseen] == [one[:2] for one in states(batch)]
    assert [one.code for one in foreseen] == ["", "twice", "already_here", "unknown_address", ""]


def test_request_takes_the_same_statements_however_many_rows_there_are(scope, alice):
    def statements(first: int, count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            bring(*[address(number) for number in range(first, first + count)], by=alice)
        return len(captured)

    small, large = statements(10_000, 100), statements(20_000, 1_000)

    assert small == large
    assert large <= 420


def test_long_import_ends_row_by_row_and_brings_nothing_twice(scope, alice):
    told = [address(number % 90) for number in range(100)]

    batch = bring(*told, by=alice)
    at_once = counts_of([batch])[batch.pk]
    settled = import_rows.settle_waiting(batch.pk, is_last=False, before_each=lambda: None)

    assert (at_once["added"], at_once["waiting"], settled) == (AT_ONCE, 80, [])
    assert counts_of([batch])[batch.pk] == {"waiting": 0, "added": 90, "here": 10, "listed": 0, "refused": 0}
    assert Media.objects.count() == Job.objects.filter(kind="describe_media").count() == 90


def test_killed_in_the_middle_it_goes_on_where_it_was(scope, alice, monkeypatch):
    batch = bring(*[address(number) for number in range(40)], by=alice)
    calls = iter(range(1_000))

    def dies(row, **options):
        if next(calls) == 7:
            raise KeyError("killed")
        return settle(row, **options)

    settle = import_rows._settle
    monkeypatch.setattr(import_rows, "_settle", dies)
    with pytest.raises(KeyError):
        import_rows.settle_waiting(batch.pk, is_last=False, before_each=lambda: None)
    in_between = counts_of([batch])[batch.pk]

    import_rows.settle_waiting(batch.pk, is_last=False, before_each=lambda: None)

    assert (in_between["added"], in_between["waiting"]) == (AT_ONCE + 7, 13)
    assert counts_of([batch])[batch.pk]["added"] == Media.objects.count() == 40
    assert Job.objects.filter(kind="describe_media").count() == 40


def test_row_that_fails_in_the_middle_leaves_nothing_of_itself(scope, alice, monkeypatch):
    def broken(*args, **options):
        raise KeyError("killed")

    monkeypatch.setattr("media_library.services.import_media.enqueue", broken)
    with pytest.raises(KeyError):
        bring({"url": address(1), "tags": ["a"]}, by=alice)

    assert (Media.objects.count(), Tag.objects.count()) == (0, 0)
    assert list(ImportRow.objects.values_list("state", flat=True)) == ["waiting"]
    assert Job.objects.get(kind="settle_import").state == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_end_in_one_media_each(organization, alice):
    told = [{"url": address(number), "tags": ["sea", f"t{number}"], "categories": ["Sea"]} for number in range(12)]
    together, failures = threading.Barrier(2), []

    def work(*order):
        try:
            together.wait()
            bring(*order, by=alice)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    with organization_scope(organization):
        threads = [scoped_thread(work, *order) for order in (told, told[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        assert Media.objects.count() == 12
        assert sorted(ImportRow.objects.values_list("state", flat=True)) == ["added"] * 12 + ["here"] * 12
        assert (Category.objects.count(), Tag.objects.count()) == (1, 13)
        assert Job.objects.filter(kind="describe_media").count() == 12


# Lists


def test_list_is_asked_for_its_videos_by_a_job(scope, alice, work_off, host):
    give_key(alice)
    add_media({"url": address(2)}, by=alice)
    host.play([list_of(1, 2, 3, 1), oembed()])

    batch = bring(LIST, address(3), by=alice)
    before = states(batch)
    work_off()

    assert before == [(1, "waiting", ""), (2, "added", "")]
    assert states(batch) == [
        (1, "listed", ""),
        (2, "added", ""),
        (0, "added", ""),
        (0, "here", "already_here"),
        (0, "here", "already_here"),
    ]
    row = ImportRow.objects.get(batch=batch, position=1)
    assert (row.message, row.found.count()) == ("3 videos.", 3)
    assert Media.objects.count() == 3


def test_list_is_foreseen_without_asking_anybody(scope, alice):
    (answer,) = preview_import(rows_of(LIST))

    assert (str(answer.state), answer.message) == (
        "listed",
        "A list at YouTube. It is asked for its videos when it is imported.",
    )


def test_list_that_its_host_does_not_give_is_refused_in_its_words(scope, alice, work_off):
    batch = bring(LIST, by=alice)

    work_off()

    row = ImportRow.objects.get(batch=batch)
    assert (row.state, row.code) == ("refused", "auth_invalid")
    assert row.message == (
        "YouTube refused the credentials. "
        "Playlists and channels are listed only with an API key: please give one under Sources."
    )


def pages_of(*pages: list[int]) -> list[dict]:
    """A playlist in pages."""
    told = [list_of(*numbers) for numbers in pages]
    for number, page in enumerate(told):
        page["query"] = {"pageToken": f"p{number}"} if number else {}
        if number + 1 < len(told):
            page["json"]["nextPageToken"] = f"p{number + 1}"
    return told[::-1]


@pytest.mark.parametrize(
    ("most", "listed", "words"),
    [(2_000, 1_100, "1100 videos."), (1_100, 1_100, "1100 videos."),
     (1_099, 1_099, "1099 videos. More are not taken from one list.")],
)  # fmt: skip
def test_long_list_is_taken_to_the_end_or_says_that_there_is_more(  # noqa: PLR0913
    scope, alice, host, network, monkeypatch, most, listed, words
):  # fmt: skip
    monkeypatch.setattr(import_rows, "MOST_IN_A_LIST", most)
    give_key(alice)
    host.play(pages_of(*[list(range(first, first + 50)) for first in range(0, 1_100, 50)]))
    batch = bring(LIST, by=alice)

    import_rows._settle(ImportRow.objects.get(batch=batch), is_last=False)

    row = ImportRow.objects.get(batch=batch, position=1)
    assert (row.state, row.message, row.found.count()) == ("listed", words, listed)


def test_empty_list_is_refused(scope, alice, work_off, host):
    give_key(alice)
    host.play([list_of()])
    batch = bring(LIST, by=alice)

    work_off()

    assert states(batch) == [(1, "refused", "empty_list")]


def test_list_waits_where_its_host_asks_for_a_pause(scope, alice, work_off, host):
    give_key(alice)
    host.play([{"path": "/playlistItems", "status": 429, "headers": {"Retry-After": "600"}}, list_of(1), oembed()])
    batch = bring(LIST, *[address(number) for number in range(30, 55)], by=alice)

    work_off()

    job = Job.objects.get(kind="settle_import")
    row = ImportRow.objects.get(batch=batch, position=1)
    assert (job.state, job.error_code, job.attempt) == ("queued", "rate_limited", 0)
    assert (row.code, row.message) == ("rate_limited", "YouTube asks for a pause. It goes on by itself.")
    assert goes_on_at(batch) == job.available_at
    assert counts_of([batch])[batch.pk] == {"waiting": 1, "added": 25, "here": 0, "listed": 0, "refused": 0}
    RequestPace.objects.all().delete()  # the pause is over
    due_now()
    work_off()
    assert counts_of([batch])[batch.pk] == {"waiting": 0, "added": 26, "here": 0, "listed": 1, "refused": 0}


@pytest.mark.parametrize(
    ("code", "is_last", "ends"),
    [("provider_5xx", False, ("waiting", "provider_5xx")), ("provider_5xx", True, ("refused", "provider_5xx"))],
)
def test_list_of_a_host_in_trouble_waits_until_the_last_attempt(scope, alice, host, network, code, is_last, ends):
    give_key(alice)
    host.play([{"path": "/playlistItems", "status": 503}])
    batch = bring(LIST, by=alice)

    later = import_rows.settle_waiting(batch.pk, is_last=is_last, before_each=lambda: None)

    assert states(batch) == [(1, *ends)]
    assert [(type(one), one.code) for one in later] == ([] if is_last else [(JobError, code)])


def test_what_waits_for_work_that_was_stopped_says_so_and_can_be_tried_again(scope, alice, work_off, host):
    give_key(alice)
    host.play([{"path": "/playlistItems", "status": 503}] * 5 + [list_of(1), oembed()])
    batch = bring(LIST, "nonsense", by=alice)
    for _ in range(5):
        work_off()
        due_now()
    assert states(batch) == [(1, "refused", "provider_5xx"), (2, "refused", "unknown_address")]
    assert can_retry(batch)

    tried = retry_import(batch, by=alice)
    work_off()

    assert tried == 1
    assert states(batch) == [(1, "listed", ""), (2, "refused", "unknown_address"), (0, "added", "")]


def test_import_that_is_put_off_can_be_stopped_and_tried_again(scope, alice, work_off, host):
    give_key(alice)
    host.play([{"path": "/playlistItems", "status": 429, "headers": {"Retry-After": "600"}}, list_of(1), oembed()])
    batch = bring(LIST, by=alice)
    work_off()

    stop_import(batch, by=alice)

    row = ImportRow.objects.get(batch=batch)
    assert (row.state, row.code, row.message) == ("refused", "cancelled", "This was stopped.")
    assert (goes_on_at(batch), can_retry(batch)) == (None, True)
    RequestPace.objects.all().delete()  # the pause is over
    retry_import(batch, by=alice)
    work_off()
    assert states(batch) == [(1, "listed", ""), (0, "added", "")]


def test_import_that_has_ended_is_not_stopped(scope, alice):
    batch = bring(address(1), by=alice)

    with pytest.raises(Refused) as refusal:
        stop_import(batch, by=alice)

    assert (refusal.value.code, refusal.value.status) == ("nothing_to_stop", 409)


def test_rows_without_an_address_keep_their_reasons(scope, alice):
    """As those of lessons that were read and not taken."""
    batch = Import.objects.create(by=alice)
    facts = {"lesson": "lesn_1", "title": "Tides"}
    ImportRow.objects.create(batch=batch, position=1, facts=facts, state="refused", code="hidden", message="Hidden.")

    with pytest.raises(Refused) as refusal:
        retry_import(batch, by=alice)

    assert (refusal.value.code, can_retry(batch)) == ("nothing_to_retry", False)
    assert list(ImportRow.objects.values_list("state", "code", "message")) == [("refused", "hidden", "Hidden.")]


def test_address_that_names_a_playlist_besides_says_so(scope, alice):
    words = "It also names a playlist: paste the playlist's own address to bring in all of it."

    batch = bring(f"{address(1)}&list=PLaaaaaaaaaaaaaaaa", f"{address(1)}&list=PLaaaaaaaaaaaaaaaa", by=alice)

    first, second = ImportRow.objects.filter(batch=batch).order_by("position")
    assert (first.state, first.message) == ("added", words)
    assert (second.state, second.message) == (
        "here", f"The library has it already, as “youtube.com/watch?v=00000000001”. {words}"
    )  # fmt: skip


def test_nothing_is_left_to_try_again_of_rows_that_are_wrong(scope, alice):
    batch = bring("nonsense", by=alice)

    with pytest.raises(Refused) as refusal:
        retry_import(batch, by=alice)

    assert (refusal.value.code, refusal.value.status, can_retry(batch)) == ("nothing_to_retry", 409, False)


def test_rows_of_a_job_that_failed_for_good_do_not_wait_for_ever(scope, alice, work_off, monkeypatch):
    def broken(row, **options):
        raise KeyError("a bug")

    monkeypatch.setattr(import_rows, "_settle", broken)
    batch = bring(*[address(number) for number in range(22)], by=alice)
    Job.objects.filter(kind="describe_media").delete()
    for _ in range(5):
        work_off()
        due_now()

    assert {one[1:] for one in states(batch)} == {("added", ""), ("refused", "internal_error")}
    assert can_retry(batch)


# One by one


def test_single_video_is_new_once(scope, alice):
    first, second = add_media({"url": address(1)}, by=alice), add_media({"url": f"youtu.be/{1:011d}"}, by=alice)

    assert (first[1], second) == (True, (first[0], False))


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"url": "nonsense"}, "unknown_address"),
        ({"url": LIST}, "is_list"),
        ({"url": "https://www.youtube.com/feed/trending"}, "not_one_video"),
        ({}, "no_address"),
        ({"url": address(1), "title": "t" * 201}, "title_too_long"),
    ],
)
def test_single_video_that_is_none_is_refused_in_words(scope, alice, told, code):
    with pytest.raises(Refused) as refusal:
        add_media(told, by=alice)

    assert (refusal.value.code, refusal.value.fields) == (code, {"url": [refusal.value.message]})


def test_videos_that_come_by_synchronizing_are_not_taken_by_address(scope, alice):
    host = next(host for host in SOURCES.values() if host.stored_as)
    named = Media.objects.filter(source=Source.UPLOAD).count()

    batch = bring({f"{host.name}Id": "exp_aaaaaaaaaaaaaa"}, by=alice)

    assert states(batch)[0][1:2] == ("refused",)
    assert Media.objects.count() == named


def test_nothing_at_all_is_refused(scope, alice):
    with pytest.raises(Refused) as refusal:
        start_import([], format="pasted", by=alice)

    assert (refusal.value.code, Import.objects.count()) == ("empty", 0)
