"""The warning signs as a form: eighteen ticks in four groups, and how an open one is settled."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms

from guidance.advice.open_flags import OpenFlag, asked_flags
from guidance.knowledge import current_knowledge
from guidance.models import ScreenResult
from guidance.questions.actions import Value
from guidance.questions.forms import SeveralField
from guidance.rules.catalogue import Flag
from guidance.rules.ids import ASK_BONE_RISK
from guidance.rules.types import FlagAnswer
from runners.body.areas import Area

FIRST_DAY = dt.date(1900, 1, 1)  # nothing a runner feels began earlier; a date before is a slip

SEEN, MISTAKE = "seen", "mistake"


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, *, last: dt.date) -> None:
        super().__init__(attrs={"max": last.isoformat()}, format="%Y-%m-%d")


def checked_day(day: dt.date | None, *, today: dt.date) -> dt.date | None:
    """Raises ValidationError for a day that nobody can mean."""
    if day is not None and day > today:
        raise forms.ValidationError("That day has not come yet.")
    if day is not None and day < FIRST_DAY:
        raise forms.ValidationError("That is too long ago. Look at the year.")
    return day


class SignForm(forms.Form):
    """One warning sign: whether it is true, since when, and for a bone where.

    Of a sign that is not ticked nothing else is looked at: the page hides it.
    """

    yes = forms.BooleanField(required=False)
    since = forms.DateField(
        label="Since when?",
        required=False,
        error_messages={"invalid": "Write the day as year-month-day."},
    )
    area = forms.ChoiceField(
        label="Where?",
        required=False,
        choices=[("", "Not sure"), *((area.value, area.label.capitalize()) for area in Area)],
        error_messages={"invalid_choice": "Choose a place from the list."},
    )

    def __init__(self, flag: Flag, data: Mapping[str, Any] | None, *, today: dt.date) -> None:
        super().__init__(data, prefix=flag.id.partition(":")[2])
        self.flag, self.today = flag, today
        self.fields["yes"].label = flag.question
        self.fields["since"].widget = DayInput(last=today)
        if not flag.bone:
            del self.fields["area"]

    @property
    def is_ticked(self) -> bool:
        return bool(self["yes"].value())

    def clean_since(self) -> dt.date | None:
        return checked_day(self.cleaned_data["since"], today=self.today)

    def to_answer(self, *, yes: bool) -> FlagAnswer:
        if not yes:
            return FlagAnswer(self.today, self.flag.id, yes=False)
        since, area = self.cleaned_data["since"], self.cleaned_data.get("area", "")
        return FlagAnswer(self.today, self.flag.id, yes=True, since=since, area=area)


@dataclass(frozen=True, slots=True)
class SignGroup:
    """A group of the screen: the signs to tick, those still open, and "none of these".

    A sign that is open is not asked again, but it may be ticked in a form sent twice.
    """

    number: int
    name: str
    signs: tuple[SignForm, ...]
    still_open: tuple[OpenFlag, ...]
    none: forms.BoundField

    @property
    def shown(self) -> list[SignForm]:
        open_ids = {sign.flag.id for sign in self.still_open}
        return [sign for sign in self.signs if sign.flag.id not in open_ids]

    @property
    def ticked(self) -> list[SignForm]:
        return [sign for sign in self.signs if sign.is_ticked]

    @property
    def asks_bone_risk(self) -> bool:
        return any(sign.flag.bone for sign in self.signs)

    @property
    def has_open_bone(self) -> bool:
        return any(sign.flag.bone for sign in self.still_open)

    @property
    def is_touched(self) -> bool:
        return bool(self.none.value() or self.ticked)

    @property
    def is_left_open(self) -> bool:
        return bool(self.shown) and not self.is_touched

    def to_given(self) -> list[FlagAnswer]:
        """A tick is a yes; "none" is a no to the other signs, but never to one still open."""
        given = [sign.to_answer(yes=True) for sign in self.ticked]
        if self.none.value():
            given += [sign.to_answer(yes=False) for sign in self.shown if not sign.is_ticked]
        return given


class GlanceForm(forms.Form):
    """None of these, or one of these, without saying which."""

    result = forms.ChoiceField(choices=ScreenResult.choices)


def bone_risk_choices() -> list[tuple[str, str]]:
    options = current_knowledge().questions[ASK_BONE_RISK].options
    return [(option.value, option.words) for option in options]


class WarningSignsForm(forms.Form):
    """The whole screen. A sign with neither a tick nor "none" is not answered: never a no."""

    bone_risk = SeveralField(required=False, choices=bone_risk_choices)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        today: dt.date,
        still_open: Collection[OpenFlag] = (),
        answered_no: Collection[str] = (),
        bone_risk: Value = None,
    ) -> None:
        """`answered_no` are signs answered with no today: their groups come filled in."""
        super().__init__(data, initial={"bone_risk": bone_risk})
        question = current_knowledge().questions[ASK_BONE_RISK]
        risk = self.fields["bone_risk"]
        risk.label, risk.help_text = question.words, question.why
        open_ids = {sign.flag.id for sign in still_open}
        self.groups: list[SignGroup] = []
        for slug, flags in groupby(asked_flags(), key=lambda flag: flag.group):
            signs = tuple(SignForm(flag, data, today=today) for flag in flags)
            left = {sign.flag.id for sign in signs} - open_ids
            self.fields[f"none_{slug}"] = forms.BooleanField(
                required=False, initial=bool(left) and left <= set(answered_no)
            )
            self.groups.append(
                SignGroup(
                    number=len(self.groups) + 1,
                    name=str(current_knowledge().words["flag_groups"][slug]),
                    signs=signs,
                    still_open=tuple(s for s in still_open if s.flag.group == slug),
                    none=self[f"none_{slug}"],
                )
            )

    def clean(self) -> None:
        super().clean()
        if not self.asks_bone_risk:
            self.errors.pop("bone_risk", None)
        if not any(group.is_touched for group in self.groups):
            raise forms.ValidationError(
                "Nothing is ticked yet. Tick what is true, or that none of a group is."
            )
        if not all(sign.is_valid() for group in self.groups for sign in group.ticked):
            raise forms.ValidationError("Look at the lines in red. Nothing is saved yet.")

    @property
    def left_open(self) -> list[SignGroup]:
        """Groups in which nothing is ticked."""
        return [group for group in self.groups if group.is_left_open]

    def to_given(self) -> list[FlagAnswer]:
        return [given for group in self.groups for given in group.to_given()]

    @property
    def asks_bone_risk(self) -> bool:
        """Only where a bone sign is a yes: without one the page does not show the question."""
        return any(
            any(sign.flag.bone for sign in group.ticked) or group.has_open_bone
            for group in self.groups
        )

    def to_bone_risk(self) -> list[str]:
        return self.cleaned_data["bone_risk"] if self.asks_bone_risk else []


def sign_choices() -> list[tuple[str, str]]:
    return [(flag.id, flag.name) for flag in asked_flags()]


class SettleForm(forms.Form):
    """How an open sign ends: a clinician has seen it on a day, or it was a mistake.

    Without a sign it is the "one of these" that was never named.
    """

    sign = forms.ChoiceField(required=False, choices=sign_choices)
    why = forms.ChoiceField(choices=[(SEEN, SEEN), (MISTAKE, MISTAKE)])
    seen_on = forms.DateField(
        required=False, error_messages={"invalid": "Write the day as year-month-day."}
    )

    def __init__(self, data: Mapping[str, Any], *, today: dt.date) -> None:
        super().__init__(data)
        self.today = today
        self.sent = data.get("sign", "")

    def clean_seen_on(self) -> dt.date | None:
        return checked_day(self.cleaned_data["seen_on"], today=self.today)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("why") != SEEN:
            # The day stands beside both buttons and only belongs to the other one.
            self.errors.pop("seen_on", None)
            self.cleaned_data["seen_on"] = None
        elif "seen_on" not in self.errors and self.cleaned_data["seen_on"] is None:
            self.add_error("seen_on", "Say on which day.")
