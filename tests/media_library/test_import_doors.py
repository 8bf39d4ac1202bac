"""The doors of importing: the page, the API, the command."""

import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from core.models import Job
from core.tenancy import organization_scope
from media_library.importing.documents import read_items
from media_library.models import Import, ImportRow, Media
from media_library.services.importing import start_import

PAGE = reverse("admin:media_library_media_import")
IMPORTS = reverse("admin:media_library_media_imports")
API = "/api/v1/harbor/imports/"
LIST = "https://www.youtube.com/playlist?list=PLaaaaaaaaaaaaaaaa"


def address(number: int) -> str:
    return f"https://www.youtube.com/watch?v={number:011d}"


def result_of(batch: Import, part: str = "result") -> str:
    return reverse(f"admin:media_library_media_import_{part}", args=[batch.pk])


def text_of(response) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


def post_json(client, path: str, body: dict):
    return client.post(path, json.dumps(body), content_type="application/json")


def markdown(number: int) -> SimpleUploadedFile:
    content = f"---\ntitle: Talk {number}\nyoutubeId: '{number:011d}'\n---\n"
    return SimpleUploadedFile(f"{number}.md", content.encode())


@pytest.fixture
def batch(organization, alice) -> Import:
    """Added, here twice, refused, and a list that waits."""
    with organization_scope(organization):
        told = [address(1), address(1), "https://nowhere.example/a", LIST]
        return start_import(read_items(told), format="pasted", by=alice)


# The page


def test_pasted_addresses_lead_to_what_became_of_them(organization, alice, client_of):
    client = client_of(alice)

    page = client.post(PAGE, {"addresses": f"See {address(1)}\nnonsense", "import": "1"}, follow=True)

    with organization_scope(organization):
        batch, media = Import.objects.get(), Media.objects.get()
    assert page.redirect_chain == [(result_of(batch), 302)]
    text = text_of(page)
    assert "2 All 1 Added 1 Refused" in text
    assert f'href="{reverse("admin:media_library_media_change", args=[media.pk])}"' in page.content.decode()
    assert "2 nonsense Refused There is no address of a video in it. no_address" in text


def test_trying_first_shows_what_would_happen_and_writes_nothing(batch, organization, alice, client_of):
    with organization_scope(organization):
        before = Import.objects.count(), ImportRow.objects.count(), Media.objects.count()

    page = client_of(alice).post(PAGE, {"addresses": f"{address(1)} {address(2)} {LIST}", "try": "1"})

    with organization_scope(organization):
        assert (Import.objects.count(), ImportRow.objects.count(), Media.objects.count()) == before
    text = text_of(page)
    assert "1 Added 1 Already here 1 List, its videos below" in text
    assert "The library has it already, as “youtube.com/watch?v=00000000001”." in text
    assert f"{address(1)} {address(2)} {LIST}</textarea>" in unescape(page.content.decode())


def test_several_markdown_files_are_taken(organization, alice, client_of):
    client_of(alice).post(PAGE, {"files": [markdown(1), markdown(2)], "import": "1"})

    with organization_scope(organization):
        assert sorted(Media.objects.values_list("title", flat=True)) == ["Talk 1", "Talk 2"]
        assert (Import.objects.get().format, str(Import.objects.get())) == ("markdown", "2 files")


def test_tried_file_has_to_be_chosen_again_and_the_page_says_so(organization, alice, client_of):
    page = client_of(alice).post(PAGE, {"files": [markdown(1)], "try": "1"})

    assert "choose “1.md” again and press Import" in text_of(page)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Paste addresses, or choose a file."),
        ({"addresses": "Hello there"}, "There is no address of a video in it."),
        ({"addresses": "a" * 10, "file": True}, "Give either addresses or a file, not both."),
        ({"file": "a.mp4"}, "A file of this kind is not understood."),
        ({"file": "a.csv"}, "The first line names the columns"),
        ({"file": "empty.csv"}, "There is nothing in this file."),
    ],
)
def test_what_cannot_be_read_is_told_beside_it_and_nothing_typed_is_lost(organization, alice, client_of, sent, words):
    name = sent.pop("file", None)
    if name:
        content = b"" if name == "empty.csv" else b"a,b\nc,d\n"
        sent |= {"files": SimpleUploadedFile(name if isinstance(name, str) else "a.csv", content)}

    page = client_of(alice).post(PAGE, {**sent, "import": "1"})

    assert (page.status_code, words in text_of(page)) == (200, True)
    assert 'role="alert"' in page.content.decode()
    with organization_scope(organization):
        assert Import.objects.count() == 0


