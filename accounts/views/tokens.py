"""A person's own API tokens."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import TokenForm
from accounts.models import ApiToken
from accounts.scopes import in_words
from accounts.services.tokens import create_token, revoke_token


@dataclass(frozen=True)
class Row:
    """A token as its person sees it."""

    token: ApiToken
    scopes: list[str]
    has_expired: bool


@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Tokens there are, and a form for one more; a new one is shown in this answer and never again."""
    form = TokenForm(request.POST or None, user=request.user)
    secret = None
    if request.method == "POST" and form.is_valid():
        _token, secret = create_token(**form.cleaned_data, by=request.user)
        form = TokenForm(user=request.user)
    context = {"form": form, "rows": _rows_of(request.user), "secret": secret}
    response = render(request, "accounts/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=token_id, user=request.user)
    revoke_token(token, by=request.user)
    messages.success(request, _("The token was revoked. It stopped working just now."))
    return redirect("tokens")


def _rows_of(user: Any) -> list[Row]:
    now = timezone.now()
    tokens = ApiToken.objects.filter(user=user).select_related("membership__organization")
    return [
        Row(token, [in_words(scope) for scope in token.scopes], token.expiry is not None and token.expiry <= now)
        for token in tokens
    ]
