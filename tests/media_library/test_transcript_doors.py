"""The words of a media item through the API and in the back office."""

import json
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext

from core.models import Job
from core.tenancy import organization_scope
from media_library.captions import TimedText
from media_library.models import Cue, Media, Outcome, Rung, Transcript
from media_library.services.rung_record import rungs_tried
from media_library.services.transcripts import publish_transcript

QUERIES_OF_VERSIONS = 5
CUES = [
    {"start": 0.5, "end": 2.0, "text": "Good evening", "speaker": "Ada"},
    {"start": 2.0, "end": 3.25, "text": "Tea & cake", "speaker": ""},
]


@pytest.fixture
def words(stored_talk) -> str:
    return f"/api/v1/harbor/media/{stored_talk.pk}/transcript/"


@pytest.fixture
def page(stored_talk) -> str:
    return f"/admin/media_library/media/{stored_talk.pk}/transcript/"


@pytest.fixture
def maker(alice, client_of):
    return client_of(alice)


def present(media: Media) -> Transcript:
    with organization_scope(media.organization_id):
        media.refresh_from_db()
        return media.transcript


def patch(client, words, **body):
    return client.patch(words, json.dumps(body), content_type="application/json")


def put(client, words, **body):
    return client.put(words, json.dumps(body), content_type="application/json")


def test_words_are_read_with_where_they_came_from(stored_talk, maker, words):
    answer = maker.get(words).json()

    told = {
        name: answer[name] for name in ("language", "method", "is_generated", "timing", "words", "by", "is_present")
    }
    assert told == {
        "language": "en", "method": "sidecar", "is_generated": False, "timing": "cue", "words": 5, "by": "",
        "is_present": True,
    }  # fmt: skip
    assert (answer["cues"], answer["id"]) == (CUES, str(stored_talk.transcript_id))


@pytest.mark.parametrize(
    ("query", "accept", "content_type", "beginning"),
    [
        ("?as=vtt", "*/*", "text/vtt; charset=utf-8", "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\n<v Ada>Good evening"),
        (
            "?as=srt",
            "*/*",
            "application/x-subrip; charset=utf-8",
            "1\n00:00:00,500 --> 00:00:02,000\nAda: Good evening",
        ),
        ("?as=txt", "*/*", "text/plain; charset=utf-8", "Ada: Good evening\n\nTea & cake\n"),
        ("", "text/vtt", "text/vtt; charset=utf-8", "WEBVTT"),
        ("", "text/plain", "text/plain; charset=utf-8", "Ada: "),
        ("", "application/json, text/plain, */*", "application/json", "{"),
        ("?as=json", "text/vtt", "application/json", "{"),
    ],
)
def test_words_are_given_as_files(maker, words, query, accept, content_type, beginning):
    answer = maker.get(words + query, headers={"Accept": accept})

    assert (answer["Content-Type"], answer.content.decode()[: len(beginning)]) == (content_type, beginning)


def test_a_file_is_named_like_its_media(stored_talk, maker, words):
    with organization_scope(stored_talk.organization):
        Media.objects.update(title='Tür "2"')

    header = maker.get(f"{words}?as=srt")["Content-Disposition"]

    assert unquote(header) == "attachment; filename*=utf-8''Tür \"2\".en.srt"


def test_learners_read_what_they_may_watch_and_nothing_else(stored_talk, bob, client_of, words):
    client = client_of(bob)
    paths = ["", "?as=vtt", "versions/", f"versions/{stored_talk.transcript_id}/", "search/"]

    reading = [client.get(f"{words}{path}").status_code for path in paths]
    writing = [put(client, words, cues=CUES).status_code, patch(client, words).status_code]

    assert (reading, writing) == ([200, 200, 403, 403, 403], [403, 403])


def test_what_words_cost_and_who_wrote_them_is_for_makers(stored_talk, alice, bob, maker, client_of, words):
    with organization_scope(stored_talk.organization):
        Transcript.objects.update(cost=0.5, model="whisper-1", by=alice)
    names = ("cost", "model", "by")

    told = [[client.get(words).json()[name] for name in names] for client in (maker, client_of(bob))]

    assert told == [["0.5000", "whisper-1", str(alice)], [None, "", ""]]


def test_others_find_nothing(charlie, client_of, words, page):
    client = client_of(charlie)

    assert [client.get(path).status_code for path in (words, page)] == [404, 404]


def test_media_without_words_says_so(stored_talk, maker, words):
    with organization_scope(stored_talk.organization):
        Media.objects.update(transcript=None)

    answers = [maker.get(words), maker.get(words, headers={"Accept": "text/vtt"})]

    assert [(one.status_code, one.json()["error"]["code"]) for one in answers] == [(404, "no_transcript")] * 2


