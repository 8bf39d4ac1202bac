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


def second_factor_first(view: View) -> View:
    """With MFA_REQUIRED_FOR_MAKERS, sends whoever has not turned it on to where that is done."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.MFA_REQUIRED_FOR_MAKERS and not get_adapter().is_mfa_enabled(request.user):
            messages.warning(request, _("The back office asks for two-factor log-in. Turn it on here first."))
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return guarded
