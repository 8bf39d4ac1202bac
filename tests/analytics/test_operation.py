"""Whether the installation is ready, and what it says about itself to Prometheus."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from analytics.operation import metrics, readiness
from analytics.operation.exposition import Family, written
from core.jobs.liveness import SIGN, leave_sign
from core.models import AiCall, CallState, Job, Unit
from core.tenancy import every_organization, organization_scope
from media_library.models import Media, Source, Status
from tests.processes import environment

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-sufficient-length"
LINE = re.compile(r'(lectern_\w+)(?:\{(\w+="[^"]*"(?:,\w+="[^"]*")*)\})? (\S+)')
README = (Path(site.BASE_DIR) / "README.md").read_text()


@pytest.fixture(autouse=True)
def forgotten():
    """No sign of life of another test, and no success that one had with its storage."""
    cache.delete(SIGN)
    readiness._written.clear()


def checks(client, query=""):
    answer = client.get(f"/readyz/{query}")
    return answer.status_code, {check["name"]: check["ready"] for check in answer.json()["checks"]}


def scraped(client, token=TOKEN):
    return client.get("/metrics/", headers={"Authorization": f"Bearer {token}"})


def figures(client):
    """`{"lectern_jobs_waiting": {'lane="short"': 1.0}}`; fails for a line that is none."""
    lines = [line for line in scraped(client).content.decode().splitlines() if not line.startswith("#")]
    found = {}
    for name, labels, value in (LINE.fullmatch(line).groups() for line in lines):
        found.setdefault(name, {})[labels or ""] = float(value)
    return found


def job(kind="deliver_mail", **facts):
    return Job.objects.create(kind=kind, lane=facts.pop("lane", "short"), key=str(uuid4()), **facts)


def ended(state, *, seconds=10, ago=timedelta(minutes=5), **facts):
    end = timezone.now() - ago
    return job(state=state, started_at=end - timedelta(seconds=seconds), finished_at=end, **facts)


def test_ready_where_everything_works(client):
    leave_sign("here/1")

    assert client.get("/readyz/").json() == {
        "ready": True,
        "checks": [
            {"name": "database", "ready": True, "words": "It answers, and all migrations are applied."},
            {"name": "storage", "ready": True, "words": "Files can be written."},
            {"name": "worker", "ready": True, "words": "A worker is alive."},
        ],
    }


def test_ready_costs_two_statements_and_no_session(client, django_assert_num_queries):
    leave_sign("here/1")
    client.get("/readyz/")

    with django_assert_num_queries(2):
        answer = client.get("/readyz/")

    assert (answer.status_code, answer["Cache-Control"].split(",")[0], answer.cookies) == (200, "max-age=0", {})


def test_not_ready_without_a_worker_unless_that_is_left_out(client, settings):
    cache.set(SIGN, ("here/1", timezone.now() - timedelta(seconds=settings.WORKER_SILENCE_SECONDS + 1)))

    assert checks(client) == (503, {"database": True, "storage": True, "worker": False})
    assert checks(client, "?exclude=worker") == (200, {"database": True, "storage": True})


def test_not_ready_while_a_migration_is_missing(client):
    leave_sign("here/1")
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DELETE FROM django_migrations WHERE (app, name) = (%s, %s)", readiness._newest_migrations()[0])
        cursor.execute("SET ROLE lectern_app")

    assert checks(client) == (503, {"database": False, "storage": True, "worker": True})


def test_not_ready_where_no_file_can_be_written(client, settings, tmp_path):
    leave_sign("here/1")
    (tmp_path / "file").touch()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "file"}
        },
    }  # fmt: skip

    assert checks(client) == (503, {"database": True, "storage": False, "worker": True})


def test_not_ready_without_database_and_says_no_secret(tmp_path):
    ask = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "answer = Client().get('/readyz/', headers={'host': 'localhost'})\n"
        "print(answer.status_code, answer.content.decode())"
    )
    away = environment(tmp_path) | {"DATABASE_URL": "postgres://captain:hidden@127.0.0.1:1/ship"}
    said = subprocess.run(
        [sys.executable, "-c", ask], env=away, cwd=site.BASE_DIR, capture_output=True, text=True, timeout=60, check=True
    )
    status, _, body = said.stdout.partition(" ")

    assert (status, [one["ready"] for one in json.loads(body)["checks"]]) == ("503", [False, True, False])
    assert [word for word in ("captain", "hidden", "127.0.0.1", "ship") if word in body] == []


def test_metrics_open_for_the_token_only(client, settings):
    settings.METRICS_TOKEN = ""
    unset = scraped(client).status_code, scraped(client, "").status_code
    settings.METRICS_TOKEN = TOKEN

    assert unset == (404, 404)
    assert [scraped(client, token).status_code for token in ("", "wrong", "ü", TOKEN)] == [401, 401, 401, 200]
    assert scraped(client)["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_metrics_tell_lanes_work_and_dead_jobs(client, settings):
    settings.METRICS_TOKEN = TOKEN
    job(available_at=timezone.now() - timedelta(minutes=5))
    job(available_at=timezone.now() - timedelta(minutes=2))
    job(available_at=timezone.now() + timedelta(minutes=2), lane="long")
    ended("succeeded", seconds=10)
    ended("succeeded", seconds=30)
    ended("failed", seconds=2)
    ended("failed", seconds=2, ago=timedelta(hours=2))

    found = figures(client)

    assert found["lectern_jobs_waiting"] == {'lane="short"': 2, 'lane="long"': 0, 'lane="hosts"': 0}
    assert found["lectern_jobs_scheduled"] == {'lane="short"': 0, 'lane="long"': 1, 'lane="hosts"': 0}
    assert found["lectern_jobs_oldest_waiting_seconds"]['lane="short"'] == pytest.approx(300, abs=20)
    assert found["lectern_last_hour_jobs"] == {
        'kind="deliver_mail",outcome="succeeded"': 2, 'kind="deliver_mail",outcome="failed"': 1,
        'kind="deliver_mail",outcome="cancelled"': 0,
    }  # fmt: skip
    assert found["lectern_last_hour_job_seconds"] == {'kind="deliver_mail"': pytest.approx(42)}
    assert found["lectern_last_hour_job_seconds_max"] == {'kind="deliver_mail"': pytest.approx(30)}
    assert found["lectern_jobs_dead"] == {'kind="deliver_mail"': 2}


def test_metrics_tell_sources_files_and_costs_of_all_organizations(client, settings, organization, other_organization):
    settings.METRICS_TOKEN = TOKEN
    leave_sign("here/1")
    for one, source, key in (
        (organization, Source.UPLOAD, {"source_path": "a.mp4", "size_bytes": 700}),
        (other_organization, Source.YOUTUBE, {"youtube_video_id": "dQw4w9WgXcQ"}),
    ):
        with organization_scope(one):
            media = Media.objects.create(title="Tides", source=source, status=Status.FAILED, **key)
            ended("failed", kind="inspect_media", subject_id=media.pk, organization=one)
            ended("succeeded", kind="inspect_media", subject_id=media.pk, organization=one)
            AiCall.objects.create(
                provider="api", model="m", purpose="transcription", unit=Unit.SECONDS, quantity=1, price=1, cost="0.25",
                state=CallState.PAID,
            )  # fmt: skip

    found = figures(client)

    assert found["lectern_media_failed"] == {'source="upload"': 1, 'source="youtube"': 1}
    assert found["lectern_last_hour_media_failure_ratio"] == {'source="upload"': 0.5, 'source="youtube"': 0.5}
    assert found["lectern_storage_bytes"]['kind="sources"'] == 700
    assert found["lectern_ai_cost_dollars"]['period="day",purpose="transcription"'] == 0.5
    assert set(found["lectern_disk_free_bytes"]) == {'disk="scratch"', 'disk="uploads"', 'disk="media"'}
    assert found["lectern_worker_silence_seconds"][""] == pytest.approx(0, abs=20)


def test_metrics_are_those_that_readme_lists():
    with every_organization(reason="as the page asks"):
        told = [family.name for family in metrics.families()]

    assert re.findall(r"^\| `(lectern_\w+)(?:\{[^}]*\})?` \|", README, re.MULTILINE) == told


def test_format_escapes_what_would_end_a_label():
    odd = Family("lectern_odd", "Two\nlines \\", [({"kind": 'a"b\\c\nd'}, float("inf")), ({}, 1)])

    assert written([odd]) == (
        "# HELP lectern_odd Two\\nlines \\\\\n# TYPE lectern_odd gauge\n"
        'lectern_odd{kind="a\\"b\\\\c\\nd"} +Inf\nlectern_odd 1.0\n'
    )
