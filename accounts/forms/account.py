"""What the account pages ask, each with the limit of its door. allauth shows and saves them."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as second_factor
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import guards
from accounts.models import User
from accounts.services.passwords import change_password, reset_password
from accounts.services.profile import rename

#: What fields are called here.
LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "remember": _("Stay logged in"),
    "oldpassword": _("Your password until now"),
    "password1": _("Password"),
    "password2": _("The same once more"),
}


class OurWords:
    """Our labels, and no placeholders that repeat them."""

    fields: dict[str, forms.Field]
    labels: ClassVar[dict[str, Any]] = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(OurWords, account.LoginForm):
    """Who, and with what password. The adapter counts the tries."""


class SignupForm(OurWords, account.SignupForm):
    """A new account. Whoever came from an open organization's pages becomes a learner there."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["name", "email", "password1", "password2"]

    def clean(self) -> Any:
        cleaned = super().clean()
        guards.charge(context.request, "sign_up", account=cleaned.get("email", ""))
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """A known address takes as long as a new one: both hash what was typed."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: Any) -> None:
        rename(user, name=self.cleaned_data["name"])
        super().custom_signup(request, user)


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    """Asks for a link. The answer is the same whether the address is known or not."""

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        if email := cleaned.get("email"):
            guards.charge(context.request, "reset_password", account=email)
        return cleaned


class UserTokenForm(account.UserTokenForm):
    """The link of a reset mail. Wrong ones are counted; a right one always opens."""

    def clean(self) -> Any:
        try:
            return super().clean()
        except forms.ValidationError:
            guards.charge(context.request, "reset_link", account=self.data.get("uidb36", ""))
            raise


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    """A new password by a link that came by mail: whoever else had the old one is out."""

    labels = LABELS | {"password1": _("New password")}

    def save(self) -> None:
        reset_password(self.user, self.cleaned_data["password1"])


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    """A new password by somebody who knows the old one."""

    labels = LABELS | {"password1": _("New password")}

    revoke_tokens = forms.BooleanField(
        label=_("Revoke my API tokens too"),
        required=False,
        help_text=_("Every other session ends in any case. Tokens go on working unless you tick this."),
    )

    def save(self) -> None:
        change_password(
            self.user,
            self.cleaned_data["password1"],
            keep_session=context.request.session.session_key,
            revoke_tokens=self.cleaned_data["revoke_tokens"],
        )


class SetPasswordForm(OurWords, account.SetPasswordForm):
    """A first password, for an account that came without one."""


class AddEmailForm(OurWords, account.AddEmailForm):
    """One more address of the same person."""


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    """The password, before something delicate. The adapter counts the tries."""


class SecondFactorForm(OurWords, second_factor.AuthenticateForm):
    """The code after the password."""

    def clean_code(self) -> str:
        with guards.counting_mistakes(context.request, "second_factor", account=str(self.user.pk)):
            return str(super().clean_code())


class SecondFactorAgainForm(OurWords, second_factor.ReauthenticateForm):
    """The code before something delicate."""

    def clean_code(self) -> str:
        with guards.counting_mistakes(context.request, "second_factor", account=str(self.user.pk)):
            return str(super().clean_code())


class ProfileForm(forms.ModelForm):
    """How others see this person."""

    class Meta:
        model = User
        fields = ["name"]
        labels = {"name": _("Your name")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
