"""A code typed at the sign-in, and setting up an app or a passkey."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms

from runners.web.rate_limits import TooOften, take

# By the names by which allauth asks for them.
SAID = {
    "cannot_delete_authenticator": "This step stays.",
    "cannot_generate_recovery_codes": "Codes on paper belong to an app or a passkey.",
    "incorrect_code": "That is not right. An app's code changes every half minute.",
    "unverified_email": "Confirm your e-mail first: its link is in a mail.",
}
NO_PASSKEY = "This is no passkey that Limber knows. Try it once more."
USED = "This code was entered a moment ago. Wait for the next one."


def code_field(label: str) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    return forms.CharField(label=label, widget=forms.TextInput(attrs=attrs))


class CodeForm(AuthenticateForm):
    """Each try counts for the account, before the code is looked at, and a right one is given back.

    A code works once. allauth remembers that in the memory of one process, and there are several.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("Code")

    def clean_code(self) -> str:
        account = str(self.user.pk)
        taken = take(context.request, "second_step", address=account)
        code = "".join(self.cleaned_data["code"].split())
        try:
            take(context.request, "second_step_code", address=f"{account} {code}")
        except TooOften:
            raise forms.ValidationError(USED) from None
        self.cleaned_data["code"] = code
        right: str = super().clean_code()
        taken.give_back()
        return right


class AppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("The code that it shows")


class CredentialField(forms.JSONField):
    """JSON of too many digits, or too deep, is refused as well, and none of it is sent back."""

    def to_python(self, value: Any) -> Any:
        with what_a_browser_made():
            return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


class PasskeyForm(AddWebAuthnForm):
    """Its name is a browser's, roughly; what the browser made of it comes with the form."""

    credential = CredentialField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = forms.CharField(label="Its name", required=False, max_length=40)
        self.fields["name"] = name

    def clean(self) -> dict[str, Any]:
        with what_a_browser_made():
            return dict(super().clean())


class UsePasskeyForm(AuthenticateWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with what_a_browser_made():
            return super().clean_credential()


@contextmanager
def what_a_browser_made() -> Iterator[None]:
    """Anything may be sent, and the library that reads it expects browsers alone."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError, InvalidSignature):
        raise forms.ValidationError(NO_PASSKEY) from None
