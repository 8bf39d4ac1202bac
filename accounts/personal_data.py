"""What accounts holds about people: who they are, where they belong, how they log in."""

import json
import re
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, DataExport, Invitation, Membership, User
from accounts.services.export_files import remove_exports
from core.holdings import Deleted, Holding, Person, Record, holding


@holding
class Profile(Holding):
    name = "profile"
    about = _("Your account: name, address, since when, and the pseudonym by which figures know you.")
    fate = _("Name, address, password and pseudonym are replaced by random ones; the account never opens again.")
    columns = (
        "accounts.User.email", "accounts.User.name", "accounts.User.pseudonym", "accounts.User_groups.user",
        "accounts.User_user_permissions.user",
    )  # fmt: skip
    exported = ("email", "name", "pseudonym", "date_joined", "last_login", "is_superuser")  # not even a password's hash

    def rows(self, person: Person) -> QuerySet[User]:
        return User.objects.filter(pk=person.user.pk)

    def erase(self, person: Person) -> None:
        """What stays is a stone without a name, so that sums in which it was counted stay true."""
        self.rows(person).update(
            email=f"erased-{uuid4()}@erased.invalid", name="", password=make_password(None),
            pseudonym=person.new_pseudonym, is_active=False, is_superuser=False, last_login=None, erased_at=Now(),
        )  # fmt: skip
        person.user.groups.clear()
        person.user.user_permissions.clear()


@holding
class Addresses(Deleted):
    name = "email_addresses"
    about = _("Your e-mail addresses, and whether you have confirmed them.")
    fate = _("Deleted.")
    columns = (
        "account.EmailAddress.user", "account.EmailAddress.email", "account.EmailConfirmation.email_address",
    )  # fmt: skip
    exported = ("email", "verified", "primary")

    def rows(self, person: Person) -> QuerySet[EmailAddress]:
        return EmailAddress.objects.filter(user=person.user)


@holding
class Memberships(Deleted):
    name = "memberships"
    about = _("Organizations you are or were in, and as what.")
    fate = _("Deleted.")
    columns = ("accounts.Membership.user",)
    exported = ("organization__name", "role", "is_active", "created_at", "last_active_at", "removed_at")

    def rows(self, person: Person) -> QuerySet[Membership]:
        return Membership.objects.filter(user=person.user)


@holding
class Invitations(Holding):
    name = "invitations"
    about = _("Invitations sent to you, and that you have sent some (not to whom).")
    fate = _("Those to you are deleted; those you sent stay without you.")
    columns = ("accounts.Invitation.email", "accounts.Invitation.invited_by", "accounts.Invitation.accepted_by")
    exported = ("organization__name", "role", "created_at", "expires_at", "accepted_at", "revoked_at")

    def export(self, person: Person) -> Iterable[Record]:
        for direction, found in (("to you", self._received(person)), ("by you", self._sent(person))):
            for record in found.values(*self.exported):
                yield {"direction": direction, **record}

    def erase(self, person: Person) -> None:
        self._received(person).delete()
        self._sent(person).update(invited_by=None)

    def _received(self, person: Person) -> QuerySet[Invitation]:
        theirs = Q(accepted_by=person.user)
        for address in person.addresses:
            theirs |= Q(email__iexact=address)
        return Invitation.objects.filter(theirs)

    def _sent(self, person: Person) -> QuerySet[Invitation]:
        return Invitation.objects.filter(invited_by=person.user)


@holding
class Tokens(Deleted):
    name = "api_tokens"
    about = _("Your API tokens: what they may do and when they were used. Not the tokens themselves.")
    fate = _("Deleted.")
    columns = ("accounts.ApiToken.user",)
    exported = ("name", "organization__name", "scopes", "created", "expiry", "last_used_at")

    def rows(self, person: Person) -> QuerySet[ApiToken]:
        return ApiToken.objects.filter(user=person.user)


@holding
class Sessions(Deleted):
    name = "sessions"
    about = _("Browsers you are logged in with, and from which network address.")
    fate = _("Ended and deleted.")
    columns = ("usersessions.UserSession.user", "usersessions.UserSession.ip", "usersessions.UserSession.user_agent")
    exported = ("ip", "user_agent", "created_at", "last_seen_at")

    def rows(self, person: Person) -> QuerySet[UserSession]:
        return UserSession.objects.filter(user=person.user)

    def erase(self, person: Person) -> None:
        """Also those half-way through a log-in or a sign-up, which belong to nobody yet."""
        super().erase(person)
        ended = [session.pk for session in Session.objects.iterator() if _mentions(session.get_decoded(), person)]
        Session.objects.filter(pk__in=ended).delete()


def _mentions(content: dict[str, Any], person: Person) -> bool:
    text = json.dumps(content, default=str).lower()
    return str(person.user.pk) in text or re.search(person.address_pattern, text) is not None


@holding
class SecondFactors(Deleted):
    name = "second_factors"
    about = _("Whether you have two-factor log-in, since when. Not its secrets.")
    fate = _("Deleted.")
    columns = ("mfa.Authenticator.user",)
    exported = ("type", "created_at", "last_used_at")

    def rows(self, person: Person) -> QuerySet[Authenticator]:
        return Authenticator.objects.filter(user=person.user)


@holding
class Exports(Holding):
    name = "data_exports"
    about = _("When you asked for your data.")
    fate = _("Deleted with their files.")
    columns = ("accounts.DataExport.user",)
    exported = ("created_at", "finished_at", "expires_at", "size")

    def rows(self, person: Person) -> QuerySet[DataExport]:
        return DataExport.objects.filter(user=person.user)

    def erase(self, person: Person) -> None:
        remove_exports(self.rows(person))


@holding
class BackOfficeLog(Holding):
    name = "back_office_log"
    about = _("What you did in the back office before each organization kept its own record.")
    fate = _("Deleted.")
    columns = ("admin.LogEntry.user",)
    exported = ("action_time", "action_flag", "content_type__model")

    def rows(self, person: Person) -> QuerySet[LogEntry]:
        return LogEntry.objects.filter(user=person.user)

    def erase(self, person: Person) -> None:
        LogEntry.objects.filter(Q(user=person.user) | Q(object_id__in=person.row_keys)).delete()