def test_form_of_another_organization_is_refused(organization, other_organization, alice, client_of):
    sent = {"addresses": address(1), "opened_in": str(other_organization.pk), "import": "1"}

    page = client_of(alice).post(PAGE, sent)

    assert "You have switched to another organization since this form was opened." in text_of(page)
    with organization_scope(organization):
        assert Import.objects.count() == 0


def test_result_lives_while_rows_wait_and_rests_afterwards(batch, organization, alice, client_of):
    client = client_of(alice)
    waiting = client.get(result_of(batch)).content.decode(), client.get(result_of(batch, "rows")).content.decode()
    with organization_scope(organization):
        ImportRow.objects.filter(state="waiting").update(state="refused", code="private", message="It is private.")

    done = client.get(result_of(batch, "rows"))

    assert [f'data-status-url="{result_of(batch, "rows")}?state=&amp;page=1"' in waiting[0]] == [True]
    assert ['data-live="true"' in one for one in (*waiting, done.content.decode())] == [True, True, False]
    assert "It is private. private" in text_of(done)
    assert result_of(batch, "retry") in done.content.decode()


def test_rows_are_filtered_by_state(batch, alice, client_of):
    client = client_of(alice)

    shown = {state: text_of(client.get(result_of(batch), {"state": state})) for state in ("refused", "added", "x")}

    assert ["nowhere.example" in text for text in shown.values()] == [True, False, True]


def test_long_imports_are_paged(organization, alice, client_of):
    with organization_scope(organization):
        batch = start_import(read_items([f"nonsense{n}" for n in range(205)]), format="pasted", by=alice)
    client = client_of(alice)

    pages = [text_of(client.get(result_of(batch), {"page": number})) for number in (1, 2, 3)]

    assert [f"Page {number} of 3" in page for number, page in enumerate(pages, 1)] == [True] * 3
    assert [len(re.findall(r"nonsense\d+ ", page)) for page in pages] == [100, 100, 5]


def test_refused_rows_are_tried_again_by_a_button(batch, organization, alice, client_of):
    with organization_scope(organization):
        ImportRow.objects.filter(state="waiting").update(state="refused", code="network", message="No answer.")
    client = client_of(alice)

    words = [text_of(client.post(result_of(batch, "retry"), follow=True)) for _ in range(2)]

    assert "1 row is tried again." in words[0]
    assert "Nothing in this import can be tried again" in words[1]
    with organization_scope(organization):
        assert list(ImportRow.objects.filter(state="waiting").values_list("address", flat=True)) == [LIST]


def test_import_that_is_put_off_says_until_when_and_why_and_rests(batch, organization, alice, client_of):
    later = timezone.now() + timedelta(hours=8)
    with organization_scope(organization):
        ImportRow.objects.filter(state="waiting").update(code="quota_exhausted", message="Tomorrow again.")
        Job.objects.filter(kind="settle_import").update(available_at=later, postponements=1)

    page = client_of(alice).get(result_of(batch))

    when = date_format(timezone.localtime(later, organization.zone), "DATETIME_FORMAT")
    assert f"This goes on by itself at {when}: you may leave this page." in text_of(page)
    assert ("Waiting Tomorrow again." in text_of(page), 'data-live="true"' in page.content.decode()) == (True, False)


def test_import_is_stopped_by_a_button(batch, organization, alice, client_of):
    client = client_of(alice)
    shown = client.get(result_of(batch)).content.decode()

    words = [text_of(client.post(result_of(batch, "stop"), follow=True)) for _ in range(2)]

    assert result_of(batch, "stop") in shown
    assert "This import is being stopped." in words[0]
    assert "Nothing in this import is going on." in words[1]
    assert "Refused This was stopped. cancelled" in words[1]
    with organization_scope(organization):
        assert Job.objects.get(kind="settle_import").state == "cancelled"


