"""What a form was built from, carried in the form itself: sealed, and bound to one person."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from runners import formats
from runners.models import User
from runners.web.http import AuthedRequest
from runners.web.merging import Base, Clash, Clashed, State
from runners.web.notices import words

FIELD = "base"
CHOICE = "keep-"  # and the name of a field that clashed


def carried(request: AuthedRequest, what: str) -> Base:
    """The base that a form about `what` was sent with.

    Without one, or with one of somebody else, the form was built from nothing: what is stored
    and differs is then asked about, and never overwritten.
    """
    try:
        text = signing.loads(request.POST.get(FIELD, ""), salt=_salt(request.user, what))
        state, asked = json.loads(text)
    except (signing.BadSignature, ValueError):
        return Base()
    choices = {
        name.removeprefix(CHOICE): str(value)
        for name, value in request.POST.items()
        if name.startswith(CHOICE)
    }
    return Base(state, asked, choices)


def sealed(base: Base, *, runner: User, what: str) -> str:
    """For the hidden field; a state as dates are written is what JSON makes of it."""
    text = json.dumps([base.state, base.asked])
    return signing.dumps(text, salt=_salt(runner, what), compress=True)


def _salt(runner: User, what: str) -> str:
    return f"runners.base.{runner.pk}.{what}"


@dataclass(frozen=True, slots=True)
class ClashShown:
    """A question of the page: which of the two is right?"""

    field: str
    label: str
    stored: str | None  # in words; None: it was deleted meanwhile
    mine: str | None  # None: all that stands here
    again: bool  # it was asked before, and not answered

    @property
    def name(self) -> str:
        """Of the field that holds the answer."""
        return f"{CHOICE}{self.field}"


class Edit:
    """A form about `what` on its way through one request, with what it was built from.

    `state` is what is stored now: a form that is shown for the first time is built from that.
    """

    def __init__(self, request: AuthedRequest, what: str, state: State) -> None:
        self._request, self._what = request, what
        self.base = carried(request, what) if request.method == "POST" else Base(state)
        self._clashes: Sequence[ClashShown] = ()

    def ask(self, clashed: Clashed, clashes: Sequence[ClashShown]) -> None:
        """Nothing was saved, and the page asks which of the two is right."""
        self.base, self._clashes = self.base.asking(clashed), clashes

    def page(self, template: str, form: forms.BaseForm, **context: Any) -> HttpResponse:
        """The form to be filled in, to be corrected (422), or with what clashes (409)."""
        context |= {
            "form": form,
            "base": sealed(self.base, runner=self._request.user, what=self._what),
            "clashes": self._clashes,
        }
        status = 409 if self._clashes else 422 if form.is_bound else 200
        return render(self._request, template, context, status=status)


def shown(form: forms.BaseForm, clashes: Iterable[Clash], base: Base) -> list[ClashShown]:
    """Clashes in the words of a form whose fields bear the names of the state's."""
    return worded(
        clashes,
        base,
        label=lambda name: str(form[name].label),
        words=lambda name, value: _in_words(form.fields[name], value),
    )


def worded(
    clashes: Iterable[Clash],
    base: Base,
    *,
    label: Callable[[str], str],
    words: Callable[[str, Any], str],
) -> list[ClashShown]:
    """`label` names a field, `words` say what a value of it is."""
    return [
        ClashShown(
            clash.field,
            label(clash.field),
            words(clash.field, clash.stored),
            words(clash.field, clash.mine),
            again=clash.field in base.asked,
        )
        for clash in clashes
    ]


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return words(f"runners/web/_value.html#{'on' if value else 'off'}")
    if value in (None, ""):
        return words("runners/web/_value.html#nothing")
    if isinstance(field, forms.DateField) and (day := parse_date(str(value))):
        return formats.long_day(day)
    for key, label in getattr(field, "choices", ()):
        if str(key) == str(value):
            return str(label)
    return str(field.prepare_value(value))
