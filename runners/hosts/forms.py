"""What a host may ask for in the address of a list, and the address that is typed before an end."""

from django import forms

from runners.hosts.queries import State
from runners.models import SecurityEventKind

LONGEST = 100  # characters of a name, or of an address
CHOOSE = {"invalid_choice": "Choose one from the list."}
OTHER_ADDRESS = "That is not the e-mail of this account."


class FindForm(forms.Form):
    """Words of a name or of an e-mail."""

    q = forms.CharField(
        label="Name or e-mail",
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    page = forms.CharField(required=False, max_length=10)


class AccountsForm(FindForm):
    state = forms.ChoiceField(
        label="Which",
        required=False,
        choices=[("", "All accounts"), *State.choices],
        error_messages=CHOOSE,
    )


class EventsForm(forms.Form):
    kind = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "Everything"), *SecurityEventKind.choices],
        error_messages=CHOOSE,
    )
    page = forms.CharField(required=False, max_length=10)


class EraseForm(forms.Form):
    """`email` is that of the account, typed: so it is not the wrong one that is closed."""

    email = forms.CharField(
        label="E-mail of this account",
        max_length=254,
        error_messages={"required": OTHER_ADDRESS},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )

    def __init__(self, *args: object, expected: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what Django's own takes
        self.expected = expected

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if email.lower() != self.expected.lower():
            raise forms.ValidationError(OTHER_ADDRESS)
        return email
