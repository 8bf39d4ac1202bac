"""Where allauth asks us something."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import devices, guards
from accounts.invited import is_invited_address
from accounts.services.arriving import arrive
from core.mail import send_mail
from core.secrets import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    """E-mail is the only name a person has here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def populate_username(self, request: HttpRequest, user: object) -> None:
        """There are no user names to make up."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox, by templates of our own: those of the kind, such as `account/email/email_changed.txt`."""
        links = {name: _on_this_site(url) for name, url in context.items() if name.endswith("_url")}
        send_mail(template_prefix, to=email, context={**context, **links})

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """An invitation proves the address it was sent to, for an account made with exactly that address."""
        return is_invited_address(request, email)

    def unstash_verified_email(self, request: HttpRequest) -> None:
        """The invited address was for filling in the form; it is never added to an account of another one."""
        request.session.pop("account_verified_email", None)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Every password of every door is checked here and nowhere else; each check is counted first."""
        account = credentials.get("email", "")
        guards.charge(request, "log_in", account=account)
        user = super().authenticate(request, **credentials)
        if user is not None:
            guards.give_back(request, "log_in", account=account)
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        """The first log-in brings a new person to whose page they came for, wherever the mail was opened."""
        is_first = user.last_login is None
        super().login(request, user)
        if is_first and (came_for := get_next_redirect_url(request)):
            arrive(user, came_for=came_for)

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        devices.remember(response, account=user.email)
        return response

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Carries the page somebody signed up from through the mail."""
        url = str(super().get_email_confirmation_url(request, emailconfirmation))
        came_for = get_next_redirect_url(request)
        return f"{url}?{urlencode({'next': came_for})}" if came_for else url


def _on_this_site(url: str) -> str:
    """allauth takes the host of the request, which whoever asks can make up: a link in a mail leads nowhere else."""
    return settings.SITE_URL.rstrip("/") + urlsplit(url)._replace(scheme="", netloc="").geturl()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seeds and recovery codes lie in the database encrypted."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
