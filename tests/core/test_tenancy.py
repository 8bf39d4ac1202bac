"""No scope, no rows; no writing into, and no pointing into, another organization."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from core.constraints import SameOrganization
from core.tenancy import (
    ForeignOrganization,
    NoOrganization,
    OrganizationModel,
    TenantKey,
    every_organization,
    organization_scope,
    scoped_stream,
    scoped_thread,
)
from courses.models import Chapter, Course

OUR_APPS = {"core", "accounts", "media_library", "courses", "knowledge", "analytics"}


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in OUR_APPS and not model._meta.auto_created]


@pytest.fixture
def two_courses(organization, other_organization):
    with organization_scope(organization):
        ours = Course.objects.create(title="Ours", slug="course")
    with organization_scope(other_organization):
        theirs = Course.objects.create(title="Theirs", slug="course")
    return ours, theirs


def test_reading_without_scope_fails_closed(two_courses):
    with pytest.raises(NoOrganization):
        list(Course.objects.all())


def test_reading_shows_only_the_organization_in_scope(two_courses, organization):
    with organization_scope(organization):
        titles = list(Course.objects.values_list("title", flat=True))

    assert titles == ["Ours"]


def test_queryset_made_before_the_scope_reads_in_the_scope(two_courses, other_organization):
    courses = Course.objects.all()

    with organization_scope(other_organization):
        assert [course.title for course in courses] == ["Theirs"]


def test_update_and_delete_touch_only_the_organization_in_scope(two_courses, organization):
    with organization_scope(organization):
        assert Course.objects.update(title="Renamed") == 1
        assert Course.objects.filter(slug="course").delete()[0] == 1

    with every_organization(reason="to see what is left"):
        assert list(Course.objects.values_list("title", flat=True)) == ["Theirs"]


def test_base_manager_is_scoped_too(two_courses, organization):
    ours, theirs = two_courses
    with organization_scope(organization), pytest.raises(Course.DoesNotExist):
        theirs.refresh_from_db()


def test_saving_a_foreign_row_is_refused(two_courses, organization):
    _, theirs = two_courses
    theirs.title = "Stolen"

    with organization_scope(organization), pytest.raises(ForeignOrganization):
        theirs.save()


def test_writing_fills_the_organization_from_the_scope(organization, scope):
    course = Course.objects.create(title="New", slug="new")

    assert course.organization_id == organization.pk


def test_bulk_create_is_checked_like_save(organization, other_organization):
    foreign = Course(title="Foreign", slug="foreign", organization=other_organization)

    with organization_scope(organization), pytest.raises(ForeignOrganization):
        Course.objects.bulk_create([foreign])


def test_database_refuses_a_key_into_another_organization(two_courses, organization):
    _, theirs = two_courses

    with organization_scope(organization), pytest.raises(IntegrityError), transaction.atomic():
        Chapter.objects.create(course_id=theirs.pk, title="Stowaway", position=1)


def test_related_rows_of_another_organization_are_not_found(two_courses, organization, other_organization):
    _, theirs = two_courses
    with organization_scope(other_organization):
        chapter = Chapter.objects.create(course=theirs, title="Theirs", position=1)
    with organization_scope(organization), pytest.raises(Course.DoesNotExist):
        _ = Chapter(pk=chapter.pk, course_id=theirs.pk).course


def test_stream_carries_the_scope_of_its_maker(two_courses, organization):
    with organization_scope(organization):
        stream = scoped_stream(course.title.encode() for course in Course.objects.all().iterator())

    assert list(stream) == [b"Ours"]


def test_thread_carries_the_scope_of_its_maker(organization):
    seen = []
    with organization_scope(organization):
        thread = scoped_thread(lambda: seen.append(Course(title="t", slug="t").organization_id))
    thread.start()
    thread.join()

    assert seen == [organization.pk]


def test_every_model_says_what_kind_of_table_it_is():
    undeclared = [model._meta.label for model in our_models() if getattr(model, "tenancy", None) is None]

    assert undeclared == []


def test_every_tenant_model_reads_through_the_scoped_manager():
    tenant = [model for model in our_models() if model.tenancy == "tenant"]

    assert [model._meta.label for model in tenant if not issubclass(model, OrganizationModel)] == []
    assert [model._meta.label for model in tenant if model._meta.base_manager_name not in (None, "objects")] == []
    for model in tenant:
        with pytest.raises(NoOrganization):
            str(model._base_manager.all().query)


def test_every_key_between_tenant_tables_is_composite(db):
    """Each foreign key from one tenant table to another is `(organization_id, x_id)` in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 2")
        composite = {name for (name,) in cursor.fetchall()}
    missing = []
    for model in our_models():
        if model.tenancy != "tenant":
            continue
        names = {c.field: c.name for c in model._meta.constraints if isinstance(c, SameOrganization)}
        for field in model._meta.concrete_fields:
            target = field.remote_field and field.remote_field.model
            is_tenant_key = target and getattr(target, "tenancy", None) == "tenant"
            if is_tenant_key and (not isinstance(field, TenantKey) or names.get(field.name) not in composite):
                missing.append(f"{model._meta.label}.{field.name}")

    assert missing == []


def test_every_unique_constraint_of_a_tenant_model_begins_with_the_organization():
    wrong = [
        f"{model._meta.label}: {constraint.name}"
        for model in our_models()
        if model.tenancy == "tenant"
        for constraint in model._meta.total_unique_constraints
        if constraint.fields[0] != "organization"
    ]

    assert wrong == []
