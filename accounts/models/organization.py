from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import GlobalModel

#: First parts of our own addresses; an organization of that name would hide a page.
# fmt: off
RESERVED_SLUGS = frozenset({
    "about", "account", "accounts", "admin", "api", "assets", "auth", "certificates", "docs",
    "favicon", "feeds", "health", "help", "home", "invitations", "legal", "livez", "login",
    "logout", "media", "metrics", "new", "organizations", "password", "privacy", "public",
    "search", "settings", "sign-in", "sign-up", "signup", "static", "status", "support",
    "terms", "tokens", "uploads", "users", "webhooks", "well-known", "www",
})
# fmt: on
GIGABYTE = 1024**3


class Plan(models.TextChoices):
    BASIC = "basic", _("Basic")
    PRO = "pro", _("Pro")
    ENTERPRISE = "enterprise", _("Enterprise")

    @property
    def largest_file(self) -> int:
        """Bytes a single upload may have (requirement P4)."""
        return {self.BASIC: 2, self.PRO: 5, self.ENTERPRISE: 10}[self] * GIGABYTE

    @property
    def weekly_allowance(self) -> int:
        """Bytes that one member may upload in a week."""
        return {self.BASIC: 4, self.PRO: 20, self.ENTERPRISE: 100}[self] * GIGABYTE


def refuse_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        words = _("This name is part of our own addresses. Please choose another one.")
        raise ValidationError(words, code="reserved_slug")


def refuse_unknown_zone(name: str) -> None:
    if name not in available_timezones():
        words = _("There is no time zone of this name. Europe/Berlin is one.")
        raise ValidationError(words, code="unknown_time_zone")


def english() -> list[str]:
    return ["en"]


class Organization(GlobalModel):
    """Those who share one library, its courses and its people. Never sees another one."""

    name = models.CharField(max_length=120)
    slug = models.CharField(
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$", _("Lower-case letters, digits and hyphens.")),
            refuse_reserved,
        ],
        help_text=_("First part of every address: /slug/…"),
    )
    plan = models.CharField(max_length=10, choices=Plan, default=Plan.BASIC)
    time_zone = models.CharField(max_length=60, default="UTC", validators=[refuse_unknown_zone])
    is_open = models.BooleanField(
        _("open"), default=False, help_text=_("Everybody sees the catalog, and may join as a learner.")
    )
    has_podcasts = models.BooleanField(
        default=False, editable=False, help_text="A show is published: so that pages name them without asking for one."
    )
    admits_learners = models.BooleanField(
        _("sign-up joins"),
        default=True,
        help_text=_("Where it is open: whoever comes may become a learner by themselves."),
    )
    accent_color = models.CharField(
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Write the color as #rrggbb, such as #0f766e."))],
        help_text=_("Buttons and links of the learner pages, as #rrggbb. Empty: Lectern's own green."),
    )
    logo_path = models.CharField(max_length=200, blank=True, editable=False)
    monthly_ai_ceiling = models.DecimalField(
        _("AI ceiling"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("US dollars a month that paid services may cost. Empty: no ceiling."),
    )
    caption_languages = ArrayField(
        models.CharField(max_length=20),
        default=english,
        help_text=_("Of captions of hosts, the preferred one first: tags such as de or pt-BR."),
    )
    drafts_notes = models.BooleanField(
        _("draft notes"), default=False, help_text=_("Of each media item once its first words are there.")
    )
    drafts_quiz = models.BooleanField(
        _("draft a quiz"), default=False, help_text=_("Both wait for a person's review, and cost what a draft costs.")
    )
    storage_ceiling = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("Bytes that all files together may take. Empty: no ceiling.")
    )
    watched_from = models.PositiveSmallIntegerField(
        _("counts as watched from"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Percent of a video, 1–100, where neither the item nor its course says. Empty: as the site says."),
    )
    watched_slides = models.BooleanField(
        _("sliding share"),
        default=False,
        help_text=_("Instead: 70 % of the shortest videos, more with their length, 95 % from ten minutes."),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(watched_from__range=(1, 100)), name="organization_watched_from_percent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def logo_name(self) -> str:
        return self.logo_path.rpartition("/")[2]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
