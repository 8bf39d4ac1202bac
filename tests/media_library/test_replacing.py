"""Another file for an upload: what is made of a file becomes that of the new one, what people made stays."""

import json
from base64 import b64encode
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files import File
from django.core.files.storage import default_storage

from core.errors import Refused
from core.models import Job
from core.models.audit import AuditEntry
from media_library.captions import TimedText
from media_library.models import Media, Rendition, Storyboard, Upload, UploadState, WatchRecord
from media_library.services.allowance import allowance_of
from media_library.services.leftovers import leftovers
from media_library.services.publishing import archive_media, publish_media
from media_library.services.purging import purge_media
from media_library.services.replacing import seen_behind
from media_library.services.retrying import retry_media
from media_library.services.sidecars import give_captions
from media_library.services.site import change_site_configuration
from media_library.services.status import status_of
from media_library.services.thumbnails import choose_moment
from media_library.services.transcripts import publish_transcript, timed_texts
from media_library.services.uploads import Announced, finish_upload, start_upload, upload_media
from media_library.storage import store_file
from tests.media_library.hosted import hosted

pytestmark = pytest.mark.usefixtures("scope")

LIST = "/api/v1/harbor/uploads/"
SRT = b"1\n00:00:00,500 --> 00:00:01,500\nThe new harbor\n"


@pytest.fixture
def ready(samples, alice, work_off):
    """Uploads a sample and has it worked on."""

    def upload(name, *, title):
        with samples[name].open("rb") as file:
            media = upload_media(File(file, name=name), title=title, by=alice)
        work_off()
        media.refresh_from_db()
        return media

    return upload


@pytest.fixture
def talk(ready, alice):
    """A film of six seconds, published."""
    media = ready("talk.mp4", title="Tides")
    publish_media(media, by=alice)
    return media


@pytest.fixture
def song(ready):
    """Six seconds of sound, which is ready sooner."""
    return ready("tone.mp3", title="Tone")


@pytest.fixture
def send(samples, alice):
    """Sends a file that takes the place of that of media; answers the upload, and nothing has looked at it yet."""

    def sent(media, name, *, captions=b""):
        upload = start_upload(Announced(name, samples[name].stat().st_size), by=alice, replaces=media)
        with samples[name].open("rb") as file:
            store_file(File(file), upload.storage_path)
        if captions:
            give_captions(upload, BytesIO(captions), by=alice)
        finish_upload(upload)
        upload.refresh_from_db()
        return upload

    return sent


def told_of(upload):
    upload.refresh_from_db()
    return upload.state, upload.error_code, upload.media_id


def what_plays(media):
    media.refresh_from_db()
    return media.source_path, media.content_hash, media.rendition_id, media.storyboard_id, media.thumbnail_path, (
        media.duration, media.original_filename, media.transcript_id, media.is_playable,
    )  # fmt: skip


def said(media):
    media.refresh_from_db()
    return [cue.text for cue in timed_texts(media.transcript)] if media.transcript else []


def test_new_file_plays_once_it_is_ready_and_what_people_made_stays(
    talk, send, alice, bob, work_off, samples, monkeypatch
):
    publish_transcript(talk, [TimedText(0.5, 5.0, "Heard in the former film")], language="en", method="speech")
    seen = WatchRecord.objects.create(media=talk, user=bob, percent=80, watched_seconds=5, seconds=[(0, 5)], position=5)
    WatchRecord.objects.create(media=talk, user=alice, percent=16, watched_seconds=1, seconds=[(0, 1)])
    before, used = what_plays(talk), allowance_of(alice).used
    former = {row.pk for row in Rendition.objects.filter(media=talk)}

    upload = send(talk, "captioned.mkv")
    while_working = what_plays(talk)
    work_off()

    after = what_plays(talk)
    seen.refresh_from_db()
    assert while_working == before
    assert told_of(upload) == ("accepted", "", talk.pk)
    assert upload.replacement == {
        "filename_before": "talk.mp4", "seconds_before": 6, "seconds_after": 2, "watched": 2, "clipped": 1,
    }  # fmt: skip
    assert (talk.title, talk.publication, talk.status, talk.original_filename) == (
        "Tides", "published", "completed", "captioned.mkv",
    )  # fmt: skip
    assert not {*before[:5]} & {*after[:5]}  # each of them is another one
    assert (seen.watched_seconds, seen.percent, seen.position, seen.completed_at) == (2, 100, 5, seen.completed_at)
    assert said(talk) == ["Good morning"]
    assert allowance_of(alice).used - used == samples["captioned.mkv"].stat().st_size
    entry = AuditEntry.objects.get(action="file_replaced")
    assert (entry.actor, entry.object_id, entry.detail) == (
        alice, str(talk.pk), "talk.mp4 → captioned.mkv, 0:06 → 0:02, clipped 1 of 2",
    )  # fmt: skip
    assert default_storage.exists(talk.source_path)
    assert default_storage.exists(talk.thumbnail_path)
    kinds = Rendition.objects.filter(media=talk).exclude(pk__in=former).values_list("kind", flat=True)
    assert sorted(kinds) == ["hls", "mp4"]  # of a silent film there is no sound any more
    assert Storyboard.objects.get(media=talk) == talk.storyboard
    monkeypatch.setattr("media_library.services.leftovers._is_old", lambda name: True)
    cleaned = {one.name for one in leftovers()}
    assert before[0] in cleaned
    assert not cleaned & {talk.source_path, talk.thumbnail_path, talk.rendition.path}