def test_a_kind_of_file_that_there_is_not_is_refused(maker, words):
    answer = maker.get(f"{words}?as=docx")

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["as"])


def test_words_are_corrected(stored_talk, maker, alice, words):
    base = str(stored_talk.transcript_id)
    changed = [{"position": 1, **CUES[1], "text": "Tea <b>and</b> cake"}]

    answer = patch(maker, words, base=base, changed=changed, added=[{"start": 4, "end": 5, "text": "Thanks"}])
    again = patch(maker, words, base=base, removed=[0])

    assert [cue["text"] for cue in answer.json()["cues"]] == ["Good evening", "Tea and cake", "Thanks"]
    told = {name: answer.json()[name] for name in ("method", "by", "based_on")}
    assert told == {"method": "edited", "by": str(alice), "based_on": base}
    assert (again.status_code, again.json()["error"]["code"]) == (409, "changed_meanwhile")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["base"]),
        ({"base": "x"}, ["base"]),
        ({"changed": [{"position": 0}]}, ["changed.0.end", "changed.0.start", "changed.0.text"]),
        ({"changed": [{"position": 9, **CUES[0]}]}, ["changed"]),
        ({"added": [{"start": 2, "end": 1, "text": "a"}]}, ["added.0"]),
        ({"removed": "x"}, ["removed"]),
    ],
)
def test_corrections_that_cannot_be_name_their_place(stored_talk, maker, words, body, fields):
    base = {} if not body or "base" in body else {"base": str(stored_talk.transcript_id)}

    answer = patch(maker, words, **base, **body)

    assert (answer.status_code, sorted(answer.json()["error"]["fields"])) == (400, fields)


def test_words_are_replaced(stored_talk, maker, words):
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nHallo\n"
    file = {"file": SimpleUploadedFile("talk.fr.srt", b"1\n00:00:01,000 --> 00:00:02,000\nSalut\n")}
    body = encode_multipart("BoUnDaRyStRiNg", file)

    told = [
        put(maker, words, cues=CUES[:1], language="de"),
        put(maker, words, text=vtt),
        maker.put(words, body, content_type=MULTIPART_CONTENT),
    ]

    assert [(one.json()["language"], one.json()["cues"][0]["text"]) for one in told] == [
        ("de", "Good evening"), ("en", "Hallo"), ("fr", "Salut"),
    ]  # fmt: skip
    with organization_scope(stored_talk.organization):
        assert Transcript.objects.count() == 4


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({}, "invalid", ["cues"]),
        ({"cues": CUES, "text": "WEBVTT"}, "invalid", ["cues"]),
        ({"cues": []}, "captions_empty", ["cues"]),
        ({"text": "just words"}, "captions_unreadable", ["text"]),
        ({"cues": CUES, "language": "German!"}, "invalid_language", ["language"]),
        ({"cues": [{"start": 1, "end": 1, "text": "a"}]}, "invalid", ["cues.0"]),
    ],
)
def test_words_that_cannot_be_are_refused(maker, words, body, code, fields):
    answer = put(maker, words, **body)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (400, code, fields)


def test_versions_are_listed_read_chosen_and_deleted(stored_talk, maker, words):
    first = str(stored_talk.transcript_id)
    second = put(maker, words, cues=CUES[:1]).json()["id"]

    listed = [(one["id"], one["is_present"]) for one in maker.get(f"{words}versions/").json()]
    read = maker.get(f"{words}versions/{first}/").json()["cues"]
    chosen = maker.post(f"{words}versions/{first}/choose/").json()
    refused = maker.delete(f"{words}versions/{first}/")
    deleted = maker.delete(f"{words}versions/{second}/")

    assert (listed, read) == ([(second, True), (first, False)], CUES)
    assert (chosen["id"], chosen["is_present"], str(present(stored_talk).pk)) == (first, True, first)
    assert (refused.status_code, refused.json()["error"]["code"], deleted.status_code) == (409, "in_use", 204)


def test_versions_of_other_media_are_not_found(stored_talk, maker, words, scope):
    other = Media.objects.create(source="upload", source_path="b.mp4", title="Other")
    foreign = publish_transcript(other, [TimedText(0, 1, "a")], language="en", method="sidecar")

    answers = [
        maker.get(f"{words}versions/{foreign.pk}/"), maker.delete(f"{words}versions/{foreign.pk}/"),
        maker.post(f"{words}versions/{foreign.pk}/choose/"),
    ]  # fmt: skip

    assert [one.status_code for one in answers] == [404] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_versions_costs_the_same(stored_talk, maker, words, count):
    for number in range(count - 1):
        put(maker, words, cues=[{**CUES[0], "text": f"Version {number}"}])

    with CaptureQueriesContext(connection) as queries:
        answer = maker.get(f"{words}versions/")

    assert (len(answer.json()), len(queries)) == (count, QUERIES_OF_VERSIONS)


