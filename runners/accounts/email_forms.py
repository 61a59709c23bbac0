"""The one question of changing the e-mail."""

from typing import Any

from django import forms

from runners.models import User


class EmailForm(forms.Form):
    TAKEN = "There is an account with this e-mail already."  # known only when it is saved

    email = forms.EmailField(
        label="New e-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email == self.user.email.lower():
            raise forms.ValidationError("You sign in with this one already.")
        return email