def test_words_and_thumbnail_that_a_person_chose_stay_until_captions_come_with_a_file(
    talk, send, alice, work_off, client_of
):
    publish_transcript(talk, [TimedText(0.5, 5.0, "Corrected")], language="en", method="edited", by=alice)
    choose_moment(talk, at=1, by=alice)
    chosen, page = talk.thumbnail_path, f"/admin/media_library/media/{talk.pk}/change/"
    client = client_of(alice)
    pages = [client.get(page).content.decode()]

    send(talk, "captioned.mkv")
    work_off()
    after_film = said(talk)
    pages.append(client.get(page).content.decode())
    send(talk, "tone.mp3", captions=SRT)
    before_sound = said(talk)
    work_off()
    pages.append(client.get(page).content.decode())

    assert (after_film, before_sound, said(talk)) == (["Corrected"], ["Corrected"], ["The new harbor"])
    assert (talk.thumbnail_path, talk.is_thumbnail_chosen) == (chosen, True)
    assert default_storage.exists(chosen)
    assert ["they may not fit any more" in one for one in pages] == [False, True, False]
    assert "It lasted 0:06 and lasts 0:02." in pages[1]
    kinds = {row.kind for row in Rendition.objects.filter(media=talk).exclude(folder=talk.rendition.folder)}
    assert (talk.kind, talk.storyboard, kinds) == (
        "audio",
        None,
        {"hls", "mp3", "m4a"},
    )  # of films the streams alone


def test_file_that_cannot_be_used_leaves_the_former_one(song, send, alice, work_off, client_of, samples):
    before, used = what_plays(song), allowance_of(alice).used

    upload = send(song, "captions_only.mp4")
    work_off()

    page = client_of(alice).get(f"/admin/media_library/media/{song.pk}/change/").content.decode()
    assert what_plays(song) == before
    assert told_of(upload) == ("refused", "no_streams", None)
    assert (song.status, status_of(song).message) == ("completed", upload.error_message)
    assert f"“captions_only.mp4” did not take its place: {upload.error_message}" in page
    assert allowance_of(alice).used == used
    send(song, "compliant.m4a")
    work_off()
    song.refresh_from_db()
    assert (song.original_filename, status_of(song).message) == ("compliant.m4a", "")


def test_work_that_is_tried_again_goes_on_with_the_same_file(song, send, alice, work_off):
    change_site_configuration(by=alice, formats=["mp3"])
    upload = send(song, "compliant.m4a")
    work_off()
    refused = told_of(upload)
    change_site_configuration(by=alice, formats=["mp3", "m4a", "mp4"])

    retry_media(song, by=alice)
    again = told_of(upload)
    work_off()

    assert (refused[:2], again) == (("refused", "format_not_accepted"), ("checking", "", song.pk))
    assert told_of(upload) == ("accepted", "", song.pk)


def test_same_content_twice_is_told(song, ready, send, work_off, django_capture_on_commit_callbacks):
    other, before = ready("compliant.m4a", title="Other"), what_plays(song)

    with django_capture_on_commit_callbacks(execute=True):
        same = send(song, "tone.mp3")
        work_off()
        elsewhere = send(song, "compliant.m4a")
        work_off()

    assert (told_of(same), told_of(elsewhere)) == (
        ("duplicate", "duplicate", song.pk),
        ("duplicate", "duplicate", other.pk),
    )
    assert same.error_message == "This is the file that plays already. Nothing has changed."
    assert "“Other”" in elsewhere.error_message
    assert what_plays(song) == before
    assert not default_storage.exists(same.storage_path)


def test_of_two_that_arrive_the_last_counts_and_one_that_is_here_is_not_disturbed(stored_talk, send, alice):
    talk = stored_talk
    first = start_upload(Announced("a.mp4", 10), by=alice, replaces=talk)
    second = send(talk, "compliant.m4a")

    with pytest.raises(Refused) as refusal:
        start_upload(Announced("c.mp4", 10), by=alice, replaces=talk)

    assert told_of(first) == ("cancelled", "superseded", None)
    assert (refusal.value.code, refusal.value.status, told_of(second)[0]) == ("under_way", 409, "checking")


