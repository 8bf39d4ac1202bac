from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.functional import cached_property
from django.utils.translation import gettext

from core.tenancy import GlobalModel


class UserManager(BaseUserManager["User"]):
    """People are known by their e-mail address, whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(GlobalModel, AbstractBaseUser, PermissionsMixin):
    """A person. What they may do where stands in their memberships.

    Events and rollups know a learner by `pseudonym` only; erasing an account replaces it, and the sums stay.
    """

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    pseudonym = models.UUIDField(default=uuid4, unique=True, editable=False)
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="What is left of an erased account names nobody."
    )
    date_joined = models.DateTimeField(db_default=Now(), editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_ci")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles: dict[UUID, str | None] = {}  # what `accounts.permissions.role_in` already knows, for one request

    def __str__(self) -> str:
        return gettext("Erased account") if self.erased_at else self.name or self.email

    @cached_property
    def is_staff(self) -> bool:
        """Django's word for “may enter the back office”: somebody who makes content somewhere."""
        return self.is_superuser or self.memberships.making().exists()

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] or self.email
