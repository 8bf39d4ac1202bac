"""Shows to listen to: what a feed tells (research: Apple's rules, PSP-1, Podcasting 2.0)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel, TenantKey

TITLE_CHARACTERS = 200
LARGEST_NUMBER = 1_000_000_000  # of seasons and episodes: a column holds twice as many, for seasons that swap theirs
DESCRIPTION_BYTES = 4000  # Apple's limit for shows and episodes


class ShowType(models.TextChoices):
    """In which order an app offers the episodes."""

    EPISODIC = "episodic", _("Newest first")
    SERIAL = "serial", _("From the beginning")


class Medium(models.TextChoices):
    """What an app presents it as (Podcasting 2.0)."""

    PODCAST = "podcast", _("Podcast")
    COURSE = "course", _("Course")


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everybody: a public feed")
    PRIVATE = "private", _("Members: a feed for each listener")


class ShowStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn: apps are told that it is gone")


class EpisodeType(models.TextChoices):
    FULL = "full", _("Full")
    TRAILER = "trailer", _("Trailer")
    BONUS = "bonus", _("Bonus")


class Artwork(models.Model):
    """A square picture, JPEG or PNG; a new one has a new path, for apps keep what they have seen."""

    artwork_path = models.CharField(max_length=500, blank=True, editable=False, help_text="In the storage.")
    artwork_side = models.PositiveIntegerField(default=0, editable=False, help_text="Pixels, 1400–3000.")
    artwork_bytes = models.BigIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class Podcast(OrganizationModel, Artwork):
    """A show. Its `guid` is made once and goes where the feed goes."""

    title = models.CharField(max_length=TITLE_CHARACTERS)
    slug = models.SlugField(max_length=80, help_text=_("The end of its address."))
    description = models.TextField(help_text=_("At most 4,000 bytes."))
    author = models.CharField(max_length=120, blank=True, help_text=_("As apps name it; empty: the organization."))
    owner_name = models.CharField(max_length=120, blank=True)
    owner_email = models.EmailField(blank=True, help_text=_("Who may move the show to another host; in the feed."))
    link = models.URLField(max_length=1000, blank=True, help_text=_("Its website; empty: its page here."))
    language = models.CharField(max_length=20, default="en", help_text=_("A language tag such as en or pt-BR."))
    category = models.CharField(max_length=80, default="Education", help_text="Apple's, `Education/Courses`.")
    copyright = models.CharField(max_length=200, blank=True)
    type = models.CharField(max_length=10, choices=ShowType, default=ShowType.EPISODIC)
    medium = models.CharField(max_length=10, choices=Medium, default=Medium.PODCAST)
    is_explicit = models.BooleanField(_("explicit"), default=False)
    is_locked = models.BooleanField(
        _("locked"), default=True, help_text=_("Other hosts are asked not to import it without the owner.")
    )
    is_complete = models.BooleanField(_("complete"), default=False, help_text=_("No episode will follow."))
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    status = models.CharField(max_length=10, choices=ShowStatus, default=ShowStatus.DRAFT)
    guid = models.UUIDField(editable=False, help_text="UUIDv5 of the first address of its feed (Podcasting 2.0).")
    new_feed_url = models.URLField(
        max_length=1000, blank=True, help_text=_("Where the feed has moved to; apps follow it there.")
    )
    source_url = models.URLField(
        max_length=1000, blank=True, editable=False, help_text="The feed it was imported from."
    )
    told = models.JSONField(
        default=dict, blank=True, editable=False, help_text="What its import wrote: what is otherwise is a person's."
    )
    changed_at = models.DateTimeField(
        db_default=Now(), editable=False, help_text="When something that its feed tells was last changed."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"],
                name="podcast_slug_once",
                violation_error_message=_("Another show has this address."),
            ),
            models.UniqueConstraint(fields=["organization", "guid"], name="podcast_guid_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Season(OrganizationModel):
    podcast = TenantKey("media_library.Podcast", models.CASCADE, related_name="seasons")
    number = models.PositiveIntegerField(help_text=_("From 1."))
    name = models.CharField(max_length=TITLE_CHARACTERS, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "podcast", "number"],
                name="season_once",
                violation_error_message=_("The show has this season already."),
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="season_from_1"),
        ]

    def __str__(self) -> str:
        return self.name or _("Season %(number)d") % {"number": self.number}


class Episode(OrganizationModel, Artwork):
    """Media at its place in a show: heard when `published_at` has come, and its sound is there.

    Chapters and words are those of its media.
    """

    podcast = TenantKey("media_library.Podcast", models.CASCADE, related_name="episodes")
    media = TenantKey(
        "media_library.Media", models.SET_NULL, null=True, blank=True, related_name="episodes",
        help_text=_("What is heard; of a video its sound."),
    )  # fmt: skip
    season = TenantKey("media_library.Season", models.SET_NULL, null=True, blank=True, related_name="episodes")
    number = models.PositiveIntegerField(null=True, blank=True, help_text=_("From 1."))
    type = models.CharField(max_length=10, choices=EpisodeType, default=EpisodeType.FULL)
    title = models.CharField(max_length=TITLE_CHARACTERS)
    description = models.TextField(blank=True, help_text=_("At most 4,000 bytes."))
    link = models.URLField(max_length=1000, blank=True, help_text=_("Its own website; empty: its page here."))
    is_explicit = models.BooleanField(_("explicit"), null=True, blank=True, help_text=_("Unknown: as the show."))
    guid = models.CharField(
        max_length=500, editable=False, help_text="Never changes: apps would fetch everything once more."
    )
    published_at = models.DateTimeField(
        _("publication"), null=True, blank=True, help_text=_("May lie in the future. Empty: a draft.")
    )
    enclosure_url = models.URLField(
        max_length=1000, blank=True, editable=False, help_text="Where an imported one had its sound."
    )
    told = models.JSONField(
        default=dict, blank=True, editable=False, help_text="What its import wrote: what is otherwise is a person's."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "podcast", "guid"], name="episode_guid_once"),
            models.UniqueConstraint(
                fields=["organization", "podcast", "media"],
                name="episode_media_once",
                violation_error_message=_("This media is an episode of the show already."),
            ),
            models.CheckConstraint(condition=Q(number=None) | Q(number__gt=0), name="episode_from_1"),
        ]
        indexes = [
            models.Index(fields=["organization", "podcast", "-published_at", "-id"], name="episode_by_publication")
        ]

    def __str__(self) -> str:
        return self.title


class PodcastPerson(OrganizationModel):
    """Who is heard. Those of an episode stand instead of those of the show (Podcasting 2.0, `podcast:person`)."""

    podcast = TenantKey("media_library.Podcast", models.CASCADE, related_name="people")
    episode = TenantKey("media_library.Episode", models.CASCADE, null=True, blank=True, related_name="people")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=60, default="host", help_text=_("Of the taxonomy: host, guest, editor …"))
    group = models.CharField(max_length=60, default="cast")
    link = models.URLField(max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "podcast", "episode", "name", "role"],
                name="podcast_person_once",
                nulls_distinct=False,
                violation_error_message=_("This person has this role already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