def test_nothing_takes_the_place_of_what_is_archived_or_at_a_host(stored_talk, alice):
    talk = stored_talk
    at_host, arriving = hosted("loom", alice), start_upload(Announced("a.mp4", 10), by=alice, replaces=talk)
    archive_media(talk, by=alice)
    refusals = []

    for media in (at_host, talk):
        with pytest.raises(Refused) as refusal:
            start_upload(Announced("a.mp4", 10), by=alice, replaces=media)
        refusals.append((refusal.value.code, refusal.value.status))
    with pytest.raises(Refused):
        finish_upload(arriving)
    purge_media(talk, by=alice)

    assert refusals == [("not_an_upload", 409), ("archived", 409)]
    assert not Upload.objects.filter(pk=arriving.pk).exists()


def test_archiving_stops_the_work(stored_talk, send, alice, work_off):
    upload = send(stored_talk, "compliant.m4a")

    archive_media(stored_talk, by=alice)

    assert told_of(upload) == ("refused", "cancelled", None)
    assert (work_off(), Job.objects.filter(subject_id=stored_talk.pk, state="queued").count()) == (0, 0)


def test_file_that_could_not_be_used_is_replaced_by_one_that_can(ready, send, work_off):
    media = ready("captions_only.mp4", title="Tides")
    broken = media.status

    send(media, "compliant.m4a")
    work_off()

    media.refresh_from_db()
    assert (broken, media.status, status_of(media).message, media.whole_seconds) == ("failed", "completed", "", 4)


def test_api_names_what_an_upload_replaces(song, samples, alice, client_of, work_off):
    client, content = client_of(alice), samples["compliant.m4a"].read_bytes()
    metadata = {"filename": "compliant.m4a", "replaces": str(song.pk)}
    coded = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in metadata.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": coded}

    sent = client.post(LIST, content, content_type="application/offset+octet-stream", headers=headers)
    work_off()

    upload = client.get(LIST, {"replaces": str(song.pk)}).json()["results"][0]
    assert (sent.status_code, sent["Lectern-Media"].split("/")[-2]) == (201, str(song.pk))
    assert (upload["state"], upload["media"], upload["replaces"]) == ("accepted", str(song.pk), str(song.pk))
    assert (upload["replacement"]["seconds_before"], upload["replacement"]["seconds_after"]) == (6, 4)
    assert Media.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "key", "status"), [("alice", "strange", 404), ("charlie", "talk", 404), ("bob", "talk", 403)]
)
def test_only_makers_replace_and_only_what_is_theirs(request, stored_talk, client_of, who, key, status):
    person = request.getfixturevalue(who)
    slug = "summit" if who == "charlie" else "harbor"
    replaces = str(stored_talk.pk if key == "talk" else uuid4())

    answer = client_of(person).post(
        f"/api/v1/{slug}/uploads/", json.dumps({"filename": "a.mp4", "size": 9, "replaces": replaces}),
        content_type="application/json",
    )  # fmt: skip
    page = client_of(person).get(f"/admin/media_library/media/{replaces}/replace/")

    assert (answer.status_code, Upload.objects.filter(state=UploadState.RECEIVING).count()) == (status, 0)
    assert page.status_code in (302, 403, 404)


@pytest.mark.parametrize("key", ["x", "\x00"])
def test_key_that_is_none_is_refused(alice, client_of, key):
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "9"}
    headers["Upload-Metadata"] = f"filename YQ==,replaces {b64encode(key.encode()).decode()}"
    client = client_of(alice)

    answers = [
        client.post(LIST, headers=headers),
        client.post(LIST, json.dumps({"filename": "a", "size": 9, "replaces": key}), content_type="application/json"),
    ]

    assert [(one.status_code, [*one.json()["error"]["fields"]]) for one in answers] == [(400, ["replaces"])] * 2


def test_page_says_what_will_happen(stored_talk, alice, bob, client_of):
    Media.objects.filter(pk=stored_talk.pk).update(duration=6.0, duration_source="file")
    WatchRecord.objects.create(media=stored_talk, user=bob, percent=80, watched_seconds=5, seconds=[(0, 5)])

    page = client_of(alice).get(f"/admin/media_library/media/{stored_talk.pk}/replace/").content.decode()

    assert "It lasts 0:06 now." in page
    assert "1 learner has watched some of it." in page
    assert f'data-replaces="{stored_talk.pk}"' in page
    assert seen_behind(stored_talk, 3) == (1, 1)
