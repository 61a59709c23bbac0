"""Forms about the person: sign-up, the first questions, settings, another e-mail."""

import zoneinfo
from copy import copy
from functools import cache
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, SignupForm
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from runners.accounts import registration
from runners.accounts.addresses import are_confirmed, make_account
from runners.accounts.registration import Refused
from runners.formats import one_line
from runners.models import Consent, User
from runners.models.people import AgeBand, Units, WeekStart
from runners.web.widgets import PlainSelect

# Of both, a new account and an old one.
SIGNED_UP = (
    "Now sign in. If you had an account with this e-mail before, its password is the one that"
    " counts."
)
SIGNED_UP_AS = "signed_up_as"
UNDER_16 = "under_16_alone"
REFUSED = {
    Refused.OTHER_DOMAIN: (
        "Accounts here are for addresses at %(domains)s, and for whoever was invited."
    ),
    Refused.NO_INVITATION: "Your invitation does not work any more: ask for a new one.",
    Refused.OTHER_ADDRESS: "Your invitation went to another address: use that one.",
}


def consent_field() -> forms.BooleanField:
    return forms.BooleanField(
        label="I agree that Limber keeps the runs and health notes I enter, to show them to me.",
        error_messages={
            "required": "Without this, Limber may not keep what you log. Tick it to go on."
        },
    )


class SignUpForm(SignupForm):
    """E-mail, password, and the consent without which no health data are kept."""

    consent = consent_field()

    field_order = ("email", "password1", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = "At least 10 characters, and not a common one."

    def clean_email(self) -> str:
        email: str = super().clean_email()
        refused = registration.refusal(email, get_adapter().request)
        if refused is not None:
            domains = " and ".join(settings.SIGN_UP_DOMAINS)
            raise forms.ValidationError(REFUSED[refused], params={"domains": domains})
        return email

    def validate_unique_email(self, value: str) -> str:
        """Says nothing, here or on the page: see `try_save`."""
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse]:
        """Make the account, and answer in the same way where the address has one already.

        The password is hashed in both cases, because that takes longer than all the rest, and
        before the transaction. With a mail server a mail says which it was. Without one the new
        account is not signed in here: that would tell it.
        """
        email = self.cleaned_data["email"]
        password = make_password(self.cleaned_data["password1"])
        with transaction.atomic():
            user = make_account(email, password)
            if are_confirmed():
                to = get_next_redirect_url(request)
                login = Login(user=user, email=email, redirect_url=to, signup=True)
                return user, perform_login(request, login)
        messages.success(request, SIGNED_UP)
        request.session[SIGNED_UP_AS] = email
        return user, redirect(
            passthrough_next_redirect_url(request, reverse("account_login"), "next")
        )


class SignInForm(LoginForm):
    """After a sign-up the e-mail stands there already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["login"] = self.request.session.pop(SIGNED_UP_AS, "")


@cache
def time_zone_choices() -> list[tuple[str, str]]:
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name or name == "UTC")
    return [(name, name.replace("_", " ")) for name in names if not name.startswith("Etc/")]


@cache
def time_zone_options() -> SafeString:
    """Of several hundred zones, for a `<select>`: the same for everybody until one is chosen."""
    return format_html_join("", '<option value="{}">{}</option>', time_zone_choices())


class TimeZoneSelect(PlainSelect):
    def written(self) -> SafeString:
        return time_zone_options()


class TimeZoneForm(forms.Form):
    """The zone alone, of where somebody is."""

    time_zone = forms.ChoiceField(choices=time_zone_choices)


class PersonForm(forms.ModelForm[User]):
    """Who somebody is, as far as Limber needs it. `actions` save it, by what was changed.

    `person` is left as it is: a form writes what it was sent on a copy.
    """

    time_zone = forms.ChoiceField(
        choices=time_zone_choices,
        widget=TimeZoneSelect,
        help_text="A day begins at midnight here.",
        error_messages={"invalid_choice": "Choose a time zone from the list."},
    )

    class Meta:
        model = User
        fields = ["name", "units", "time_zone", "week_start", "age_band"]
        labels = {
            "units": "Distances in",
            "week_start": "Weeks start on",
            "age_band": "Age",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "units": forms.RadioSelect,
            "age_band": forms.RadioSelect,
        }

    def __init__(
        self, data: Any = None, *, person: User, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, instance=copy(person), initial=initial)
        self.fields["name"].required = True
        age = cast(forms.TypedChoiceField, self.fields["age_band"])
        age.choices = list(AgeBand.choices)

    def clean_name(self) -> str:
        """Coaches and athletes read it, and mails carry it."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Enter a name.")
        return name


class SettingsForm(PersonForm):
    """The same, and which mails may come. That of coaches is offered to coaches alone."""

    MAIL = ("wants_runner_digest", "wants_coach_digest")

    class Meta(PersonForm.Meta):
        fields = [*PersonForm.Meta.fields, "wants_runner_digest", "wants_coach_digest"]
        labels = {
            **PersonForm.Meta.labels,
            "wants_runner_digest": "My week, every Monday morning",
            "wants_coach_digest": "My athletes, every Monday morning",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.is_coach:
            del self.fields["wants_coach_digest"]

    @property
    def about_you(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.MAIL]

    @property
    def mail(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in self.MAIL]


def usual_in(languages: str) -> dict[str, Any]:
    """Units and week start to begin with, by what a browser says it accepts, best first."""
    first = languages.partition(",")[0].partition(";")[0].strip().lower()
    return {"units": Units.MILES, "week_start": WeekStart.SUNDAY} if first == "en-us" else {}


class WelcomeForm(PersonForm):
    """The questions of the first sign-in. Who is under 16 and alone gets no further.

    What a browser gives away comes filled in: the page shows it in one line. Whose account the
    host has made agrees here to what others agree to at the sign-up.
    """

    GUESSED = ("time_zone", "week_start", "units")

    def __init__(self, *args: Any, languages: str = "", **kwargs: Any) -> None:
        super().__init__(*args, initial=usual_in(languages), **kwargs)
        age = cast(forms.TypedChoiceField, self.fields["age_band"])
        age.choices = [
            *AgeBand.choices[:2],
            (UNDER_16, "under 16"),
            (AgeBand.CHILD.value, "I am a parent, and this account is for my child under 16"),
        ]
        self.initial["age_band"] = ""
        self.fields["name"].label = "What shall we call you?"
        self.fields["age_band"].label = "How old are you?"
        if not Consent.objects.of(self.instance).in_force().exists():
            self.fields["consent"] = consent_field()

    @property
    def asked(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.GUESSED]

    @property
    def guessed(self) -> list[forms.BoundField]:
        return [self[name] for name in self.GUESSED]

    def clean_age_band(self) -> str:
        age_band: str = self.cleaned_data["age_band"]
        if age_band == UNDER_16:
            raise forms.ValidationError(
                "Under 16, a parent opens the account and looks after it with you. Ask one of"
                " yours to sit down with you and choose the last answer."
            )
        return age_band


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
