"""Three people in every test: alice owns an organization, bob learns in it, charlie owns another one."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.test import Client, RequestFactory, TransactionTestCase
from django.utils import timezone

from accounts.models import Membership, Organization, Role, User
from core.jobs.worker import run_next
from core.tenancy import organization_scope
from tests import databases

PASSWORD = "correct horse battery staple"
LONG = {"browser", "worker", "long"}


def pytest_configure(config: pytest.Config) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    if name := os.environ.get("TEST_DATABASE"):
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_lectern_{name}"
    TransactionTestCase._fixture_teardown = databases.forget_rows


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no process is left alone with them at the end."""
    items.sort(key=lambda item: not {one.name for one in item.iter_markers()} & LONG)


def pytest_collection() -> None:
    gc.set_threshold(50_000)  # what is collected stays


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again takes a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the tries of tests.walls came to, over all processes."""
    reports = [one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, [])]
    walls = [found for one in reports for name, found in one.user_properties if name == "walls"]
    if walls:
        actors, routes, tries, leaks = zip(*walls, strict=True)
        passes = f"{max(routes)} routes × {len(set(actors))} actors, in {len(walls)} passes"
        terminalreporter.write_line(f"walls: {passes} {sum(tries)} tries: {sum(leaks)} leaks")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any, django_db_use_migrations: bool,
    django_db_keepdb: bool, django_db_createdb: bool,
) -> None:  # fmt: skip
    """Migrations run once for all processes."""
    is_kept = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        if django_db_use_migrations and not (is_kept and databases.is_there()):
            databases.copy_a_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        databases.settle_database()


@pytest.fixture(autouse=True)
def files_of_their_own(settings: object, tmp_path: Path) -> None:
    """No test sees another one's files, or those of the developer."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SCRATCH_DIR = tmp_path / "scratch"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media"},
        },
    }


@pytest.fixture
def organization(db: None) -> Organization:
    return Organization.objects.create(name="Harbor School", slug="harbor", time_zone="Europe/Berlin")


@pytest.fixture
def other_organization(db: None) -> Organization:
    return Organization.objects.create(name="Summit Academy", slug="summit")


def member(email: str, organization: Organization, role: Role) -> User:
    user = User.objects.create_user(email, PASSWORD, name=email.split("@")[0].title())
    with organization_scope(organization):
        here = {"last_active_at": timezone.now()}  # noted once an hour: no page under a count is the one that notes it
        Membership.objects.create(user=user, organization=organization, role=role, **here)
    return user


@pytest.fixture
def alice(organization: Organization) -> User:
    return member("alice@harbor.test", organization, Role.OWNER)


@pytest.fixture
def bob(organization: Organization) -> User:
    return member("bob@harbor.test", organization, Role.LEARNER)


@pytest.fixture
def charlie(other_organization: Organization) -> User:
    return member("charlie@summit.test", other_organization, Role.OWNER)


@pytest.fixture
def scope(organization: Organization) -> Iterator[Organization]:
    """Everything in the test happens in alice's organization."""
    with organization_scope(organization):
        yield organization


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.EmailBackend")
        prove_identity(client, user)
        return client

    return log_in


def prove_identity(client: Client, user: User) -> None:
    """As if the person had just typed their password once more."""
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, user, method="password", reauthenticated=True)
    request.session.save()


@pytest.fixture
def work_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Do all the work that is due, and the work that this puts in line; answers how many jobs ran.

    As a worker does, which has no organization in scope until a job names one. Only that hearts do not beat: a beat
    comes over a connection of its own, which does not see what a test has not committed.
    """
    settings.JOB_LEASE_SECONDS = 9 * 600
    monkeypatch.setattr("core.jobs.run.LONGEST_BEAT", 600.0)

    def drain() -> int:
        done = 0
        with organization_scope(None):
            while ran := sum(run_next(lane) for lane in settings.JOB_LANES):
                done += ran
        return done

    return drain


@pytest.fixture(scope="session")
def ffmpeg_binary() -> str:
    return imageio_ffmpeg.get_ffmpeg_exe()
