"""What the roster can be asked for in its url."""

from collections.abc import Mapping
from typing import cast

from django import forms
from django.http import QueryDict

from runners.coaching.roster.queries import ANY, LOOK, NO_TEAM, NONE, Asked, Sort
from runners.formats import capital
from runners.models.standing import StandingLevel
from runners.web.widgets import PlainSelect

LONGEST_NAME = 80  # as the column of the name has it

# What nobody can get wrong in the filter, only in the url, or with a team deleted meanwhile.
CHOOSE = {"invalid_choice": "Choose one from the list."}

SEARCH = {"type": "search", "placeholder": "Search by name", "autocomplete": "off"}

LEVELS = [
    (ANY, "Any state"),
    (LOOK, "Needs a look"),
    *((str(level.value), capital(level.label)) for level in reversed(StandingLevel)),
    (NONE, "Not shared"),
]


class SearchForm(forms.Form):
    """What a list of athletes can be asked for."""

    q = forms.CharField(
        label="Search by name",
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs=SEARCH),
    )
    page = forms.CharField(required=False)


class RosterForm(SearchForm):
    """`teams` are the coach's own, names by id."""

    level = forms.ChoiceField(
        label="State", required=False, choices=LEVELS, error_messages=CHOOSE, widget=PlainSelect
    )
    team = forms.ChoiceField(
        label="Team", required=False, error_messages=CHOOSE, widget=PlainSelect
    )
    sort = forms.ChoiceField(required=False, choices=Sort.choices, error_messages=CHOOSE)

    def __init__(self, data: QueryDict, *, teams: Mapping[int, str]) -> None:
        super().__init__(data, auto_id="ask-%s")
        names = [(str(team_id), name) for team_id, name in teams.items()]
        team = cast(forms.ChoiceField, self.fields["team"])
        team.choices = [(ANY, "Any team"), *names, (NONE, NO_TEAM)]

    def asked(self) -> Asked:
        return Asked(
            words=self.cleaned_data["q"],
            level=self.cleaned_data["level"],
            team=self.cleaned_data["team"],
            sort=Sort(self.cleaned_data["sort"] or Sort.NEED),
            page=self.cleaned_data["page"],
        )
