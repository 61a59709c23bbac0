"""The plan as forms: taking remedies on, ticking them, and changing an item."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from guidance.models import Variant
from guidance.plan.actions import NewItem
from guidance.plan.offers import OfferShown
from guidance.rules.catalogue import Remedy
from guidance.saying import say

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TODAY_PAGE, PLAN_PAGE = "today", "plan"
NO, YES = "no", "yes"
TAKE = "-take"  # the end of the name of each tick that takes a remedy on


class WeekdaysField(forms.MultipleChoiceField):
    """Days of the week in the runner's own order. Cleaned to ISO weekdays, such as "135"."""

    def __init__(self, *, week_start: int, **kwargs: Any) -> None:
        days = [(week_start - 1 + later) % 7 + 1 for later in range(7)]
        super().__init__(
            choices=[(str(day), DAY_NAMES[day - 1]) for day in days],
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "Choose at least one day.",
                "invalid_choice": "Choose days of the week.",
            },
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        return "".join(sorted(set(super().clean(value))))


class OfferForm(forms.Form):
    """A remedy to take on: its days, and whether one of its "not if" fits.

    `asked` says which lines the page showed. Of a remedy that is not taken on nothing else is
    looked at; one of which something fits is not taken on.
    """

    take = forms.BooleanField(required=False, initial=True)
    fits = forms.ChoiceField(
        choices=[(NO, "No"), (YES, "Yes")],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Answer no or yes."},
    )
    asked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, offer: OfferShown, data: Mapping[str, Any] | None = None, *, week_start: int
    ) -> None:
        self.lines = [say(line) for line in offer.not_if]
        asked = " ".join(line.key for line in offer.not_if)
        super().__init__(
            data, prefix=offer.slug, initial={"days": list(offer.weekdays), "asked": asked}
        )
        self.offer = offer
        self.fields["take"].label = offer.remedy.name
        self.fields["days"] = WeekdaysField(week_start=week_start, required=False, label="Days")

    @property
    def is_taken(self) -> bool:
        return bool(self["take"].value()) and self["fits"].value() != YES

    def clean(self) -> None:
        super().clean()
        if not self.is_taken:
            self.errors.clear()
            return
        if "days" not in self.errors and not self.cleaned_data["days"]:
            self.add_error("days", "Choose at least one day.")
        if self.lines and "fits" not in self.errors:
            if self.cleaned_data["asked"] != self["asked"].initial:
                self.add_error("fits", "What has to be asked has changed. Look again.")
            elif self.cleaned_data["fits"] != NO:
                self.add_error("fits", "Answer this, or leave it out.")

    def to_item(self) -> NewItem:
        return NewItem(self.offer.remedy.id, self.cleaned_data["days"])


class AddForm(OfferForm):
    """A single remedy to add: where something fits, it says so and adds nothing."""

    def clean(self) -> None:
        super().clean()
        if not self.is_taken:
            self.add_error("fits", "Then it is not for you now. Nothing was added.")


class StartPlanForm(forms.Form):
    """Every offer at once. `uid` makes the same form sent twice one plan."""

    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        offers: Iterable[OfferShown],
        data: Mapping[str, Any] | None = None,
        *,
        week_start: int,
    ) -> None:
        super().__init__(data, initial={"uid": uuid.uuid4()})
        self.offers = [OfferForm(offer, data, week_start=week_start) for offer in offers]

    def clean(self) -> None:
        super().clean()
        known = {offer.add_prefix("take") for offer in self.offers}
        if any(name.endswith(TAKE) and name not in known for name in self.data):
            raise forms.ValidationError(
                "What is suggested has changed since you opened this page. Look again."
            )
        if not any(offer.is_taken for offer in self.offers):
            raise forms.ValidationError("Nothing is left to start with. Take on at least one.")
        if not all(offer.is_valid() for offer in self.offers):
            raise forms.ValidationError("Look at the lines in red. Nothing is started yet.")

    def to_uid(self) -> uuid.UUID:
        sent: uuid.UUID | None = self.cleaned_data["uid"]
        return sent or uuid.uuid4()

    def to_items(self) -> list[NewItem]:
        return [offer.to_item() for offer in self.offers if offer.is_taken]


class DaysForm(forms.Form):
    def __init__(self, *args: Any, week_start: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"] = WeekdaysField(week_start=week_start, label="Days")


class VariantForm(forms.Form):
    """Only the forms that the remedy has words for. The usual one is the empty word."""

    def __init__(self, *args: Any, remedy: Remedy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["variant"] = forms.ChoiceField(required=False, choices=variants_of(remedy))

    def to_variant(self) -> Variant:
        return Variant(self.cleaned_data["variant"])


def variants_of(remedy: Remedy) -> list[tuple[str, str]]:
    words = {Variant.EASIER: remedy.easier, Variant.USUAL: "usual", Variant.HARDER: remedy.harder}
    return [(form.value, str(form.label)) for form, said in words.items() if said]


class DoneForm(forms.Form):
    """A tick or its undo. It says which of the two, so that sending it twice changes nothing.

    `back` is the page it was ticked on.
    """

    item = forms.IntegerField(min_value=1)
    day = forms.DateField(input_formats=["%Y-%m-%d"])
    done = forms.ChoiceField(choices=[("1", "done"), ("0", "not done")])
    back = forms.ChoiceField(choices=[(TODAY_PAGE, "Today"), (PLAN_PAGE, "Plan")], required=False)

    @property
    def is_done(self) -> bool:
        return bool(self.cleaned_data["done"] == "1")