def test_past_imports_are_listed(batch, alice, client_of):
    pages = [text_of(client_of(alice).get(one)) for one in (PAGE, IMPORTS)]

    assert ["Pasted addresses" in page and "1 Waiting 1 Added 1 Already here 1 Refused" in page for page in pages] == [
        True
    ] * 2


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("page", "statements"), [("result", 8), ("rows", 7)])
def test_pages_take_the_same_statements_with_any_number_of_rows(organization, alice, client_of, rows, page, statements):
    with organization_scope(organization):
        batch = start_import(read_items([address(n) for n in range(rows)]), format="pasted", by=alice)
    client = client_of(alice)
    client.get(result_of(batch, page))

    with CaptureQueriesContext(connection) as captured:
        client.get(result_of(batch, page))

    assert len(captured) == statements, "\n".join(one["sql"][:200] for one in captured)


@pytest.mark.parametrize("imports", [1, 3])
def test_list_of_imports_takes_the_same_statements(organization, alice, client_of, imports):
    with organization_scope(organization):
        for number in range(imports):
            start_import(read_items([address(number)]), format="pasted", by=alice)
    client = client_of(alice)
    client.get(IMPORTS)

    with CaptureQueriesContext(connection) as captured:
        client.get(IMPORTS)

    assert len(captured) == 8, "\n".join(one["sql"][:200] for one in captured)


def test_imports_are_for_makers_of_the_organization(batch, bob, charlie, client_of):
    pages = [PAGE, IMPORTS, result_of(batch), result_of(batch, "rows")]

    assert [client_of(bob).get(page).status_code for page in pages] == [302] * 4
    assert [client_of(charlie).get(page).status_code for page in pages] == [200, 200, 404, 404]
    assert [client_of(charlie).post(result_of(batch, door)).status_code for door in ("retry", "stop")] == [404] * 2
    assert client_of(bob).post(result_of(batch, "stop")).status_code == 302
    assert "Pasted addresses" not in text_of(client_of(charlie).get(IMPORTS))


def test_media_list_and_upload_page_lead_here(organization, alice, client_of):
    pages = [reverse("admin:media_library_media_changelist"), reverse("admin:media_library_media_add")]

    assert [f'href="{PAGE}"' in client_of(alice).get(page).content.decode() for page in pages] == [True, True]


# The API


def test_api_imports_addresses_and_tells_what_became_of_them(organization, alice, client_of):
    client = client_of(alice)

    started = post_json(client, API, {"addresses": [address(1), "nonsense"]})
    found = client.get(f"{API}{started.json()['id']}/")
    rows = client.get(f"{API}{started.json()['id']}/rows/").json()
    refused = client.get(f"{API}{started.json()['id']}/rows/?state=refused").json()

    with organization_scope(organization):
        media = Media.objects.get()
    assert started.status_code == 202
    assert started.json()["counts"] == {"waiting": 0, "added": 1, "here": 0, "listed": 0, "refused": 1}
    assert (started.json()["is_done"], started.json()["by"], found.json()) == (True, str(alice.pk), started.json())
    assert [(one["position"], one["state"], one["media"], one["code"]) for one in rows["results"]] == [
        (1, "added", str(media.pk), ""),
        (2, "refused", None, "unknown_address"),
    ]
    assert ([one["position"] for one in refused["results"]], rows["count"]) == ([2], 2)
    assert client.get(API).json()["results"] == [found.json()]


def test_api_imports_objects_with_facts(organization, alice, client_of):
    items = [{"youtubeId": f"{1:011d}", "title": "Tides", "tags": ["sea"]}]

    answer = post_json(client_of(alice), API, {"items": items})

    assert (answer.status_code, answer.json()["format"]) == (202, "json")
    with organization_scope(organization):
        assert Media.objects.get().title == "Tides"


def test_api_imports_files(organization, alice, client_of):
    table = SimpleUploadedFile("talks.csv", f"url,title\n{address(1)},Tides\n".encode())
    client = client_of(alice)

    answers = [client.post(API, {"file": table}), client.post(API, {"file": [markdown(1), markdown(2)]})]

    assert [(one.status_code, one.json()["format"], one.json()["name"]) for one in answers] == [
        (202, "csv", "talks.csv"),
        (202, "markdown", "2 files"),
    ]
    assert [(one.json()["counts"]["added"], one.json()["counts"]["here"]) for one in answers] == [(1, 0), (1, 1)]


