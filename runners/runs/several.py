"""The runs of a file that holds several: offered to be chosen from, and saved in one go.

What is offered travels in one hidden field, signed and bound to the runner like the facts of a
single run. Each run has its uid before it is first sent, so a choice sent twice is saved once.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self, cast, get_args

from django import forms
from django.core import signing
from django.forms.boundfield import BoundWidget

from runners.activity_files import Activity
from runners.activity_files.activity import Remark
from runners.models import Run, User
from runners.runs.file_facts import KEPT, FileFacts
from runners.runs.queries import KnownRuns, Match


@dataclass(frozen=True, slots=True)
class Offered:
    """One run of the file. Without a day it cannot be chosen.

    `asked` is the uid of a run of the diary that it may be: to tick it says that it is another.
    """

    uid: str
    facts: FileFacts
    duration_s: int
    distance_m: int | None
    effort: int | None
    remarks: tuple[Remark, ...]
    asked: str | None = None

    @classmethod
    def of(cls, activity: Activity, *, runner: User) -> Self:
        return cls(
            uid=str(uuid.uuid4()),
            facts=FileFacts.of(activity, runner=runner),
            duration_s=activity.duration_s,
            distance_m=None if activity.distance_m is None else round(activity.distance_m),
            effort=activity.effort,
            remarks=activity.remarks,
        )

    def to_run(self, runner: User) -> Run:
        return Run(
            runner=runner,
            uid=uuid.UUID(self.uid),
            day=cast(dt.date, self.facts.day),  # None only where it is shown, never saved
            started_at=self.facts.started_at,
            utc_offset_s=self.facts.utc_offset_s,
            elapsed_s=self.facts.elapsed_s,
            distance_m=self.distance_m,
            duration_s=self.duration_s,
            effort=self.effort,
            climb_m=self.facts.climb_m,
            profile=self.facts.profile,
            source=self.facts.source,
            fingerprint=self.facts.fingerprint,
        )


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the page shows it: with its box, and the run of the diary that it is or may be."""

    offered: Offered
    run: Run
    start: dt.datetime | None
    box: BoundWidget | None
    known: Run | None
    perhaps: Run | None


class RunsForm(forms.Form):
    """Which of the offered runs to save. All that are new and without doubt are ticked."""

    from_file = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": "Choose the file again."}
    )
    chosen = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one run.",
            "invalid_choice": "Choose among the runs below.",
        },
    )

    def __init__(
        self, data: Any = None, *, runner: User, offered: list[Offered] | None = None
    ) -> None:
        super().__init__(data)
        self.runner = runner
        self.offered = self._opened() if offered is None else offered
        if offered is not None:
            self.offered = [replace(one, asked=self._asked(one)) for one in offered]
        dated = [(one.uid, "") for one in self.offered if one.facts.day]
        self.fields["chosen"].choices = dated  # type: ignore[attr-defined]  # of a ChoiceField
        if offered is not None:
            sent = sealed(self.offered, runner=runner)
            self.initial = {"from_file": sent, "chosen": self._ticked()}

    @cached_property
    def matches(self) -> dict[str, Match]:
        """The runs of the diary that these are or may be, by uid. 1 query."""
        known = KnownRuns.all_of(self.runner)
        found = {one.uid: known.matches(one.to_run(self.runner)) for one in self.offered}
        return {uid: matches[0] for uid, matches in found.items() if matches}

    def _asked(self, one: Offered) -> str | None:
        match = self.matches.get(one.uid)
        return str(match.run.uid) if match and not match.decision.is_sure else None

    @property
    def rows(self) -> list[RunRow]:
        boxes = {str(box.data["value"]): box for box in self["chosen"]}
        return [
            RunRow(
                offered=one,
                run=one.to_run(self.runner),
                start=one.facts.local_start(self.runner),
                box=boxes.get(one.uid),
                known=match.run if match and match.decision.is_sure else None,
                perhaps=match.run if match and not match.decision.is_sure else None,
            )
            for one, match in ((one, self.matches.get(one.uid)) for one in self.offered)
        ]

    def clean_from_file(self) -> str:
        if not self.offered:
            raise forms.ValidationError("The file was read too long ago. Choose it again.")
        return str(self.cleaned_data["from_file"])

    def to_runs(self) -> list[Run]:
        """The chosen ones, not yet stored."""
        chosen = self.cleaned_data["chosen"]
        return [one.to_run(self.runner) for one in self.offered if one.uid in chosen]

    def other_than(self) -> set[uuid.UUID]:
        """The runs of the diary that the page asked about: those ticked are others."""
        return {uuid.UUID(one.asked) for one in self.offered if one.asked}

    def _ticked(self) -> list[str]:
        return [
            one.uid for one in self.offered if not one.facts.doubt and one.uid not in self.matches
        ]

    def _opened(self) -> list[Offered]:
        """Empty where what was sent is old, changed or another runner's."""
        try:
            return opened(str(self["from_file"].value() or ""), runner=self.runner)
        except signing.BadSignature:
            return []


def sealed(offered: Iterable[Offered], *, runner: User) -> str:
    rows = [
        [
            one.uid,
            one.facts.to_json(),
            one.duration_s,
            one.distance_m,
            one.effort,
            one.remarks,
            one.asked,
        ]
        for one in offered
    ]
    return signing.dumps(rows, salt=_salt(runner), compress=True)


def opened(token: str, *, runner: User) -> list[Offered]:
    """Raises BadSignature for a token that is old, changed or another runner's."""
    rows = signing.loads(token, salt=_salt(runner), max_age=KEPT)
    return [
        Offered(uid, FileFacts.from_json(facts), time_s, distance_m, effort, _known(said), asked)
        for uid, facts, time_s, distance_m, effort, said, asked in rows
    ]


def _known(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Forms that were opened before they had names hold sentences."""
    return tuple(remark for remark in remarks if remark in get_args(Remark))


def _salt(runner: User) -> str:
    return f"runners.runs-file.{runner.pk}"
