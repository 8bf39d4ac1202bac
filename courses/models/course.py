from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from core.tenancy import OrganizationManager, OrganizationModel, TenantKey
from courses.querysets import CourseQuerySet

A_PERCENT = (MinValueValidator(1), MaxValueValidator(100))
AVAILABILITY_HELP = gettext_lazy("When learners may open it (courses.availability); empty: at once.")


class Level(models.TextChoices):
    BEGINNER = "beginner", gettext_lazy("Beginner")
    INTERMEDIATE = "intermediate", gettext_lazy("Intermediate")
    ADVANCED = "advanced", gettext_lazy("Advanced")


class CourseStatus(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    GENERATING = "generating", gettext_lazy("Being generated")
    READY = "ready", gettext_lazy("Ready")
    FAILED = "failed", gettext_lazy("Failed")


class CourseAccess(models.TextChoices):
    OPEN = "open", gettext_lazy("Open: everybody who sees it may enroll")
    MEMBERS = "members", gettext_lazy("Members only: members of the organization may enroll")
    GRANTED = "granted", gettext_lazy("Granted: one is let in by an owner, an invitation or a code")


class Course(OrganizationModel):
    """What is taught: chapters of items, in order. `revision` grows with every change of its outline."""

    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80)
    description = models.TextField(blank=True, help_text="Markdown.")
    objectives = models.TextField(blank=True, help_text="What you will learn, one line each.")
    level = models.CharField(max_length=15, choices=Level, default=Level.BEGINNER)
    estimated_hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    instructors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    thumbnail_path = models.CharField(max_length=500, blank=True, help_text="In the storage.")
    category = TenantKey("media_library.Category", models.SET_NULL, null=True, blank=True, related_name="courses")
    access = models.CharField(max_length=10, choices=CourseAccess, default=CourseAccess.OPEN)
    seats = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text=gettext_lazy("Empty: as many as come.")
    )
    opens_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("Learning begins then. Empty: at once.")
    )
    closes_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("Learning ends then. Empty: never. What was done is kept.")
    )
    watched_from = models.PositiveSmallIntegerField(
        gettext_lazy("videos count as watched from"), null=True, blank=True, validators=A_PERCENT,
        help_text=gettext_lazy("Percent, 1–100, unless an item says otherwise. Empty: as the organization says (90)."),
    )  # fmt: skip
    watched_slides = models.BooleanField(
        gettext_lazy("sliding share"), default=False,
        help_text=gettext_lazy("Instead: 70 % of the shortest videos, more with their length, 95 % from ten minutes."),
    )  # fmt: skip
    awards_certificate = models.BooleanField(gettext_lazy("certificate"), default=True)
    certificate_signer = models.CharField(
        max_length=120, blank=True, help_text=gettext_lazy("Who signs the certificates. Empty: the organization.")
    )
    revision = models.PositiveIntegerField(default=1, editable=False)
    status = models.CharField(max_length=10, choices=CourseStatus, default=CourseStatus.DRAFT)
    is_published = models.BooleanField("published", default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = OrganizationManager.from_queryset(CourseQuerySet)()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"],
                name="course_slug_once",
                violation_error_message=gettext_lazy("Another course already has this address."),
            ),
            models.CheckConstraint(condition=Q(watched_from__range=(1, 100)), name="course_watched_from_percent"),
            models.CheckConstraint(condition=Q(seats__isnull=True) | Q(seats__gt=0), name="course_seats_positive"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="course_closes_after_it_opens",
                violation_error_message=gettext_lazy("The course would close before it opens."),
            ),
        ]
        indexes = [models.Index(fields=["organization", "is_published"], name="course_published")]

    def __str__(self) -> str:
        return self.title


class Chapter(OrganizationModel):
    course = TenantKey("courses.Course", models.CASCADE, related_name="chapters")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    availability = models.JSONField(default=dict, blank=True, help_text=AVAILABILITY_HELP)
    position = models.PositiveIntegerField(help_text="From 1.")

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["organization"], name="chapter_with_rules", condition=~Q(availability={}))]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "course", "position"],
                name="chapter_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(position__gt=0), name="chapter_position_from_1"),
        ]

    def __str__(self) -> str:
        return self.title
