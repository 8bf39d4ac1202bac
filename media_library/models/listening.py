"""Who follows what with an app: private addresses, from where they are asked, and what was downloaded."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.constraints import TenantIdentity, cascade_in_order
from core.fields import BytesField
from core.tenancy import BeforeScopeModel, OrganizationModel, TenantKey

#: A key opens a show or what stands on a higher floor; a download is of an episode or of what stands there.
OF_ONE_SHOW = Q(podcast__isnull=False, context_id__isnull=True) | Q(podcast__isnull=True, context_id__isnull=False)
OF_ONE_EPISODE = Q(episode__isnull=False, context_id__isnull=True) | Q(episode__isnull=True, context_id__isnull=False)
LIVING = Q(revoked_at__isnull=True)


class ListenerKey(BeforeScopeModel):
    """One listener's private address of one show. Only a digest is stored; the address itself is shown once."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the token.")
    podcast = TenantKey("media_library.Podcast", cascade_in_order, null=True, blank=True, related_name="keys")
    context_id = models.UUIDField(
        null=True, blank=True, editable=False, help_text="What it opens on a higher floor, such as a course."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="To a quarter of an hour.")
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("private address")
        verbose_name_plural = _("private addresses")
        constraints = [
            TenantIdentity(fields=["organization", "id"], name="media_library_listenerkey_identity"),
            models.CheckConstraint(condition=OF_ONE_SHOW, name="listener_key_of_one_show"),
            models.UniqueConstraint(
                fields=["organization", "user", "podcast", "context_id"],
                name="listener_key_once",
                condition=LIVING,
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "podcast"], name="listener_key_by_show"),
            models.Index(fields=["organization", "context_id"], name="listener_key_by_context"),
        ]

    def __str__(self) -> str:
        return f"Private address {self.pk}"


class GoneFeed(OrganizationModel):
    """An address at which something was followed that is deleted: of a public show, or that of one listener.

    It names nobody, so it outlives the account.
    """

    slug = models.SlugField(max_length=80, blank=True, help_text="Of a public show.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the token of a private address.")
    gone_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug="") ^ ~Q(digest=""), name="gone_feed_of_one_kind"),
            models.UniqueConstraint(fields=["organization", "slug", "digest"], name="gone_feed_once"),
        ]
        indexes = [models.Index(fields=["organization", "digest"], name="gone_feed_by_digest")]

    def __str__(self) -> str:
        return self.slug or "Private address"


class FeedVisit(OrganizationModel):
    """That a key was used on a day, from a network, with an app: once each, however often."""

    key = TenantKey("media_library.ListenerKey", models.CASCADE, related_name="visits")
    day = models.DateField()
    network = models.CharField(max_length=16, help_text="Digest of the key and a /24 or /48, made with a secret.")
    app = models.CharField(max_length=40)

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key", "day", "network", "app"], name="feed_visit_once")
        ]

    def __str__(self) -> str:
        return f"{self.app} on {self.day}"


class Download(OrganizationModel):
    """What one listener was sent of one episode on one day, all requests together."""

    episode = TenantKey("media_library.Episode", cascade_in_order, null=True, blank=True, related_name="downloads")
    context_id = models.UUIDField(
        null=True, blank=True, editable=False, help_text="What was heard on a higher floor, such as a content item."
    )
    day = models.DateField()
    listener = models.CharField(max_length=32, help_text="Digest of who and the day, made with a secret: names nobody.")
    is_private = models.BooleanField(default=False, help_text="By a private address.")
    sent = BytesField(default=list, help_text="Positions in the file, as long as it does not count.")
    is_counted = models.BooleanField(default=False, help_text="A minute of sound was sent.")

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(condition=OF_ONE_EPISODE, name="download_of_one_episode"),
            models.UniqueConstraint(
                fields=["organization", "episode", "context_id", "day", "listener"],
                name="download_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["organization", "context_id", "day"], name="download_by_context")]

    def __str__(self) -> str:
        return f"Download on {self.day}"
