"""The floor under every query: PostgreSQL itself shows only what the scope allows, whatever the SQL forgot."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, ProgrammingError, connection, transaction

from accounts.models import Membership, Role
from core.database import base
from core.database.policies import policies
from core.database.start import refuse_bypassing_role
from core.scope import every_organization, organization_scope, owner_role, scoped_stream, scoped_thread
from core.tenancy import InScope
from courses.models import Course

TITLES = "SELECT title FROM courses_course ORDER BY title"

pytestmark = pytest.mark.django_db(transaction=True)  # in autocommit, as web and worker run


@pytest.fixture
def two_courses(organization, other_organization):
    for owner, title in ((organization, "Ours"), (other_organization, "Theirs")):
        with organization_scope(owner):
            Course.objects.create(title=title, slug="course")


def rows(statement=TITLES, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def test_raw_sql_reads_the_organization_in_scope(two_courses, organization, other_organization):
    with organization_scope(organization):
        ours = rows()
    with organization_scope(other_organization):
        theirs = rows()

    assert (ours, theirs, rows()) == (["Ours"], ["Theirs"], [])


def test_scopes_nest_and_come_back(two_courses, organization, other_organization):
    with organization_scope(organization):
        with organization_scope(other_organization):
            inner = rows()
            with organization_scope(None):
                nothing = rows()
        outer = rows()

    assert (inner, nothing, outer) == (["Theirs"], [], ["Ours"])


def test_platform_work_reads_all(two_courses):
    with every_organization(reason="a test looks at everything"):
        assert rows() == ["Ours", "Theirs"]


def test_raw_writes_stay_in_the_organization(two_courses, organization, other_organization):
    with organization_scope(organization), connection.cursor() as cursor:
        cursor.execute("UPDATE courses_course SET title = 'Renamed'")
        changed = cursor.rowcount
        with pytest.raises(ProgrammingError, match="row-level security"):
            cursor.execute("UPDATE courses_course SET organization_id = %s", [other_organization.pk])
        cursor.execute("DELETE FROM courses_course")

    with every_organization(reason="a test looks at everything"):
        assert (changed, rows()) == (1, ["Theirs"])


@pytest.mark.parametrize("ending", ["rollback", "savepoint", "error", "error in autocommit"])
def test_scope_holds_after_what_takes_settings_back(ending, two_courses, organization, other_organization):
    def fails(statement="SELECT title FROM courses_course"):
        with organization_scope(other_organization), connection.cursor() as cursor:
            cursor.execute(statement)
        raise DatabaseError

    with organization_scope(organization):
        rows()
        if ending == "rollback":
            with suppress(DatabaseError), transaction.atomic():
                fails()
            seen = rows()
        elif ending == "error in autocommit":
            with suppress(DatabaseError):
                fails("SELECT nothing FROM courses_course")
            seen = rows()
        else:
            statement = "SELECT 1/0" if ending == "error" else TITLES
            with transaction.atomic():
                with suppress(DatabaseError), transaction.atomic():
                    fails(statement)
                seen = rows()

    assert seen == ["Ours"]


def test_scope_set_before_a_transaction_is_still_there_after_it(two_courses, organization):
    with organization_scope(organization):
        with transaction.atomic():
            inside = rows()
        after = rows()

    assert (inside, after) == (["Ours"], ["Ours"])


def test_scope_of_one_statement_is_not_left_to_the_next(two_courses, organization):
    with organization_scope(organization):
        rows()

    assert rows("SELECT current_setting('app.organization', true)") == [""]


def test_threads_and_streams_read_in_the_scope_of_their_maker(two_courses, organization, other_organization):
    def collect():
        seen.extend(rows())
        connection.close()

    seen = []
    with organization_scope(organization):
        thread = scoped_thread(collect)
        stream = scoped_stream(title.encode() for title in rows_one_by_one())
    with organization_scope(other_organization):
        thread.start()
        thread.join()
        streamed = list(stream)

    assert (seen, streamed) == (["Ours"], [b"Ours"])


def rows_one_by_one():
    yield from rows()


def test_connections_do_not_share_a_scope(two_courses, organization, other_organization):
    def titles_of(owner):
        with organization_scope(owner):
            seen = {title for _ in range(50) for title in rows()}
        connection.close()
        return seen

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(titles_of, [organization, other_organization])) == [{"Ours"}, {"Theirs"}]


def test_server_side_cursor_reads_in_scope(two_courses, organization):
    with organization_scope(organization), transaction.atomic():
        titles = [course.title for course in Course.objects.iterator(chunk_size=1)]

    assert titles == ["Ours"]


def test_many_statements_at_once_run_in_scope(two_courses, organization):
    with organization_scope(organization), connection.cursor() as cursor:
        cursor.executemany("UPDATE courses_course SET title = %s", [["One"], ["Two"]])

    with every_organization(reason="a test looks at everything"):
        assert rows() == ["Theirs", "Two"]


def test_copied_and_streamed_rows_are_read_in_scope(two_courses, organization, other_organization):
    copying = "COPY (SELECT title FROM courses_course) TO STDOUT"
    with organization_scope(organization), connection.cursor() as cursor, cursor.copy(copying) as copied:
        copy = list(copied.rows())
    with organization_scope(other_organization), connection.cursor() as cursor:
        streamed = list(cursor.stream(TITLES))

    assert (copy, streamed) == ([("Ours",)], [("Theirs",)])


def test_forgotten_filter_shows_nothing_foreign(two_courses, organization, monkeypatch):
    monkeypatch.setattr(InScope, "as_sql", lambda *_, **__: ("TRUE", []))

    with organization_scope(organization):
        assert [course.title for course in Course.objects.all()] == ["Ours"]
    assert list(Course.objects.all()) == []


def test_memberships_are_found_before_a_scope_and_only_the_own_ones_in_it(alice, charlie, organization):
    roles = "SELECT organization_id FROM accounts_membership"
    with organization_scope(organization):
        inside = rows(roles)

    assert (len(rows(roles)), inside) == (2, [organization.pk])


def test_membership_elsewhere_cannot_be_made_from_within_a_scope(bob, organization, other_organization):
    with organization_scope(organization), pytest.raises(ProgrammingError, match="row-level security"):
        Membership.objects.create(user=bob, organization=other_organization, role=Role.OWNER)


def test_link_tables_follow_the_rows_they_hang_on(two_courses, alice, organization):
    with organization_scope(organization):
        Course.objects.get().instructors.add(alice)
        inside = rows("SELECT user_id FROM courses_course_instructors")

    assert (inside, rows("SELECT user_id FROM courses_course_instructors")) == ([alice.pk], [])


def test_partitions_are_reached_through_their_table_only(organization):
    (partition, *_) = rows("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY relname")

    with organization_scope(organization), pytest.raises(ProgrammingError, match="permission denied"):
        rows(f"TABLE {partition}")


def test_every_table_of_an_organization_has_its_policies_and_forces_them():
    wanted = {(policy.table, policy.name) for policy in policies()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'")
        existing = set(cursor.fetchall())
    forced = set(rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))

    assert existing == wanted
    assert forced == {table for table, _ in wanted}


def test_every_model_of_an_organization_has_a_policy():
    """What is not listed belongs to nobody in particular, and names no organization."""
    covered = {policy.table for policy in policies()}
    named = {model for model in apps.get_models() if any(field.name == "organization" for field in model._meta.fields)}

    assert {model._meta.label for model in named if model._meta.db_table not in covered} == set()


def test_statements_run_as_a_role_that_owns_and_bypasses_nothing():
    role = "SELECT current_user || ' ' || rolsuper || ' ' || rolbypassrls FROM pg_roles WHERE rolname = current_user"
    member = rows(role)
    with every_organization(reason="a test asks who it is"):
        platform = rows(role)

    assert (member, platform) == (["lectern_app false false"], ["lectern_platform false false"])


def test_process_that_serves_takes_no_connection_without_the_roles(monkeypatch):
    monkeypatch.setattr(base, "ROLES_EXIST", "SELECT false")
    monkeypatch.setenv(base.SERVES, "true")
    connection.close()

    with pytest.raises(ImproperlyConfigured, match="set_up"):
        rows("SELECT 1")
    connection.close()


def test_scope_is_never_a_text(organization):
    with pytest.raises(TypeError), organization_scope(str(organization.pk)):
        rows()


def test_start_refuses_a_role_above_the_policies(monkeypatch):
    monkeypatch.setenv(base.SERVES, "")  # put back afterwards
    refuse_bypassing_role()

    with (
        owner_role(reason="a test starts as the owner"),
        pytest.raises(ImproperlyConfigured, match="ROW_LEVEL_SECURITY"),
    ):
        refuse_bypassing_role()


def test_start_takes_the_operator_at_their_word(settings):
    settings.ROW_LEVEL_SECURITY = False

    with owner_role(reason="a test starts as the owner"):
        refuse_bypassing_role()