def test_where_words_were_looked_for_is_told(stored_talk, maker, words):
    with organization_scope(stored_talk.organization):
        for method, outcome in (("sidecar", Outcome.FOUND), ("host", Outcome.NONE)):
            Rung.objects.create(
                media=stored_talk, job_id=stored_talk.pk, method=method, outcome=outcome, message=f"About {method}",
                detail="For operators", seconds_taken=0.5,
            )  # fmt: skip

    told = maker.get(f"{words}search/").json()
    asked = maker.post(f"{words}search/")
    again = maker.post(f"{words}search/")

    assert [(one["method"], one["outcome"], one["message"]) for one in told] == [
        ("sidecar", "found", "About sidecar"), ("host", "none", "About host"),
    ]  # fmt: skip
    assert ("detail" in told[0], asked.status_code) == (False, 202)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "under_way")


# In the back office


def test_editor_has_the_player_and_its_versions(stored_talk, maker, page, words):
    text = maker.get(page).content.decode()

    assert [
        one in text for one in (f'data-url="{words}"', "data-player", "Read now", "Caption file (.vtt or .srt)")
    ] == [True] * 4


def test_media_page_says_where_words_were_looked_for(stored_talk, maker, page):
    with organization_scope(stored_talk.organization):
        Rung.objects.create(
            media=stored_talk, job_id=stored_talk.pk, method="host", outcome="none", message="No <b>luck</b>"
        )

    text = maker.get(page.replace("transcript/", "change/")).content.decode()

    assert ("Where the words were looked for" in text, "No &lt;b&gt;luck&lt;/b&gt;" in text) == (True, True)


def test_page_takes_a_caption_file(stored_talk, maker, page):
    file = SimpleUploadedFile("talk.de.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHallo\n")

    answer = maker.post(page, {"captions": file, "language": ""}, follow=True)

    assert "1 words in Deutsch are read from now on." in answer.content.decode()
    with organization_scope(stored_talk.organization):
        assert [cue.text for cue in present(stored_talk).cues.all()] == ["Hallo"]


@pytest.mark.parametrize(
    ("content", "words_shown"), [(b"just words", "could not be read as captions"), (b"", "no captions")]
)
def test_page_refuses_what_is_no_caption_file(stored_talk, maker, page, content, words_shown):
    answer = maker.post(page, {"captions": SimpleUploadedFile("a.vtt", content)}, follow=True)

    assert words_shown in answer.content.decode()
    with organization_scope(stored_talk.organization):
        assert Transcript.objects.count() == 1


def test_page_chooses_and_deletes_versions(stored_talk, maker, page):
    with organization_scope(stored_talk.organization):
        first = present(stored_talk)
        second = publish_transcript(stored_talk, [TimedText(0, 1, "a")], language="en", method="edited")

    maker.post(f"{page}{first.pk}/choose/")
    maker.post(f"{page}{second.pk}/delete/")
    refused = maker.post(f"{page}{first.pk}/delete/", follow=True)

    with organization_scope(stored_talk.organization):
        assert (present(stored_talk), list(Transcript.objects.all())) == (first, [first])
    assert "This version is being read." in refused.content.decode()


def test_page_looks_for_words_again(stored_talk, maker, page):
    maker.post(f"{page}search/")

    assert list(Job.objects.filter(kind="transcribe_media").values_list("subject_id", flat=True)) == [stored_talk.pk]


def test_pages_are_for_makers(bob, client_of, page):
    client = client_of(bob)

    assert [client.get(page).status_code, client.post(f"{page}search/").status_code] == [302, 302]


HOSTILE = '<script>alert("x")</script>\x1b[31m\u200b</script><!-- {{ 7*7 }}'


def test_markup_reaches_no_page(stored_talk, maker, page, words):
    """Also where it stands in the table, past all that cleans it."""
    with organization_scope(stored_talk.organization):
        Cue.objects.update(text=HOSTILE, speaker="<img src=x>")
        Rung.objects.create(media=stored_talk, job_id=stored_talk.pk, method="host", outcome="none", message=HOSTILE)
        assert rungs_tried(stored_talk)[0].message == HOSTILE
    addresses = [page, page.replace("transcript/", "change/"), f"/harbor/media/{stored_talk.pk}/"]

    pages = [maker.get(address, follow=True).content.decode() for address in addresses]
    files = [maker.get(f"{words}?as={kind}").content.decode() for kind in ("vtt", "srt")]

    assert [text for text in (*pages, *files) if "<script>alert" in text or "<img src=x" in text] == []
