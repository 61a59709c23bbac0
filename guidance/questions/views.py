"""The questions: all of them with their answers, and one a screen."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guidance.questions import actions as questions_actions
from guidance.questions.forms import QuestionForm
from guidance.questions.queries import Asked, asked_of, next_due, question_at
from guidance.rules.log.current_answers import ANSWER_DAYS
from runners.models import Standing, User
from runners.models.standing import StandingLevel
from runners.web.http import AuthedRequest, consent_required, posted, redirect_or_refresh

BACK = "guidance"  # `?next=guidance`: one question was asked there, and its answer leads back


@require_safe
@never_cache  # the back button shows what was answered, not what stood here before
def questions(request: AuthedRequest) -> HttpResponse:
    asked = asked_of(request.user, request.user.local_day())
    context = {
        "due": [one for one in asked if one.is_due and one.answer is None],
        "faded": [one for one in asked if one.is_due and one.answer is not None],
        "answered": [one for one in asked if one.answer is not None and not one.is_due],
        "counts_days": ANSWER_DAYS,
    }
    return render(request, "guidance/questions/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@consent_required
def question(request: AuthedRequest, slug: str) -> HttpResponse:
    found = question_at(slug)
    if found is None:
        raise Http404
    asked = asked_of(request.user, request.user.local_day())
    here = next(one for one in asked if one.question == found)
    back = request.GET.get("next") == BACK
    following = None if back else next_due(asked, after=found.id)
    form = QuestionForm(posted(request), question=found, initial=initial(here))
    if request.method == "POST" and form.is_valid():
        before = level(request.user)
        questions_actions.give_answer(found.id, form.to_value(), by=request.user)
        # An answer that calls for more care is told at once; the other questions can wait.
        raised = level(request.user) > max(before, StandingLevel.WORSENING)
        return redirect_or_refresh(request, after(None if raised else following))
    context = {
        "asked": here,
        "form": form,
        "back": back,
        "skip": after(following),
        "left": sum(one.is_due for one in asked),
    }
    status = 422 if form.errors else 200
    return render(request, "guidance/questions/question.html", context, status=status)


def initial(asked: Asked) -> dict[str, object]:
    """What was answered, for changing it; an answer that has faded is asked afresh."""
    return {"value": asked.answer.value} if asked.answer and asked.counts else {}


def level(runner: User) -> int:
    standing = Standing.objects.of(runner).first()
    return standing.level if standing else StandingLevel.UNKNOWN


def after(following: Asked | None) -> str:
    if following is None:
        return reverse("guidance:guidance")
    return reverse("guidance:question", args=[following.slug])
