"""A person's own API tokens."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.tokens import TokenForm
from accounts.models import ApiToken
from accounts.scopes import in_words
from accounts.second_factor import second_factor_first
from accounts.services.tokens import create_token, revoke_token
from core.errors import Refused


@dataclass(frozen=True)
class Row:
    """A token as its person sees it."""

    token: ApiToken
    scopes: list[str]
    has_expired: bool


@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Tokens there are, and a form for one more."""
    return _make(request) if request.method == "POST" else _show(request, TokenForm(user=request.user))


@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=token_id, user=request.user)
    revoke_token(token, by=request.user)
    messages.success(request, _("The token was revoked. It stopped working just now."))
    return redirect("tokens")


@reauthentication_required
@second_factor_first
def _make(request: HttpRequest) -> HttpResponse:
    """A new one is shown in this answer and never again. It outlives the session: an open browser is not enough."""
    form = TokenForm(request.POST, user=request.user)
    if not form.is_valid():
        return _show(request, form)
    try:
        _token, secret = create_token(**form.cleaned_data, by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, form)
    return _show(request, TokenForm(user=request.user), secret=secret)


def _show(request: HttpRequest, form: TokenForm, *, secret: str | None = None) -> HttpResponse:
    context = {"form": form, "rows": _rows_of(request.user), "secret": secret}
    response = render(request, "accounts/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _rows_of(user: Any) -> list[Row]:
    now = timezone.now()
    tokens = ApiToken.objects.filter(user=user).select_related("membership__organization")
    return [
        Row(token, [in_words(scope) for scope in token.scopes], token.expiry is not None and token.expiry <= now)
        for token in tokens
    ]
