"""Whatever was done, and whenever it is looked at: a page is as if nothing had been kept before.

Kept are `Standing` and `SharedStanding`, which are derived, the advice of those who looked last,
and sentences and pictures that read the same for everybody.
"""

import datetime as dt
import random
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import unified_diff

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from guidance.advice.advice import KEPT
from guidance.checks.actions import CheckedThisWeek, save_check_result
from guidance.models import CheckResult, PlanItem
from guidance.plan import actions as plan
from guidance.questions.actions import give_answer
from guidance.rules.types import FlagAnswer
from guidance.templatetags import guidance_words
from guidance.warning_signs.actions import note_unnamed, save_screen
from runners import standing
from runners.accounts.actions import save_settings
from runners.check_ins.actions import delete_check_in, save_all_clear, save_check_in
from runners.coaching.links.actions import change_switches, switch_state
from runners.coaching.roster import rows
from runners.models import CheckIn, CoachLink, Run, SharedStanding, SorenessEntry, Standing, User
from runners.models.coaching import SWITCHES
from runners.runs.actions import add_run, delete_run
from runners.web import notices
from runners.web.merging import Clashed
from tests.factories import days_ago, make_link, make_plan, make_run, make_soreness

BEGINS = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)
STEPS, LOOKS = 12, 4
# What is another one at each look.
OF_ONE_LOOK = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{64}|nonce-\S+")


@dataclass(slots=True)
class Story:
    """Of a runner with a coach; `chance` decides what happens."""

    runner: User
    link: CoachLink
    clock: time_machine.Traveller
    chance: random.Random
    on_commit: DjangoCaptureOnCommitCallbacks
    runners: Client = field(default_factory=Client)
    coachs: Client = field(default_factory=Client)
    told: list[str] = field(default_factory=list)

    @property
    def today(self) -> dt.date:
        return self.runner.local_day()

    def day(self) -> dt.date:
        return self.today - dt.timedelta(days=self.chance.choice((0, 0, 0, 1, 2)))

    def go_on(self) -> None:
        name, act = self.chance.choice(list(STEPS_TAKEN.items()))
        is_renewed = self.chance.random() < 0.5  # else it broke off after the save
        is_here = self.chance.random() < 0.5  # else another process did it
        self.told.append(f"{name}{'' if is_renewed else ' (not renewed)'}")
        self.runner = User.objects.get(pk=self.runner.pk)
        kept_before = KEPT._found.copy()
        with self.on_commit(execute=is_renewed):
            try:
                with transaction.atomic():
                    act(self)
            except (plan.NotInPlan, plan.NotTickable, CheckedThisWeek, Clashed):
                self.told[-1] += " (refused)"
        if not is_here:
            KEPT._found = kept_before

    def look(self, paths: Iterable[str]) -> dict[str, str]:
        """The runner at their own pages, the coach at those of athletes."""
        for browser, person in ((self.runners, self.runner), (self.coachs, self.link.coach)):
            browser.force_login(person)  # nobody stays signed in for weeks
        found = {}
        for path in paths:
            browser = self.coachs if path.startswith("/athletes/") else self.runners
            answer = browser.get(path)
            assert answer.status_code == 200, path
            found[path] = OF_ONE_LOOK.sub("", answer.text)
        return found

    def paths(self) -> list[str]:
        """In any order: each page has to see for itself what is stale."""
        athlete = f"/athletes/{self.runner.pk}/"
        paths = [*OWN, "/athletes/", *(athlete + part for part in OF_ATHLETE)]
        return self.chance.sample(paths, k=len(paths))


OWN = (
    *("/today/", "/check-in/", "/diary/", "/trends/?weeks=12", "/guidance/", "/guidance/plan/"),
    *("/guidance/questions/", "/guidance/checks/", "/guidance/summary/"),
)
OF_ATHLETE = ("", "guidance/", "trends/", "diary/")


def spots(story: Story) -> list[SorenessEntry]:
    return [
        SorenessEntry(
            area=area,
            side=story.chance.choice(("left", "right")),
            kind=story.chance.choice(("tightness", "pain")),
            timing=story.chance.choice(("during", "next_morning")),
            intensity=story.chance.randint(1, 9),
        )
        for area in story.chance.sample(("hamstring", "quad", "calf", "glute"), k=2)
    ]


def newest(story: Story, log: type[Run] | type[CheckIn]) -> Run | CheckIn | None:
    return log.objects.of(story.runner).order_by("-day", "-pk").first()