def test_api_dry_run_writes_nothing(batch, organization, alice, client_of):
    answer = post_json(client_of(alice), f"{API}?dry_run=true", {"addresses": [address(1), address(2), "x"]})

    assert answer.status_code == 200
    assert answer.json()["counts"] == {"waiting": 0, "added": 1, "here": 1, "listed": 0, "refused": 1}
    assert [(one["position"], one["state"], one["code"]) for one in answer.json()["rows"]] == [
        (1, "here", "already_here"),
        (2, "added", ""),
        (3, "refused", "unknown_address"),
    ]
    with organization_scope(organization):
        assert (Import.objects.count(), Media.objects.count()) == (1, 1)


@pytest.mark.parametrize(("said", "rows"), [("1", 0), ("True", 0), ("yes", 0), ("0", 1), ("false", 1)])
def test_api_dry_run_is_said_in_the_usual_words(organization, alice, client_of, said, rows):
    answer = post_json(client_of(alice), f"{API}?dry_run={said}", {"addresses": [address(1)]})

    assert answer.status_code == (202 if rows else 200)
    with organization_scope(organization):
        assert (ImportRow.objects.count(), Media.objects.count()) == (rows, rows)


def test_api_refuses_nonsense_for_a_dry_run_and_writes_nothing(organization, alice, client_of):
    answer = post_json(client_of(alice), f"{API}?dry_run=perhaps", {"addresses": [address(1)]})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
    assert list(answer.json()["error"]["fields"]) == ["dry_run"]
    with organization_scope(organization):
        assert Import.objects.count() == 0


