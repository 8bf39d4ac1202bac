from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel, TenantKey


class ShowImportState(models.TextChoices):
    """How far it is to bring a show in."""

    LOOKING = "looking", _("Looking at the feed")
    FOUND = "found", _("Found, not brought in yet")
    IMPORTING = "importing", _("Bringing in")
    DONE = "done", _("Brought in")
    REFUSED = "refused", _("Refused")


class PodcastImport(OrganizationModel):
    """A show that is brought in from its feed, or was only looked at; what it found stands here."""

    url = models.URLField(max_length=1000, help_text=_("Of its feed."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ShowImportState, default=ShowImportState.LOOKING)
    podcast = TenantKey("media_library.Podcast", models.SET_NULL, null=True, blank=True, related_name="imports")
    title = models.CharField(max_length=200, blank=True)
    is_locked = models.BooleanField(default=False, help_text="Its feed asks other hosts not to import it.")
    locked_by = models.CharField(max_length=254, blank=True, help_text="The address of whom a locked feed comes for.")
    pages = models.PositiveIntegerField(default=0, help_text="Of the feed, archive included.")
    episodes = models.PositiveIntegerField(default=0, help_text="In the feed.")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    problems = models.JSONField(
        default=list, blank=True, help_text='What did not come: `[{"about", "code", "message"}]`.'
    )
    code = models.CharField(max_length=40, blank=True, help_text="Of the refusal.")
    message = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title or self.url
