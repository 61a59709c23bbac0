"""The form of a run, typed or read from a file, and the fields it is made of."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing

from runners import formats
from runners.limits import MAX_DISTANCE_M, MAX_DURATION_S, SLOWEST_M_PER_S, is_too_fast
from runners.models import Run, RunKind, User
from runners.models.logs import FIRST_DAY
from runners.models.people import Units
from runners.runs.file_facts import FileFacts
from runners.runs.run_state import as_state, state_of
from runners.runs.slips import best_of, slips
from runners.web import really
from runners.web.merging import State

# Anchors of session-RPE, by the number from 1.
EFFORT_WORDS = (
    "very easy",
    "easy",
    "moderate",
    "fairly hard",
    "hard",
    "hard",
    "very hard",
    "very hard",
    "nearly all out",
    "all out",
)


# What is typed, in small letters without spaces: figure and unit; hours, minutes and seconds.
DISTANCE = re.compile(r"(\d{1,6}(?:[.,]\d{0,15})?|[.,]\d{1,15})(km?|mi|miles?)?", re.ASCII)
CLOCK = re.compile(r"(?:(\d{1,3}):(?=\d+:))?(\d{1,4})(?::(\d{2}))?", re.ASCII)
IN_WORDS = re.compile(
    r"(?=\d)(?:(\d{1,3})h(?:(?:ou)?rs?)?)?(?:(\d{1,4})(?:m(?:in(?:ute)?s?)?|')?)?"
    r"(?:(\d{1,2})(?:s(?:ec(?:ond)?s?)?|\"))?",
    re.ASCII,
)
LAST_OF_SIXTY = 59  # minutes of an hour, seconds of a minute
# What run-form.js reads of a field to work out the pace while it is typed: data-pattern and so on.


METRES_PER = {"k": 1000, "m": formats.METRES_PER_MILE}  # by the first letter of the unit


def _typed(value: Any) -> str:
    return "".join(str(value).lower().split())


class DistanceField(forms.CharField):
    """Metres, typed in the runner's units or with a unit, with a comma or a point."""

    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "data-pattern": DISTANCE.pattern}
    )

    def __init__(self, units: str = "km") -> None:
        super().__init__(required=False, label=f"Distance ({units})")
        self.units = units
        self.widget.attrs["data-metres-per-unit"] = self.metres_per_unit

    @property
    def metres_per_unit(self) -> float:
        return formats.METRES_PER_MILE if self.units == "mi" else 1000

    def prepare_value(self, value: Any) -> Any:
        """Exact to the metre, so that a form opened and saved changes nothing."""
        if not isinstance(value, int | float):
            return value
        return f"{value / self.metres_per_unit:.3f}".rstrip("0").rstrip(".")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()

    def clean(self, value: Any) -> Any:
        """Whole metres, or None for none."""
        text = _typed(super().clean(value))
        if not text:
            return None
        found = DISTANCE.fullmatch(text)
        if not found:
            raise forms.ValidationError(f"Write the distance as a number of {self.units}: 12.4.")
        figure, unit = found.groups()
        per_unit = METRES_PER[unit[0]] if unit else self.metres_per_unit
        metres = round(float(figure.replace(",", ".")) * per_unit)
        if metres < 1:
            raise forms.ValidationError("This is no distance. Leave it empty if you don't know it.")
        if metres > MAX_DISTANCE_M:
            longest = round(MAX_DISTANCE_M / self.metres_per_unit)
            raise forms.ValidationError(
                f"A run can have up to {longest} {self.units}. Is a decimal point missing?"
            )
        return metres


class DurationField(forms.CharField):
    """Seconds, typed as `45` (minutes), `45:00` or `1:02:30`, as `45 min` or `1h05`."""

    widget = forms.TextInput(
        attrs={
            "autocomplete": "off",
            "placeholder": "45:00",
            "data-pattern": CLOCK.pattern,
            "data-in-words": IN_WORDS.pattern,
            "data-last-of-sixty": LAST_OF_SIXTY,
            "data-slowest": SLOWEST_M_PER_S,
        }
    )

    def prepare_value(self, value: Any) -> Any:
        return formats.duration(value) if isinstance(value, int | float) else value

    def clean(self, value: Any) -> Any:
        text = _typed(super().clean(value))
        parts = CLOCK.fullmatch(text) or IN_WORDS.fullmatch(text)
        if not parts:
            raise forms.ValidationError("Write the time as 45, 45:00 or 1:02:30.")
        hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        if seconds > LAST_OF_SIXTY or (parts[1] and minutes > LAST_OF_SIXTY):
            raise forms.ValidationError(
                f"Minutes and seconds go up to {LAST_OF_SIXTY}."
                " Write the time as 45, 45:00 or 1:02:30."
            )
        duration_s = hours * 3600 + minutes * 60 + seconds
        if duration_s == 0:
            raise forms.ValidationError("A run of 0 seconds is no run yet. How long did it take?")
        if duration_s > MAX_DURATION_S:
            raise forms.ValidationError(
                f"A run can take up to {MAX_DURATION_S // 3600} hours. Log a longer one day by day."
            )
        return duration_s