def test_api_purges_where_that_is_said_in_the_usual_words(organization, alice, client_of):
    client = client_of(alice)
    media = [post_json(client, "/api/v1/harbor/media/", {"url": address(number)}).json()["id"] for number in range(3)]

    answers = [
        client.delete(f"/api/v1/harbor/media/{key}/?purge={said}")
        for key, said in zip(media, ("True", "0", "perhaps"), strict=True)
    ]

    assert [answer.status_code for answer in answers] == [204, 204, 400]
    with organization_scope(organization):
        found = list(Media.objects.order_by("pk").values_list("pk", "publication"))
    assert [(str(key), publication) for key, publication in found] == [(media[1], "archived"), (media[2], "draft")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "empty"),
        ({"addresses": []}, "empty"),
        ({"addresses": "x"}, "invalid"),
        ({"items": ["x"]}, "invalid"),
        ({"addresses": ["x"] * 2001}, "too_many_rows"),
    ],
)
def test_api_refuses_in_its_own_shape(organization, alice, client_of, body, code):
    answer = post_json(client_of(alice), API, body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_api_refuses_files_it_cannot_read(organization, alice, client_of):
    answer = client_of(alice).post(API, {"file": SimpleUploadedFile("a.mp4", b"x")})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_format")
    assert list(answer.json()["error"]["fields"]) == ["file"]


def test_api_tries_again(batch, organization, alice, client_of):
    with organization_scope(organization):
        ImportRow.objects.filter(state="waiting").update(state="refused", code="network", message="No answer.")
    client = client_of(alice)

    answers = [client.post(f"{API}{batch.pk}/retry/") for _ in range(2)]

    assert [one.status_code for one in answers] == [202, 409]
    assert answers[0].json()["counts"]["waiting"] == 1


def test_api_stops_what_waits(batch, organization, alice, client_of):
    client = client_of(alice)

    answers = [client.post(f"{API}{batch.pk}/stop/") for _ in range(2)]
    refused = client.get(f"{API}{batch.pk}/rows/?state=refused").json()["results"]

    assert [one.status_code for one in answers] == [202, 409]
    assert (answers[0].json()["is_done"], answers[1].json()["error"]["code"]) == (True, "nothing_to_stop")
    assert [(one["address"], one["code"]) for one in refused] == [
        ("https://nowhere.example/a", "unknown_address"),
        (LIST, "cancelled"),
    ]


def test_api_adds_one_video(organization, alice, client_of):
    client = client_of(alice)
    told = {"url": address(1), "title": "Tides", "tags": ["sea"], "categories": ["Water"]}

    answers = [post_json(client, "/api/v1/harbor/media/", body) for body in (told, {"url": address(1)}, {"url": "x"})]

    assert [one.status_code for one in answers] == [201, 200, 400]
    first, second, refused = [one.json() for one in answers]
    assert (first["title"], first["status"], first["source"]) == ("Tides", "pending", "youtube")
    assert ([one["name"] for one in first["tags"]], [one["name"] for one in first["categories"]]) == (
        ["sea"],
        ["Water"],
    )
    assert (second["id"], refused["error"]["code"]) == (first["id"], "unknown_address")


def test_api_of_imports_is_for_makers_of_the_organization(batch, bob, charlie, client_of):
    one = f"{API}{batch.pk}/"
    own = one.replace("harbor", "summit")

    assert [client_of(bob).get(path).status_code for path in (API, one, f"{one}rows/")] == [403] * 3
    assert post_json(client_of(bob), API, {"addresses": ["x"]}).status_code == 403
    assert post_json(client_of(bob), "/api/v1/harbor/media/", {"url": address(1)}).status_code == 403
    assert [client_of(charlie).get(path).status_code for path in (API, one, own, f"{own}rows/")] == [404] * 4
    assert [client_of(charlie).post(f"{own}{door}/").status_code for door in ("retry", "stop")] == [404] * 2
    assert [client_of(bob).post(f"{one}{door}/").status_code for door in ("retry", "stop")] == [403] * 2


# The command


def run(*arguments: str, email: str = "alice@harbor.test") -> tuple[list[str], str, int]:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_media", *arguments, organization="harbor", email=email, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return out.getvalue().splitlines(), err.getvalue().strip(), code


def test_command_imports_a_folder_and_does_nothing_the_second_time(organization, alice, tmp_path):
    for number in (1, 2):
        (tmp_path / f"{number}.md").write_bytes(markdown(number).read())

    first, second = run(str(tmp_path)), run(str(tmp_path))

    assert (first[1:], second[1:]) == (("2 added", 0), ("2 here", 0))
    assert first[0] == [f"{number}: added: {address(number)}" for number in (1, 2)]
    with organization_scope(organization):
        assert Media.objects.filter(creator=alice).count() == 2


def test_command_tries_without_writing_and_speaks_json(organization, alice, tmp_path):
    (tmp_path / "talks.csv").write_text(f"url\n{address(1)}\nnonsense\n")

    lines, counts, code = run(str(tmp_path / "talks.csv"), "--dry-run", "--json")

    assert (counts, code) == ("1 added, 1 refused", 0)
    assert [(one["position"], one["state"], one["code"]) for one in map(json.loads, lines)] == [
        (2, "added", ""),
        (3, "refused", "unknown_address"),
    ]
    with organization_scope(organization):
        assert (Import.objects.count(), Media.objects.count()) == (0, 0)


def test_command_reads_standard_input(organization, alice, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{address(1)}\n{address(2)}\n".encode())))

    assert run("-")[1:] == ("2 added", 0)


def test_command_settles_more_than_a_request_does(organization, alice, tmp_path):
    (tmp_path / "all.txt").write_text("\n".join(map(address, range(45))))

    assert run(str(tmp_path / "all.txt"))[1:] == ("45 added", 0)


def test_command_fails_where_every_row_was_refused(organization, alice, tmp_path):
    (tmp_path / "all.txt").write_text("nonsense\nmore\n")

    assert run(str(tmp_path / "all.txt"))[1:] == ("2 refused", 1)


@pytest.mark.parametrize("name", ["none.csv", "bad.json", "a.mp4"])
def test_command_says_what_it_cannot_read(organization, alice, tmp_path, name):
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "a.mp4").write_text("x")

    with pytest.raises(CommandError) as error:
        run(str(tmp_path / name))

    assert str(error.value) != ""


def test_command_is_for_members_who_may(organization, bob, charlie, tmp_path):
    (tmp_path / "all.txt").write_text(address(1))

    for email in (bob.email, charlie.email):
        with pytest.raises(CommandError):
            run(str(tmp_path / "all.txt"), email=email)
