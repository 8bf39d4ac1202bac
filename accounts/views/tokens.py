"""A person's own API tokens."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import TokenForm
from accounts.models import ApiToken
from accounts.services.tokens import create_token, revoke_token


@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Tokens there are, and a form for one more; a new one is shown in this answer and never again."""
    form = TokenForm(request.POST or None, user=request.user)
    secret = None
    if request.method == "POST" and form.is_valid():
        _, secret = create_token(**form.cleaned_data)
        form = TokenForm(user=request.user)
    tokens = ApiToken.objects.filter(user=request.user).select_related("membership__organization")  # type: ignore[misc]
    response = render(request, "accounts/tokens.html", {"form": form, "tokens": tokens, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    if not revoke_token(token_id, by=request.user):
        raise Http404
    messages.success(request, "The token was revoked. It stopped working just now.")
    return redirect("tokens")
