"""All data about a person, for that person: complete, nothing about others, and gone after a while."""

import json
import os
import stat
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import DataExport, Role
from accounts.services.erasure import erase_account
from accounts.services.export_files import remove_expired_exports
from accounts.services.exports import ExportState, latest_export, request_export, state_of, write_archive
from core.errors import Refused
from core.holdings import all_holdings
from core.jobs.schedule import enqueue_due
from core.models import Job
from core.tenancy import every_organization, organization_scope
from tests.accounts.traces import ADDRESS, NAME, learn, make_member, somebody
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def thea(alice, bob, organization, charlie, other_organization):
    """Creator at harbor, removed from summit, with traces in both."""
    user = somebody()
    with organization_scope(organization):
        make_member(user, organization, by=alice)
        learn(user, organization, others=[bob])
    with organization_scope(other_organization):
        membership = make_member(user, other_organization, by=charlie, role=Role.LEARNER)
        learn(user, other_organization, others=[charlie])
        membership.is_active, membership.removed_at = False, timezone.now()
        membership.save()
    return user


def archive_of(user):
    file = BytesIO()
    write_archive(file, user)
    return ZipFile(file)


def contents(archive):
    return {name: archive.read(name).decode() for name in archive.namelist()}


def records(archive, name):
    return json.loads(archive.read(f"{name}.json"))


def test_every_place_is_in_it_and_explained(thea):
    archive = archive_of(thea)

    assert sorted(archive.namelist()) == sorted(["README.txt", *(f"{place.name}.json" for place in all_holdings())])
    explained = archive.read("README.txt").decode()
    assert [place.name for place in all_holdings() if f"{place.name}.json\n    {place.about}" not in explained] == []


def test_it_spans_all_organizations_also_those_one_left(thea):
    archive = archive_of(thea)

    assert [(one["organization__name"], one["role"], one["is_active"]) for one in records(archive, "memberships")] == [
        ("Harbor School", "creator", True), ("Summit Academy", "learner", False),
    ]  # fmt: skip
    names = ("profile", "email_addresses", "visits", "watched", "enrollments", "quiz_attempts", "events", "api_tokens")
    assert {name: len(records(archive, name)) for name in names} == {
        "profile": 1, "email_addresses": 2, "visits": 12, "watched": 2, "enrollments": 2, "quiz_attempts": 2,
        "events": 32, "api_tokens": 2,
    }  # fmt: skip
    assert records(archive, "profile")[0]["email"] == ADDRESS
    assert records(archive, "quiz_attempts")[0]["answers"] == {"q": f"I, {NAME}"}


def test_it_says_nothing_about_others_and_holds_no_secret(thea, alice, bob, charlie):
    everything = "\n".join(contents(archive_of(thea)).values())

    strangers = [alice, bob, charlie]
    told = [
        text
        for text in (
            *(user.email for user in strangers), *(str(user.pseudonym) for user in strangers), "guest@example.test",
            thea.password, "sealed", "digest",
        )
        if text in everything
    ]  # fmt: skip
    assert told == []


def test_of_somebody_else_there_is_nothing(thea, bob):
    assert [text for text in (ADDRESS, NAME, str(thea.pk)) if text in "".join(contents(archive_of(bob)).values())] == []


def ask(user, work_off):
    """Answers the export and the path of the link that came by mail."""
    export = request_export(user)
    work_off()
    export.refresh_from_db()
    [sent] = [sent for sent in mail.outbox if sent.subject == "Your data is ready"]
    link = next(word for word in sent.body.split() if word.startswith("http"))
    return export, link.removeprefix("http://localhost:8000")


def test_link_comes_by_mail_and_opens_for_that_person(bob, work_off, client_of):
    export, link = ask(bob, work_off)

    response = client_of(bob).get(link)

    file = BytesIO(b"".join(response.streaming_content))
    assert (response.status_code, response["Content-Type"], len(file.getvalue())) == (
        200,
        "application/zip",
        export.size,
    )
    assert (response["Content-Disposition"], response["Cache-Control"]) == (
        'attachment; filename="lectern-data.zip"', "no-store",
    )  # fmt: skip
    assert records(ZipFile(file), "profile")[0]["email"] == bob.email


def test_link_opens_for_nobody_else(bob, alice, work_off, client_of):
    _export, link = ask(bob, work_off)

    assert client_of(alice).get(link).status_code == 404
    assert Client().get(link)["Location"].startswith("/accounts/login/")
    assert client_of(bob).get("/account/data/guessed/").status_code == 404


def test_secret_of_the_link_is_not_stored(bob, work_off):
    export, link = ask(bob, work_off)

    secret = link.split("/")[-2]
    assert (secret in str(DataExport.objects.values().get()), len(export.digest)) == (False, 64)


