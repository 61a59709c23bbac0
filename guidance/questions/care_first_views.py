"""What a runner should tell guidance before it suggests anything."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guidance.models import Answer
from guidance.questions import actions as questions_actions
from guidance.questions.care_first_forms import CareFirstForm
from guidance.rules.ids import ASK_CARE_FIRST
from runners.web.going_on import going_to
from runners.web.http import AuthedRequest, consent_required
from runners.web.notices import say

# Where the answer leads, by what the address asks for.
NEXT = {"plan": "guidance:plan", "guidance": "guidance:guidance"}


@require_http_methods(["GET", "POST"])
@consent_required
def care_first(request: AuthedRequest) -> HttpResponse:
    answered = Answer.objects.latest_of(request.user, ASK_CARE_FIRST)
    if request.method == "POST":
        form = CareFirstForm(request.POST)
        if form.is_valid():
            questions_actions.give_answer(
                ASK_CARE_FIRST, form.cleaned_data["values"], by=request.user
            )
            say(request, messages.SUCCESS, "guidance/questions/notices.html#health-saved")
            # It was asked before a plan could start, or be shown.
            if request.GET.get("next") in NEXT:
                return redirect(NEXT[request.GET["next"]])
            return redirect(going_to(request) if answered is None else "runners:settings")
    else:
        form = CareFirstForm(initial={"values": answered.value} if answered else None)
    context = {
        "form": form,
        "answered": answered,
        "going_to": going_to(request),
        "is_second_step": request.GET.get("step") == "2",
    }
    status = 422 if form.errors else 200
    return render(request, "guidance/questions/care_first.html", context, status=status)
