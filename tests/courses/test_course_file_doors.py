"""The doors of courses as files: commands, back office, API."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from core.tenancy import organization_scope
from courses.models import Course
from tests.courses.filled_course import exported


def test_commands_write_and_read_files(filled, organization, charlie, tmp_path, capfd):
    path = tmp_path / "tides.zip"

    call_command("export_course", "harbor", filled.slug, output=str(path), with_media=True)
    call_command("export_course", "harbor", filled.slug, output="-", with_media=True)
    told = capfd.readouterr()
    call_command("import_course", "summit", str(path), email="charlie@summit.test", json=True)
    answer = json.loads(capfd.readouterr().out)

    with organization_scope(organization):
        assert path.read_bytes() == exported(filled, with_media=True)
    assert told.err.splitlines()[0] == f"“Tides – whole” was written to {path}."
    assert (answer["course"], answer["items"], answer["uploaded"]) == ("tides-whole", 7, ["Our film"])
    with pytest.raises(CommandError, match="File exists"):
        call_command("export_course", "harbor", filled.slug, output=str(path))
    with pytest.raises(CommandError, match="There is no course 'none' in harbor."):
        call_command("export_course", "harbor", "none")
    with pytest.raises(CommandError, match="It cannot be read as a zip."):
        call_command("import_course", "summit", __file__, email="charlie@summit.test")


def test_back_office_exports_and_imports(filled, organization, alice, charlie, client_of):
    client, guest = client_of(alice), client_of(charlie)
    file = b"".join(client.get(f"/admin/courses/course/{filled.pk}/export/?with_media=1").streaming_content)

    def post(**pressed: str) -> Any:
        return guest.post("/admin/courses/course/import/", {"file": SimpleUploadedFile("c.zip", file), **pressed})

    trial, done = post(), post(**{"import": "1"})
    broken = guest.post("/admin/courses/course/import/", {"file": SimpleUploadedFile("c.zip", b"x")})

    with organization_scope(charlie.memberships.get().organization):
        course = Course.objects.get()
    assert "“Tides – whole” would come" in trial.content.decode()
    assert done.headers["Location"] == f"/admin/courses/course/{course.pk}/change/#outline"
    assert "It cannot be read as a zip." in broken.content.decode()
    page = f"/admin/courses/course/{filled.pk}/"
    assert f'href="{page}export/"' in client.get(f"{page}change/").content.decode()
    assert "/admin/courses/course/import/" in guest.get("/admin/courses/course/").content.decode()


def test_api_exports_and_imports(filled, organization, alice, bob, charlie, client_of):
    client, guest, learner = client_of(alice), client_of(charlie), client_of(bob)
    page = f"/api/v1/harbor/courses/{filled.pk}/export/"
    answer = client.get(f"{page}?with_media=true")
    file = b"".join(answer.streaming_content)

    def post(query: str = "", content: bytes = file) -> Any:
        sent = {"file": SimpleUploadedFile("c.zip", content)}
        return guest.post(f"/api/v1/summit/courses/import/{query}", sent)

    trial, done, broken = post("?dry_run=true"), post(), post(content=b"")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="tides-whole.zip"'
    assert (trial.status_code, trial.json()["course"], trial.json()["brought"]) == (200, None, ["Their film"])
    assert (done.status_code, done.json()["course"]["slug"], done.json()["chapters"]) == (201, "tides-whole", 2)
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "unreadable_course_file")
    assert (learner.get(page).status_code, guest.get(page).status_code) == (403, 404)
