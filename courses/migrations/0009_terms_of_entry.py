from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now
from django.utils import timezone

import core.constraints
import core.identifiers
import core.scope
import core.tenancy

# Who came in with a code has used it; who is no member any more takes no seat.
USED = """
INSERT INTO courses_codeuse (id, organization_id, code_id, enrollment_id, used_at)
SELECT gen_random_uuid(), organization_id, code_id, id, started_at FROM courses_enrollment WHERE code_id IS NOT NULL"""
FREED = """
UPDATE courses_enrollment enrollment SET is_active = false
FROM accounts_membership membership
WHERE membership.organization_id = enrollment.organization_id AND membership.user_id = enrollment.user_id
  AND membership.removed_at IS NOT NULL AND enrollment.is_active"""
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE"


def anew():  # type: ignore[no-untyped-def]
    """Until when those wait that were asked before: as if they were asked now."""
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


class Migration(migrations.Migration):
    """Invitations into courses end, and say until when they open a course; a code knows who has used it."""

    dependencies = [
        ("accounts", "0005_caption_languages"),
        ("courses", "0008_availability"),
    ]

    operations = [
        migrations.AddField(
            "courseinvitation",
            "ends_at",
            models.DateTimeField(blank=True, help_text="Until then it opens the course. Empty: no end.", null=True),
        ),
        migrations.AddField(
            "courseinvitation",
            "expires_at",
            models.DateTimeField(default=anew, editable=False, help_text="Nobody gets in by joining after that."),
            preserve_default=False,
        ),
        migrations.AddField(
            "courseinvitation",
            "user",
            models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The member whose address it is, where the course could not take them in when they joined.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="CodeUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("used_at", models.DateTimeField(db_default=Now(), editable=False)),
                (
                    "code",
                    core.tenancy.TenantKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="used_by",
                        to="courses.enrollmentcode",
                    ),
                ),
                (
                    "enrollment",
                    core.tenancy.TenantKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="code_uses",
                        to="courses.enrollment",
                    ),
                ),
                (
                    "organization",
                    core.tenancy.OrganizationKey(
                        db_index=False,
                        default=core.scope.scoped_organization_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "code", "enrollment"), name="code_use_once"),
                    core.constraints.SameOrganization(field="code", name="courses_codeuse_code_same_org"),
                    core.constraints.SameOrganization(field="enrollment", name="courses_codeuse_enrollment_same_org"),
                    core.constraints.TenantIdentity(fields=("organization", "id"), name="courses_codeuse_identity"),
                ],
            },
        ),
        migrations.RunSQL([USED, FREED, CHECKED], migrations.RunSQL.noop),
    ]
