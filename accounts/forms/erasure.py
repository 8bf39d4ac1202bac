"""What is asked of somebody who wants to be erased."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.account import SecondFactorAgainForm


class ErasureForm(forms.Form):
    """That it is them (password, and second factor where there is one) and that they mean it.

    Tries are counted like those at the log-in.
    """

    address = forms.CharField(label=_("Your e-mail address, to be sure"), widget=forms.EmailInput)
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(
        label=_("Code of your authenticator app, or a recovery code"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, request.user
        if not get_mfa_adapter().is_mfa_enabled(self.user):
            del self.fields["code"]

    def clean_address(self) -> str:
        typed: str = self.cleaned_data["address"].strip()
        if typed.lower() != self.user.email.lower():  # type: ignore[union-attr]
            raise ValidationError(gettext("This is not the address of this account."), code="other_address")
        return typed

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        found = get_adapter().authenticate(self.request, email=self.user.email, password=password)  # type: ignore[union-attr]
        if found != self.user:
            raise ValidationError(gettext("This is not your password."), code="wrong_password")
        return password

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        factor = SecondFactorAgainForm(user=self.user, data={"code": code})
        if not factor.is_valid():
            raise ValidationError(gettext("This code is not right, or was used before."), code="wrong_code")
        return code
