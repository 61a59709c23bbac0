"""Check in: mark spots on the body map, or say all clear. One check-in per local day."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from runners import access
from runners.body import body_map
from runners.body.areas import Place, Timing
from runners.check_ins import actions
from runners.check_ins.clashes import label_of, value_of
from runners.check_ins.day_state import (
    CLEAR,
    asking_for_clear,
    came_since,
    said_clear,
    state_of,
)
from runners.check_ins.forms import AllClearForm, AnyDayForm, CheckInForm, preset_timing
from runners.check_ins.offers import MarkForm
from runners.models import CheckIn, Run, SorenessEntry, User
from runners.models.logs import FIRST_DAY
from runners.web import really
from runners.web.carried import FIELD, ClashShown, carried, sealed, worded
from runners.web.http import (
    AuthedRequest,
    consent_required,
    day_or_404,
    page_or_fragment,
    redirect_or_refresh,
)
from runners.web.merging import Base, Clashed, State
from runners.web.notices import say, words

NOTICES = "runners/check_ins/notices.html#"

PARTS_OF_DAY = ((dt.time(12), "morning"), (dt.time(18), "afternoon"))

# Buttons that change the form on the page and store nothing. None may be called like a method of
# an HTML element ("remove"): a field of a form hides it from scripts, htmx among them.
UNSAVED_STEPS = ("add", "again", "take_out", "start", "show")


@dataclass(frozen=True)
class LogDay:
    """What is known of a day before the form is read. Each is read once, when it is asked for."""

    runner: User
    day: dt.date
    now: dt.datetime

    @classmethod
    def of(cls, runner: User, day: dt.date) -> Self:
        return cls(runner, day, timezone.localtime(timezone=runner.tz))

    @cached_property
    def saved(self) -> CheckIn | None:
        return CheckIn.objects.of(self.runner).filter(day=self.day).first()

    @cached_property
    def ran(self) -> bool:
        return Run.objects.of(self.runner).filter(day=self.day).exists()

    @cached_property
    def _of_two_days(self) -> list[SorenessEntry]:
        days = [self.day, self.day - dt.timedelta(days=1)]
        entries = SorenessEntry.objects.of(self.runner).filter(day__in=days)
        return list(entries.order_by("pk"))

    @property
    def spots(self) -> list[SorenessEntry]:
        return [entry for entry in self._of_two_days if entry.day == self.day]

    @property
    def spots_before(self) -> list[SorenessEntry]:
        return [entry for entry in self._of_two_days if entry.day != self.day]

    @property
    def state(self) -> State:
        """What a form built now is built from."""
        return state_of(self.saved, self.spots)

    @property
    def what(self) -> str:
        """What such a form is about."""
        return what_of(self.day)

    @property
    def today(self) -> dt.date:
        return self.now.date()

    @property
    def has_come(self) -> bool:
        """A day with a log was there already, though a flight to the west may undo it."""
        return self.day <= self.today or self.saved is not None or self.ran

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def part_of_day(self) -> str:
        return next((part for end, part in PARTS_OF_DAY if self.now.time() < end), "evening")

    @property
    def day_before(self) -> dt.date | None:
        return self.day - dt.timedelta(days=1) if self.day > FIRST_DAY else None

    @property
    def day_after(self) -> dt.date | None:
        return self.day + dt.timedelta(days=1) if self.day < self.today else None

    @property
    def questions(self) -> list[really.Question]:
        """To be answered before the day gets its first check-in."""
        asked = really.long_ago(self.day, today=self.today)
        return [] if asked and self.saved else asked

    @property
    def timing(self) -> Timing:
        """When a new spot is taken to have been felt, until the runner says otherwise."""
        return preset_timing(self.day, now=self.now, ran=self.ran)


def what_of(day: dt.date) -> str:
    return f"check-in {day}"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@never_cache  # the back button must not bring back spots that have been changed since
@consent_required
def check_in(request: AuthedRequest, day: str = "") -> HttpResponse:
    """The form of a day, today's without one. 422 for a day that has not come yet."""
    if "day" in request.GET:
        return any_day(request)
    log_day = LogDay.of(request.user, asked_day(request, day))
    if not log_day.has_come:
        return not_yet(request, log_day.day)
    if request.method != "POST":
        return answer(request, log_day, CheckInForm.of(log_day.state))
    if any(step in request.POST for step in UNSAVED_STEPS):
        return step_further(request, log_day)
    form = CheckInForm(request.POST)
    if not form.is_valid():
        return answer(request, log_day, form)
    if not form.spots:  # clear is said, never taken from silence
        return answer(request, log_day, form, problem=words(f"{NOTICES}nothing-marked"))
    if questions := really.unanswered(log_day.questions, really.answered(request.POST)):
        return answer(request, log_day, form, questions=questions)
    base, note = carried(request, log_day.what), form.cleaned_data["note"]
    try:
        actions.save_check_in(log_day.day, form.to_spots(), note=note, by=request.user, base=base)
    except Clashed as clashed:
        return ask_which(request, log_day.day, base, clashed)
    say(request, messages.SUCCESS, f"{NOTICES}saved")
    # By way of guidance: what was just logged may call for a question that cannot wait.
    return redirect_or_refresh(request, "guidance:after-check-in", log_day.day)


