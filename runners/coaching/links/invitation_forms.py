"""Inviting athletes by e-mail or by a link, and a coach by e-mail."""

import datetime as dt
import re
import uuid
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator

from runners.coaching.links.actions import MOST_WAITING
from runners.coaching.links.sharing_forms import DayField, SwitchesForm
from runners.models import Team, User
from runners.models.coaching import MOST_USES

MOST_AT_ONCE = 1000  # addresses in one form
LONGEST_TIME = dt.timedelta(days=365)  # a team's link
TEAM_TIME = dt.timedelta(days=30)  # suggested for one
TEAM_USES = 30

# `a@b.org, c@d.org` on one line is what a copied list looks like.
BETWEEN_ADDRESSES = re.compile(r"[\r\n,;]+")
# Known only when the invitation is made.
KNOWN_COACH = (
    "Your invitation to this address is still open. Withdraw it first; but after several in two"
    " weeks, let it rest."
)
TOO_MANY_WAITING = f"{MOST_WAITING} invitations would wait for being sent. Let those go first."
TEAM_GONE = {"invalid_choice": "This team is not there any more. Choose another one."}


class AddressField(forms.EmailField):
    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": "Enter the e-mail address.",
            "invalid": "This is not an e-mail address.",
            "max_length": "This is too long for an e-mail address.",
        }
        super().__init__(max_length=254, error_messages=messages, **kwargs)


class TeamChoice(forms.ModelChoiceField[Team]):
    """The coach's own teams. 1 query."""

    def __init__(self) -> None:
        super().__init__(
            Team.objects.none(),
            required=False,
            label="Team",
            empty_label="No team",
            error_messages=TEAM_GONE,
        )


class InvitesForm(forms.Form):
    """One of the forms of the coach's page; `called` is its name there."""

    called: ClassVar[str]
    team: forms.Field = TeamChoice()

    def __init__(self, *args: Any, coach: User, teams: list[Team], **kwargs: Any) -> None:
        self.coach = coach
        kwargs["auto_id"] = f"{self.called}_%s"
        super().__init__(*args, **kwargs)
        field = cast(TeamChoice, self.fields["team"])
        field.queryset = Team.objects.of(coach)
        # The page has three of these forms and reads the teams once.
        field.choices = [("", "No team"), *((team.pk, team.name) for team in teams)]
        if not teams:
            field.widget = forms.HiddenInput()


class InviteAthletesForm(InvitesForm):
    """Addresses, a line each. Wrong ones do not hold up the others: `wrong` says why, by line."""

    called = "by_mail"
    addresses = forms.CharField(
        label="E-mail addresses, one a line",
        widget=forms.Textarea(
            attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "none", "inputmode": "email"}
        ),
        error_messages={"required": "Enter at least one address."},
    )
    field_order = ("addresses", "team")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.wrong: dict[str, str] = {}
        super().__init__(*args, **kwargs)

    def clean_addresses(self) -> list[str]:
        pieces = BETWEEN_ADDRESSES.split(self.cleaned_data["addresses"])
        lines = list(dict.fromkeys(line for piece in pieces if (line := piece.strip())))
        if len(lines) > MOST_AT_ONCE:
            raise ValidationError(
                f"These are {len(lines)} lines. At most {MOST_AT_ONCE} go at once."
            )
        self.wrong = {line: why for line in lines if (why := self._why_not(line))}
        right = [line.lower() for line in lines if line not in self.wrong]
        if not right:
            raise ValidationError(self.named() or ["Enter at least one address."])
        return list(dict.fromkeys(right))

    def _why_not(self, line: str) -> str:
        try:
            address = AddressField().clean(line)
        except ValidationError as problem:
            return " ".join(problem.messages)
        if address.lower() == self.coach.email.lower():
            return "This is your own address."
        return ""

    def named(self) -> list[str]:
        """`bob@: This is not an e-mail address.`, a line each."""
        return [f"{Truncator(line).chars(80)}: {why}" for line, why in self.wrong.items()]


class OneLinkForm(InvitesForm):
    """A link for one athlete."""

    called = "one_link"
    uid = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


class TeamLinkForm(OneLinkForm):
    """One link for many: until a last day, and for so many of them."""

    called = "team_link"
    last_day = DayField(
        label="Works until", error_messages={"required": "Choose the last day of the link."}
    )
    max_uses = forms.IntegerField(
        label="Athletes, at most",
        min_value=1,
        max_value=MOST_USES,
        error_messages={
            "required": "Say how many athletes may use it.",
            "invalid": "Enter a whole number.",
            "min_value": "At least 1 athlete.",
            "max_value": f"At most {MOST_USES} athletes.",
        },
    )

    def __init__(self, *args: Any, coach: User, **kwargs: Any) -> None:
        self.today = coach.local_day()
        initial = {"last_day": self.today + TEAM_TIME, "max_uses": TEAM_USES}
        super().__init__(*args, coach=coach, initial=initial, **kwargs)
        self.fields["last_day"].widget.attrs |= {
            "min": self.today.isoformat(),
            "max": (self.today + LONGEST_TIME).isoformat(),
        }

    def clean_last_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_day"]
        if day < self.today:
            raise ValidationError("This day is over. Choose today or a later one.")
        if day > self.today + LONGEST_TIME:
            raise ValidationError("A link works for a year at most. Choose an earlier day.")
        return day

    def expires_at(self) -> dt.datetime:
        """The midnight that ends the last day, where the coach is."""
        after: dt.date = self.cleaned_data["last_day"] + dt.timedelta(days=1)
        return dt.datetime.combine(after, dt.time.min, tzinfo=self.coach.tz)


class InviteCoachForm(SwitchesForm):
    """Where the invitation goes, and what the coach will see."""

    email = AddressField(
        label="The coach’s e-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email == self.athlete.email.lower():
            raise ValidationError("This is your own address.")
        return email
