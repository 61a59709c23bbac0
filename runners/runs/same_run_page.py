"""“Is this the run you have?”: the page, what its buttons send, and what they are told."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from runners.models import Run
from runners.runs.filling import NoteTooLong, filled
from runners.web import really
from runners.web.http import AuthedRequest, page_or_fragment, sent_uid

GO_BACK = "show"  # the button that leads back to the form
OTHER_THAN = "other than "  # begins what a hidden field says of a run that was asked about

# What a merge can add or change, by field, in the order in which the page names it.
TOLD = (
    *("started_at", "distance_m", "duration_s", "elapsed_s", "climb_m", "profile"),
    *("effort", "kind", "onset_min", "note"),
)


def question(
    request: AuthedRequest, new: Run, runs: Sequence[Run], *, problem: str = ""
) -> HttpResponse:
    """Shows the new run beside each that it may be. All that was typed is in hidden fields."""
    context = {
        "new": new,
        "candidates": [{"run": run, **told(run, new)} for run in runs],
        "typed": [*typed(request.POST), *((really.FIELD, about) for about in asked(runs))],
        "problem": problem,
        "today": request.user.local_day(),
    }
    template = page_or_fragment(request, "runners/runs/same_run.html", "question")
    return render(request, template, context, status=422)


def typed(sent: QueryDict) -> list[tuple[str, str]]:
    """As sent, but for the button that was pressed."""
    steps = ("same_as", GO_BACK, "csrfmiddlewaretoken")
    return [(name, text) for name in sent if name not in steps for text in sent.getlist(name)]


def answers_but_which_run(sent: QueryDict) -> list[str]:
    """What stays answered on the way back to the form."""
    return [about for about in really.answered(sent) if not about.startswith(OTHER_THAN)]


def asked(runs: Sequence[Run]) -> list[str]:
    """Sent along by both buttons: without `same_as` it says that it is none of these."""
    return [f"{OTHER_THAN}{run.uid}" for run in runs]


def denied(sent: QueryDict) -> set[uuid.UUID]:
    """The runs of which the runner has said that this is another one."""
    texts = [
        about.removeprefix(OTHER_THAN)
        for about in really.answered(sent)
        if about.startswith(OTHER_THAN)
    ]
    return {uid for text in texts if (uid := sent_uid(text))}


def told(run: Run, new: Run) -> dict[str, list[str]]:
    """Fields that a merge `adds`, and those that it `changes`, as the better source has them."""
    try:
        fields: dict[str, Any] = filled(run, new)
    except NoteTooLong:
        fields = {}
    names = [name for name in TOLD if name in fields]
    adds = [name for name in names if name == "note" or getattr(run, name) in (None, "")]
    return {"adds": adds, "changes": [name for name in names if name not in adds]}
