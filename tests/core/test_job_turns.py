"""Organizations take turns: a flood of one delays nobody else's first job."""

import pytest
from django.db import connection

from core.jobs import enqueue, job, registry
from core.jobs.claim import OF_AN_ORGANIZATION, TURNS, claim
from core.models import Job
from core.scope import owner_role
from core.tenancy import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(monkeypatch):
    """A registry of this test's own, with one kind of job."""
    monkeypatch.setattr(registry, "_kinds", {})

    @job()
    def work(run):
        pass

    @job(priority=5)
    def urgent(run):
        pass


def queue(organization, count, *, name, kind="work"):
    owner = organization and organization.pk
    Job.objects.bulk_create(
        Job(kind=kind, lane="short", organization_id=owner, key=f"{name} {number:05}") for number in range(count)
    )


def claimed(count):
    return [claim("short", worker="test").key for _ in range(count)]


def test_first_job_of_another_organization_is_next_after_a_flood(kinds, organization, other_organization):
    queue(organization, 500, name="flood")
    first = claimed(3)
    queue(other_organization, 1, name="other")

    assert first == ["flood 00000", "flood 00001", "flood 00002"]
    assert claimed(2) == ["other 00000", "flood 00003"]


def test_organizations_take_turns_and_the_platform_is_one_of_them(kinds, organization, other_organization):
    queue(organization, 3, name="harbor")
    queue(other_organization, 3, name="summit")
    queue(None, 3, name="platform")

    order = [key.split()[0] for key in claimed(9)]

    assert order == order[:3] * 3
    assert sorted(order[:3]) == ["harbor", "platform", "summit"]
    assert claim("short", worker="test") is None


def test_inside_an_organization_the_higher_priority_comes_first(kinds, organization):
    with organization_scope(organization):
        enqueue("work", key="usual")
        enqueue("urgent", key="urgent")

    assert claimed(2) == ["urgent", "usual"]


def test_organization_whose_work_is_not_due_gives_its_turn_away(kinds, organization, other_organization):
    queue(organization, 1, name="later")
    Job.objects.update(available_at="2999-01-01T00:00Z")
    queue(other_organization, 1, name="now")

    assert claimed(1) == ["now 00000"]
    assert claim("short", worker="test") is None


def test_claim_stays_quick_with_ten_thousand_waiting(kinds, organization, other_organization):
    """It reads a few rows of an index, whatever waits."""
    queue(organization, 8000, name="flood")
    queue(other_organization, 2000, name="other")
    claimed(2)
    with owner_role(reason="statistics, as autovacuum takes them"), connection.cursor() as cursor:
        cursor.execute("ANALYZE core_job")

    values = {"lane": "short", "organization": organization.pk, "worker": "w", "lease": 45, "token": organization.pk}
    read = [rows_read(statement, values) for statement in (TURNS, OF_AN_ORGANIZATION)]

    assert [rows < 20 for rows in read] == [True, True]


def rows_read(statement, values):
    """Rows that the scans of a statement fetched, those thrown away again included."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
        return sum(rows_of(cursor.fetchone()[0][0]["Plan"]))


def rows_of(node):
    if "Scan" in node["Node Type"] and "Relation Name" in node:
        yield (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    for inner in node.get("Plans", []):
        yield from rows_of(inner)
