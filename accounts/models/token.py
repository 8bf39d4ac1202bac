from django.contrib.postgres.fields import ArrayField
from django.db import models
from knox.models import AbstractAuthToken

from core.tenancy import BeforeScopeModel


class Scope(models.TextChoices):
    READ = "read", "Read"
    WRITE = "write", "Write"


def default_scopes() -> list[str]:
    return [Scope.READ.value]


class ApiToken(BeforeScopeModel, AbstractAuthToken):
    """An integrator's key to one organisation. Only a digest is stored; the token itself is shown once."""

    digest = models.CharField(max_length=128, unique=True)  # knox makes it the key; ours is a UUIDv7 like everywhere
    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), default=default_scopes)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.name