def in_hours(text: str, duration_s: int, distance_m: int) -> int:
    """Seconds of what was typed as `1:10`, for 10 km: an hour and ten minutes.

    Only where that is no slower than a stroll: in minutes and seconds it would then be five times
    as fast as anyone, so no time that can be right is read as another.
    """
    parts = CLOCK.fullmatch(_typed(text))
    is_pair = parts is not None and not parts[1] and parts[3] is not None
    longer_s = duration_s * 60
    may_be = longer_s <= MAX_DURATION_S and distance_m / longer_s >= SLOWEST_M_PER_S
    return longer_s if is_pair and may_be else duration_s


class RunForm(forms.Form):
    """A new run, or one that is there (`run`), to be changed from the state it had (`base`)."""

    # Chosen when the form is first shown: sent twice, it is still one run.
    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    from_file = forms.CharField(required=False, widget=forms.HiddenInput)
    # The run that this one is, by the answer to “Is this the run you have?”.
    same_as = forms.UUIDField(required=False, widget=forms.HiddenInput)
    # In which the distance stands in this form, whatever the settings say by the time it is sent.
    units = forms.CharField(required=False, widget=forms.HiddenInput)
    # Taken away where no file gives a reason to ask.
    was_run = forms.BooleanField(required=False, label="Yes, it was a run.")
    day = forms.DateField(
        label="Date",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": "On which day was it?",
            "invalid": "Write the date as 2026-11-23.",
        },
    )
    distance = DistanceField()  # in the runner's units, see __init__
    duration = DurationField(
        label="Time",
        help_text="45 is 45 minutes. 1:02:30 works too.",
        error_messages={"required": "How long did it take?"},
    )
    effort = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[*enumerate(EFFORT_WORDS, start=1), ("", "not noted")],
        widget=forms.RadioSelect,
        help_text="How hard the whole run felt.",
        error_messages={"invalid_choice": "Choose a number from 1 to 10."},
    )
    kind = forms.ChoiceField(
        required=False,
        choices=[*RunKind.choices, ("", "not noted")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of these kinds."},
    )
    onset_min = forms.IntegerField(
        label="Did something start to hurt or tighten?",
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0}),
        help_text="The minute of the run when it began. Empty if nothing did.",
        error_messages={
            "invalid": "Write the minute as a whole number.",
            "min_value": "Write the minute as a number from 0.",
        },
    )
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        runner: User,
        run: Run | None = None,
        base: State | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.runner = runner
        self.run = run
        self.questions: list[really.Question] = []  # to be answered before it is saved
        self.answers = really.answered(data or {})
        new = {"uid": uuid.uuid4(), "day": runner.local_day(), "effort": "", "kind": ""}
        if run is not None:
            state = base or state_of(run)
            new = {field: "" if value is None else value for field, value in state.items()}
        super().__init__(data, initial={**new, **(initial or {})})
        self.shown_in = _units({**(initial or {}), **(data.dict() if data else {})}, runner)
        self.initial["units"] = self.shown_in
        self.fields["distance"] = DistanceField(self.shown_in)
        if data is None and run is None and not initial:
            self.fields["distance"].widget.attrs["autofocus"] = True
        self.fields["day"].widget.attrs["max"] = self.latest_day.isoformat()
        if not self.doubt:
            del self.fields["was_run"]

    @property
    def today(self) -> dt.date:
        return self.runner.local_day()

    @property
    def chosen_day(self) -> dt.date | None:
        """None where what stands in the field is no day."""
        try:
            day: dt.date | None = self.fields["day"].to_python(self["day"].value())
        except forms.ValidationError:
            return None
        return day

    @property
    def has_more(self) -> bool:
        """Is anything noted, or wrong, of what stands under "More"?"""
        more = [self[name] for name in ("kind", "onset_min", "note")]
        return any(field.errors or field.value() not in (None, "") for field in more)

    @property
    def latest_day(self) -> dt.date:
        """Today, or the day the run has already: after a flight to the west it may be tomorrow."""
        today = self.runner.local_day()
        return max(today, self.run.day) if self.run else today

    @property
    def facts(self) -> FileFacts | None:
        """What came from a file, if this form was filled from one."""
        token = self["from_file"].value()
        if not token or self.run:
            return None
        try:
            return FileFacts.opened(token, runner=self.runner)
        except signing.BadSignature:
            return None

    @property
    def doubt(self) -> str | None:
        """Why to ask about a file that may hold no run; None where it certainly does."""
        return self.facts.doubt if self.facts else None

    @property
    def start(self) -> dt.datetime | None:
        return self.facts.local_start(self.runner) if self.facts else None

    def clean_from_file(self) -> FileFacts | None:
        if self.cleaned_data["from_file"] and not self.facts:
            raise forms.ValidationError("The file was read too long ago. Choose it again.")
        return self.facts

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day > self.latest_day:
            raise forms.ValidationError("This day has not come yet.")
        if day < FIRST_DAY:  # date pickers make 0026 of 26
            raise forms.ValidationError("Look at the year: this is too long ago.")
        return day

    def clean(self) -> None:
        duration_s: int | None = self.cleaned_data.get("duration")
        distance_m: int | None = self.cleaned_data.get("distance")
        onset_min: int | None = self.cleaned_data.get("onset_min")
        if duration_s is None:
            return
        if distance_m and self._is_typed(duration_s):
            duration_s = in_hours(self.data["duration"], duration_s, distance_m)
            self.cleaned_data["duration"] = duration_s
        self._check_pace(distance_m, duration_s)
        if onset_min is not None and onset_min * 60 > duration_s:
            took = formats.duration(duration_s)
            last = duration_s // 60
            self.add_error("onset_min", f"The run took {took}: minute {last} is the last.")

    def _is_typed(self, duration_s: int) -> bool:
        """Not where a run or a file has just this time, however fast it was."""
        if self.run:
            return duration_s != self.run.duration_s
        return self.doubt != "faster_than_anyone"

    def _check_pace(self, distance_m: int | None, duration_s: int) -> None:
        """Faster than anyone is refused, but for a file whose runner says that it was a run."""
        is_new = self.run is None or duration_s != self.run.duration_s
        is_asked = is_new or "distance" in self.changed_data
        too_fast = bool(distance_m and is_asked and is_too_fast(distance_m, duration_s))
        doubt = self.doubt
        is_about_pace = doubt == "faster_than_anyone"
        if doubt and (too_fast or not is_about_pace) and not self.cleaned_data.get("was_run"):
            self.add_error("was_run", "Tick this if it was a run. Other sports are not logged.")
        if distance_m and too_fast and not is_about_pace:
            run = Run(distance_m=distance_m, duration_s=duration_s)
            units = self.runner.units
            self.add_error(
                "duration",
                f"{formats.distance(distance_m, units)} in {formats.duration(duration_s)} is"
                f" {formats.pace(run.pace_s_per_km, units)}, faster than anyone has run."
                " Look at the distance and the time again.",
            )
        if not self.errors:
            self.questions = really.unanswered(self._slips(), self.answers)

    def _slips(self) -> list[really.Question]:
        """Of what was typed; a file knows its day and its figures. 1 query at most."""
        typed = self.cleaned_data
        facts: FileFacts | None = typed["from_file"]
        known_day = self.run.day if self.run else facts.day if facts else None
        questions: list[really.Question] = []
        if typed["day"] != known_day:
            questions += really.long_ago(typed["day"], today=self.runner.local_day())
        if self.run:
            same_time = typed["duration"] == self.run.duration_s
            figures_known = same_time and "distance" not in self.changed_data
        else:
            figures_known = facts is not None
        if not figures_known:
            best = best_of(self.runner, but=self.run)
            figures = typed["distance"], typed["duration"]
            questions += slips(*figures, best=best, units=self.runner.units)
        return questions

    def is_valid(self) -> bool:
        return super().is_valid() and not self.questions

    @property
    def carried(self) -> list[str]:
        """What Save says yes to when it is pressed again."""
        return really.to_carry(self.questions, self.answers)

    def to_run(self) -> Run:
        """The new run as it stands in the form, not yet stored."""
        typed = self.cleaned_data
        run = Run(runner=self.runner, uid=typed["uid"] or uuid.uuid4())
        facts: FileFacts | None = typed["from_file"]
        if facts:
            run.source, run.fingerprint = facts.source, facts.fingerprint
            run.climb_m, run.elapsed_s = facts.climb_m, facts.elapsed_s
            run.profile, run.written = facts.profile, self._written(facts)
            if typed["day"] == facts.day:  # else the clock was wrong, and so the hour
                run.started_at, run.utc_offset_s = facts.started_at, facts.utc_offset_s
        run.day, run.distance_m, run.duration_s = typed["day"], typed["distance"], typed["duration"]
        if run.elapsed_s is not None and run.elapsed_s < run.duration_s:
            run.elapsed_s = None  # it took longer than the watch was on
        run.effort, run.kind = typed["effort"], typed["kind"]
        run.onset_min, run.note = typed["onset_min"], typed["note"]
        return run

    def _written(self, facts: FileFacts) -> list[str]:
        """Columns in which the runner changed what the file says, or said what it does not."""
        typed, distance = self.cleaned_data, self.fields["distance"]
        changed = {
            "day": typed["day"] != facts.day,
            "distance_m": distance.has_changed(facts.distance_m, self.data.get("distance")),
            "duration_s": typed["duration"] != facts.duration_s,
            "effort": typed["effort"] is not None,
        }
        return [column for column, is_changed in changed.items() if is_changed]

    def to_state(self) -> State:
        """What the form says of the run that is there. Its distance is shown rounded: where it
        was left as shown, it is what it was."""
        typed = self.cleaned_data
        if "distance" not in self.changed_data:
            typed = {**typed, "distance": self.initial.get("distance") or None}
        return as_state(typed)


def _units(sent: Mapping[str, Any], runner: User) -> str:
    """Of the page that the form was shown on."""
    units = str(sent.get("units") or "")
    return units if units in Units.values else runner.units
