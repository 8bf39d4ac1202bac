"""Who must have a second factor before a door opens."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

View = Callable[..., HttpResponse]


def lacks_second_factor(user: Any) -> bool:
    """Whether a maker would have to turn it on first (MFA_REQUIRED_FOR_MAKERS)."""
    return settings.MFA_REQUIRED_FOR_MAKERS and not get_adapter().is_mfa_enabled(user)


def second_factor_first(view: View) -> View:
    """Sends makers who must turn it on to where that is done."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if lacks_second_factor(request.user) and getattr(request.user, "is_staff", False):
            messages.warning(request, _("This asks for two-factor log-in. Turn it on here first."))
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return guarded
