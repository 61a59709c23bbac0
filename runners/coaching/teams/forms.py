"""Teams, and which of them an athlete is in."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms

from runners.coaching.roster.queries import NO_TEAM, NONE
from runners.coaching.teams.actions import MOST_TEAMS
from runners.formats import one_line
from runners.models import Team

LONGEST = Team._meta.get_field("name").max_length
# Known only when it is saved.
TAKEN = "You have a team of this name already."
TOO_MANY = f"There can be {MOST_TEAMS} teams. Delete one that you no longer need."
GONE = "Choose one of your teams. It may have been deleted meanwhile."


class TeamForm(forms.Form):
    name = forms.CharField(
        label="Name of the team",
        max_length=LONGEST,
        error_messages={"required": "Give the team a name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Give the team a name.")
        return name


class AssignTeamForm(forms.Form):
    """`teams` are the coach's own, names by id. "No team" has a value, so that it is chosen."""

    team = forms.ChoiceField(error_messages={"required": GONE, "invalid_choice": GONE})

    def __init__(self, *args: Any, teams: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(team_id), name) for team_id, name in teams.items()]
        cast(forms.ChoiceField, self.fields["team"]).choices = [*names, (NONE, NO_TEAM)]

    def team_id(self) -> int | None:
        chosen: str = self.cleaned_data["team"]
        return None if chosen == NONE else int(chosen)
