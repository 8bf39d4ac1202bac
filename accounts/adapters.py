"""Where allauth asks us something."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """E-mail is the only name a person has here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def populate_username(self, request: HttpRequest, user: object) -> None:
        """There are no user names to make up."""

    def get_from_email(self) -> str:
        return str(settings.DEFAULT_FROM_EMAIL)