def any_day(request: AuthedRequest) -> HttpResponse:
    """Where the little form at the foot of the page leads."""
    form = AnyDayForm(request.GET)
    if not form.is_valid():
        raise Http404
    return redirect("runners:check-in-day", form.cleaned_data["day"])


def asked_day(request: AuthedRequest, day: str) -> dt.date:
    asked = day_or_404(day) if day else request.user.local_day()
    if asked < FIRST_DAY:
        raise Http404
    return asked


def not_yet(request: AuthedRequest, day: dt.date) -> HttpResponse:
    context = {"day": day}
    template = page_or_fragment(request, "runners/check_ins/check_in_not_yet.html", "not-yet")
    return render(request, template, context, status=422)


def step_further(request: AuthedRequest, log_day: LogDay) -> HttpResponse:
    """Without JavaScript each tap on the map is a request; nothing is stored before Save."""
    sent = request.POST
    form = CheckInForm.unfinished(sent)
    problem = ""
    try:
        if "add" in sent:
            form.open_or_add(sent["add"], timing=log_day.timing)
        elif "again" in sent:
            form.add(sent["again"], timing=log_day.timing)
        elif "take_out" in sent:
            form.take_out(sent["take_out"])
        elif "start" in sent:
            form.start_from(log_day.spots_before)
    except KeyError:
        problem = words(f"{NOTICES}no-such-place")
    except ValueError as too_many:
        problem = str(too_many)
    return answer(request, log_day, form, problem=problem)


def answer(
    request: AuthedRequest,
    log_day: LogDay,
    form: CheckInForm,
    *,
    problem: str = "",
    questions: Sequence[really.Question] = (),
    base: Base | None = None,
    clashes: Iterable[ClashShown] = (),
    status: int = 200,
) -> HttpResponse:
    """The form. It carries the base that it came with, or `base`; a new one what is stored."""
    if status == 200 and (problem or questions or (form.is_bound and not form.is_valid())):
        status = 422
    if base is None and FIELD in request.POST:
        token = request.POST[FIELD]
    else:
        token = sealed(base or Base(log_day.state), runner=request.user, what=log_day.what)
    marks = form.marks()
    context = {
        "log_day": log_day,
        "form": form,
        "base": token,
        "clashes": clashes,
        "views": body_map.views(marks),
        "areas": body_map.listed(marks),
        "problems": [problem] if problem else form.non_field_errors(),
        "questions": questions,
        "carried": really.to_carry(questions, really.answered(request.POST)),
    }
    template = page_or_fragment(request, "runners/check_ins/check_in.html", "form")
    return render(request, template, context, status=status)


def ask_which(request: AuthedRequest, day: dt.date, base: Base, clashed: Clashed) -> HttpResponse:
    """The day was changed elsewhere meanwhile: both are shown, and nothing is saved yet."""
    return answer(
        request,
        LogDay.of(request.user, day),
        CheckInForm.of(clashed.merged),
        base=base.asking(clashed),
        clashes=worded(clashed.clashes, base, label=label_of, words=value_of),
        status=409,
    )


@require_POST
@consent_required
def all_clear(request: AuthedRequest, day: str) -> HttpResponse:
    """Nothing hurts. A day with spots, stored or just marked, asks first."""
    log_day = LogDay.of(request.user, asked_day(request, day))
    if not log_day.has_come:
        return not_yet(request, log_day.day)
    return note_all_clear(request, log_day)