def a_run(story: Story) -> None:
    metres = story.chance.choice((5_000, 9_000, 21_000, 32_000))
    run = Run(uid=uuid.uuid4(), day=story.day(), duration_s=metres // 3, distance_m=metres)
    add_run(run, by=story.runner, other_than=Run.objects.values_list("uid", flat=True))


def a_log_deleted(story: Story) -> None:
    if isinstance(run := newest(story, Run), Run):
        delete_run(run, by=story.runner)
    if isinstance(check_in := newest(story, CheckIn), CheckIn):
        delete_check_in(check_in, by=story.runner)


def a_switch(story: Story) -> None:
    name = story.chance.choice(SWITCHES)
    until = story.chance.choice((None, str(story.today + dt.timedelta(days=1))))
    link = CoachLink.objects.get(pk=story.link.pk)
    switches = switch_state(link, story.today) | {name: [story.chance.random() < 0.5, until]}
    change_switches(link, switches, by=story.runner, password_given=True)


def time_goes_by(story: Story) -> None:
    hours = story.chance.choice((1, 12, 13, 24, 24, 48, 24 * 8))
    story.clock.shift(dt.timedelta(hours=hours))


def a_tick(story: Story) -> None:
    if item := PlanItem.objects.of(story.runner).in_force().first():
        plan.tick(item, story.today, by=story.runner)


def a_check(story: Story) -> None:
    held_s = story.chance.randint(10, 90)
    result = CheckResult(uid=uuid.uuid4(), check_id="check:plank", day=story.today, value=held_s)
    result.runner = story.runner
    save_check_result(result, by=story.runner)


def a_sign(story: Story) -> None:
    yes = story.chance.random() < 0.6
    save_screen([FlagAnswer(story.today, "flag:limp", yes=yes)], by=story.runner)


STEPS_TAKEN: dict[str, Callable[[Story], object]] = {
    "a check-in": lambda story: save_check_in(story.day(), spots(story), note="", by=story.runner),
    "an all clear": lambda story: save_all_clear(story.day(), by=story.runner),
    "a run": a_run,
    "a log deleted": a_log_deleted,
    "an answer": lambda story: give_answer(
        "ask:onset", story.chance.choice(("gradual", "sudden")), by=story.runner
    ),
    "a warning sign": a_sign,
    "one of these": lambda story: note_unnamed(by=story.runner),
    "a self-check": a_check,
    "a tick": a_tick,
    "the plan paused": lambda story: plan.pause_plan(by=story.runner),
    "the plan resumed": lambda story: plan.resume_plan(by=story.runner),
    "a zone": lambda story: save_settings(
        {"time_zone": story.chance.choice(("Europe/Vienna", "Pacific/Kiritimati"))},
        by=story.runner,
    ),
    "another first day": lambda story: save_settings(
        {"week_start": story.chance.choice((1, 7))}, by=story.runner
    ),
    "a switch": a_switch,
    "time": time_goes_by,
    "a look": lambda story: story.look(story.paths()),
}


def forget() -> None:
    """And work out anew what stands in rows."""
    KEPT.clear()
    for remembered in (notices._remembered, rows.picture, guidance_words._day_bar):
        remembered.cache_clear()
    SharedStanding.objects.all().delete()
    Standing.objects.all().delete()
    standing.renew(User.objects.all())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_pages_are_as_if_nothing_had_been_kept(
    alice: User,
    bob: User,
    settings: Settings,
    seed: int,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.KEEPS_ADVICE = True
    KEPT.clear()
    with time_machine.travel(BEGINS, tick=False) as clock:
        for ago in range(2, 40, 3):
            make_soreness(alice, days_ago(ago), intensity=3 + ago % 5)
            make_run(alice, days_ago(ago + seed % 3))
        make_plan(alice, days_ago(9))
        link = make_link(bob, alice)
        chance = random.Random(seed)
        story = Story(alice, link, clock, chance, django_capture_on_commit_callbacks)
        for _ in range(LOOKS):
            for _ in range(STEPS // LOOKS):
                story.go_on()
            if chance.random() < 0.5:
                time_goes_by(story)
            paths = story.paths()
            kept = story.look(paths)
            forget()
            for path, anew in story.look(paths).items():
                before, after = (re.split(r"\n|(?=<)", page) for page in (kept[path], anew))
                changed = "\n".join(unified_diff(before, after, "kept", "anew", n=0, lineterm=""))
                assert not changed, f"{path} after {', '.join(story.told)}:\n{changed}"
