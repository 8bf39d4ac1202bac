from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import refuse_unknown_zone
from core.tenancy import GlobalModel
from media_library.models.watching import COMPLETED_FROM


class Format(models.TextChoices):
    """What may be uploaded, by content (requirement M5)."""

    MP4 = "mp4", "MP4"
    MOV = "mov", "MOV"
    AVI = "avi", "AVI"
    MKV = "mkv", "MKV"
    WEBM = "webm", "WebM"
    MP3 = "mp3", "MP3"
    M4A = "m4a", "M4A"
    WAV = "wav", "WAV"
    FLAC = "flac", "FLAC"
    OGG = "ogg", "Ogg"


def all_formats() -> list[str]:
    return list(Format.values)


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class SiteConfiguration(GlobalModel):
    """What holds for the whole installation (requirement M7). There is one row; limits only ever lower a plan's."""

    is_the_one = models.BooleanField(default=True, editable=False, unique=True)
    largest_file = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("Bytes that one file may have. Empty: the plan decides.")
    )
    weekly_allowance = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("Bytes that one member may upload in a week. Empty: the plan decides.")
    )
    formats = ArrayField(models.CharField(max_length=10, choices=Format), default=all_formats)
    storage_prefix = models.CharField(
        max_length=100,
        blank=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9/_-]*[a-z0-9]$", _("Lower-case letters, digits, - _ and /."))],
        help_text=_("Folder in the storage for what is uploaded from now on. Empty: none."),
    )
    reset_day = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.SUNDAY)
    reset_hour = models.PositiveSmallIntegerField(
        default=0, validators=[MinValueValidator(0), MaxValueValidator(23)], help_text=_("0–23.")
    )
    reset_time_zone = models.CharField(max_length=60, default="UTC", validators=[refuse_unknown_zone])
    transcribes = models.BooleanField(_("transcription"), default=True, help_text=_("Words of new media are read."))
    uses_ai = models.BooleanField(_("AI"), default=True, help_text=_("Paid services may be called."))
    monthly_ai_ceiling = models.DecimalField(
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("US dollars a month for one organization at most. Empty: its own ceiling decides."),
    )
    watched_from = models.PositiveSmallIntegerField(
        _("counts as watched from"),
        default=COMPLETED_FROM,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Percent of a video that completes its item, where neither the item nor its course says."),
    )
    watched_slides = models.BooleanField(
        _("sliding share"),
        default=False,
        help_text=_("Instead: 70 % of the shortest videos, more with their length, 95 % from ten minutes."),
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "site configuration"
        constraints = [
            models.CheckConstraint(condition=Q(is_the_one=True), name="site_configuration_is_one"),
            models.CheckConstraint(condition=Q(watched_from__range=(1, 100)), name="site_watched_from_percent"),
        ]

    def __str__(self) -> str:
        return "Site configuration"


class SiteConfigurationChange(GlobalModel):
    """Who changed one setting of the site, when, from what to what."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    field = models.CharField(max_length=60)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"