def note_all_clear(request: AuthedRequest, log_day: LogDay) -> HttpResponse:
    form = AllClearForm(request.POST)
    typed = CheckInForm.unfinished(request.POST)
    if not form.is_valid():
        return answer(request, log_day, CheckInForm(request.POST))
    if questions := really.unanswered(log_day.questions, really.answered(request.POST)):
        return answer(request, log_day, typed, questions=questions)
    base = carried(request, log_day.what)
    confirmed = form.cleaned_data["confirmed"]
    if (log_day.spots or typed.spots) and not confirmed:
        return ask_first(request, log_day, typed, base)
    try:
        replaced = actions.save_all_clear(
            log_day.day,
            by=request.user,
            note=form.cleaned_data["note"] if "note" in request.POST else None,
            base=said_clear(base) if confirmed else base,
        )
    except Clashed as clashed:
        if any(clash.field == CLEAR for clash in clashed.clashes):
            return ask_first(request, LogDay.of(request.user, log_day.day), typed, base)
        return ask_which(request, log_day.day, base, clashed)
    undo = reverse("runners:check-in-restore", args=[replaced.uid]) if replaced else ""
    say(request, messages.SUCCESS, f"{NOTICES}all-clear", undo=undo)
    return redirect_or_refresh(request, page_after(log_day.day, request.user))


def ask_first(
    request: AuthedRequest, log_day: LogDay, typed: CheckInForm, base: Base
) -> HttpResponse:
    """A question with what was typed in hidden fields, so that going back loses nothing.

    409 where something came to the day since the page was opened.
    """
    left_out = (*UNSAVED_STEPS, "csrfmiddlewaretoken", FIELD, "confirmed")
    asking = asking_for_clear(base, log_day.state)
    is_new = came_since(base, log_day.state)
    marked = {(*spot.key, str(spot.strength)) for spot in typed.spots}
    context = {
        "log_day": log_day,
        "form": typed,
        "stored": [entry for entry in log_day.spots if _seen(entry) not in marked],
        "is_new": is_new,
        "base": sealed(asking, runner=request.user, what=log_day.what),
        "typed": [(name, text) for name, text in request.POST.items() if name not in left_out],
    }
    template = page_or_fragment(request, "runners/check_ins/check_in_all_clear.html", "question")
    return render(request, template, context, status=409 if is_new else 200)


def _seen(entry: SorenessEntry) -> tuple[str, ...]:
    """A stored spot as one of the form: what is there twice is shown once."""
    return Place.of(entry).id, entry.kind, entry.timing, str(entry.intensity)


@require_POST
@consent_required
def check_in_mark(request: AuthedRequest, day: str) -> HttpResponse:
    """Spots out of a note, and back to where they were offered."""
    asked = asked_day(request, day)
    if asked > request.user.local_day():
        return not_yet(request, asked)
    form = MarkForm(request.POST)
    if form.is_valid():
        new = actions.mark_spots(asked, form.to_spots(), by=request.user)
        names = [spot.place for spot in new]
        say(request, messages.SUCCESS, f"{NOTICES}marked", places=names, day=asked)
    else:
        problem = next(iter(form.errors.values()))[0]
        say(request, messages.ERROR, f"{NOTICES}not-marked", problem=problem)
    back = request.POST.get("back", "")
    # Without its slash it would be taken for the name of a page.
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else page_after(asked, request.user))


@require_POST
def check_in_delete(request: AuthedRequest, day: str) -> HttpResponse:
    """Sent twice, it is deleted once."""
    asked = asked_day(request, day)
    check_in = CheckIn.objects.of(request.user).filter(day=asked).first()
    if check_in is not None:
        seen = carried(request, what_of(asked)).state if FIELD in request.POST else None
        try:
            actions.delete_check_in(check_in, by=request.user, seen=seen)
        except Clashed as clashed:
            log_day, form = LogDay.of(request.user, asked), CheckInForm.of(clashed.merged)
            now, problem = Base(log_day.state), words(f"{NOTICES}changed")
            return answer(request, log_day, form, problem=problem, base=now, status=409)
        undo = reverse("runners:check-in-restore", args=[check_in.uid])
        say(request, messages.SUCCESS, f"{NOTICES}deleted", undo=undo)
    return redirect_or_refresh(request, page_after(asked, request.user))


@require_POST
@consent_required
def check_in_restore(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Undo of a deletion, or of an all clear that replaced spots."""
    check_in = access.own_check_in(request.user, uid)
    try:
        if check_in.deleted_at is not None:
            actions.restore_check_in(check_in, by=request.user)
        say(request, messages.SUCCESS, f"{NOTICES}is-back")
    except actions.DayTaken:
        say(request, messages.WARNING, f"{NOTICES}day-taken")
    return redirect_or_refresh(request, page_after(check_in.day, request.user))


def page_after(day: dt.date, runner: User) -> str:
    """Today after today's check-in; after an older one the diary, where it stands."""
    if day == runner.local_day():
        return reverse("guidance:today")
    return f"{reverse('runners:diary')}?day={day.isoformat()}"