def test_link_expires(bob, work_off, client_of, settings):
    export, link = ask(bob, work_off)
    days = (export.expires_at - export.finished_at).days
    DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert (days, client_of(bob).get(link).status_code, latest_export(bob)) == (settings.DATA_EXPORT_DAYS, 404, None)


def test_expired_files_strays_and_failures_are_removed(bob, alice, charlie, work_off):
    for user in (bob, alice):
        request_export(user)
    work_off()
    young, old = latest_export(bob), latest_export(alice)
    DataExport.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    DataExport.objects.create(user=charlie)
    DataExport.objects.filter(user=charlie).update(created_at=timezone.now() - timedelta(days=1))
    stray, fresh = (default_storage.save(f"exports/{name}.zip", ContentFile(b"zip")) for name in ("stray", "fresh"))
    long_ago = timezone.now().timestamp() - 86_400
    os.utime(default_storage.path(stray), (long_ago, long_ago))

    assert remove_expired_exports() == 3

    assert list(DataExport.objects.all()) == [young]
    kept = {path: default_storage.exists(path) for path in (young.file_path, fresh, old.file_path, stray)}
    assert list(kept.values()) == [True, True, False, False]


def test_removing_is_on_the_schedule(db):
    with every_organization(reason="the schedule belongs to no organization"):
        enqueue_due()

        assert Job.objects.filter(kind="remove_expired_exports").count() == 1


def test_one_at_a_time(bob, work_off):
    first = request_export(bob)

    with pytest.raises(Refused) as refusal:
        request_export(bob)

    assert (refusal.value.code, refusal.value.status, DataExport.objects.get()) == ("export_running", 409, first)


def test_a_new_one_takes_the_place_of_the_old(bob, work_off):
    request_export(bob)
    work_off()
    first = latest_export(bob)

    request_export(bob)
    work_off()

    assert latest_export(bob).pk != first.pk
    assert (DataExport.objects.count(), default_storage.exists(first.file_path)) == (1, False)


def test_failed_one_says_so_and_can_be_asked_for_again(bob):
    export = request_export(bob)
    Job.objects.filter(subject_id=export.pk).update(state="failed")

    assert state_of(export) == ExportState.FAILED
    assert state_of(request_export(bob)) == ExportState.PREPARING


def test_asking_from_an_organizations_page_is_no_business_of_it(bob, scope):
    export = request_export(bob)

    with organization_scope(None):
        assert Job.objects.get(subject_id=export.pk).organization is None


def test_nothing_is_left_when_the_person_is_erased_meanwhile(bob, work_off):
    request_export(bob)

    erase_account(bob)
    work_off()

    assert (DataExport.objects.count(), [sent.subject for sent in mail.outbox]) == (0, ["Your account was erased"])
    assert not default_storage.exists("exports")


def test_page_asks_shows_and_gives(bob, work_off, client_of):
    client = client_of(bob)

    assert b"Ask for my data" in client.get("/account/data/").content
    client.post("/account/data/")
    assert b"In preparation" in client.get("/account/data/").content
    work_off()
    assert b"Ready" in client.get("/account/data/").content


def test_download_from_the_page_asks_who_one_is(bob, work_off):
    request_export(bob)
    work_off()
    client = logged_in(bob)

    asked = client.get("/account/data/download/")
    client.post(asked["Location"], {"password": PASSWORD})

    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    sent = b"".join(client.get("/account/data/download/").streaming_content)
    assert len(sent) == latest_export(bob).size


def test_asking_for_the_data_asks_who_one_is(bob):
    client = logged_in(bob)

    asked = client.post("/account/data/")
    before = latest_export(bob)
    client.post(asked["Location"], {"password": PASSWORD})

    assert (asked["Location"], before) == ("/accounts/reauthenticate/?next=%2Faccount%2Fdata%2F", None)
    assert latest_export(bob) is not None


def logged_in(person):
    """In a browser that has been open for some time."""
    client = Client()
    client.force_login(person, backend="accounts.backends.EmailBackend")
    return client


def test_operator_writes_a_file_that_only_they_can_read(thea, tmp_path):
    path = tmp_path / "data.zip"

    call_command("export_account", ADDRESS.upper(), "--output", str(path))

    assert records(ZipFile(path), "profile")[0]["name"] == NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="cannot be written: File exists"):
        call_command("export_account", ADDRESS, "--output", str(path))
    with pytest.raises(CommandError, match="no account of nobody@harbor.test"):
        call_command("export_account", "nobody@harbor.test", "--output", str(tmp_path / "other.zip"))
