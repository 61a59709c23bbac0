"""All of the demo data: a coach with athletes in every state of the roster, on any day."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from pytest_django import Settings

from guidance import demo as guidance_demo
from guidance.knowledge import current_knowledge
from guidance.models import Done, Plan, PlanItem, Suggestion
from guidance.saying import say
from runners import demo
from runners.models import (
    AccessRecord,
    CoachLink,
    Invitation,
    Note,
    Run,
    SharedStanding,
    Standing,
    Team,
    User,
)
from runners.models.standing import StandingLevel
from tests.factories import days_ago

pytestmark = pytest.mark.slow

MONDAY_NOON = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)
ON_ALL_WEEKDAYS = [MONDAY_NOON + dt.timedelta(days=later) for later in range(7)]
ON_TRACK = {"Chloé", "Dilnoza", "Freya", "Jack", "Leila", "Nguyễn", "Priya", "Tom"}


def load(now: dt.datetime = MONDAY_NOON) -> demo.Coached:
    with time_machine.travel(now, tick=False):
        return guidance_demo.load(now)


@pytest.mark.django_db
@pytest.mark.parametrize("now", ON_ALL_WEEKDAYS, ids=lambda now: f"{now:%A}")
def test_roster_holds_every_state_on_any_weekday(now: dt.datetime) -> None:
    coached = load(now)
    lines = SharedStanding.objects.filter(link__coach=coached.coach).select_related("link__athlete")
    names: dict[int | None, set[str]] = {}
    for line in lines:
        names.setdefault(line.level, set()).add(line.link.athlete.first_name)
    assert len(lines) == 28
    assert names == {
        StandingLevel.URGENT: {"Mei-Ling"},
        StandingLevel.SEE_CLINICIAN: {"Ben", "Rafael"},
        StandingLevel.EASE_OFF: {"Ingrid", "Kwame"},
        StandingLevel.WORSENING: {"Siobhán", "Yuki"},
        StandingLevel.RECURRING: {"Ana", "Aroha", "Mateo", "Zofia"},
        StandingLevel.LOAD_JUMP: {"Jo", "Maximiliana"},
        StandingLevel.QUIET: {"Sam", "Thabo"},
        StandingLevel.ON_TRACK: ON_TRACK,
        StandingLevel.UNKNOWN: {"Hana", "Luca", "Omar"},  # Luca shares no soreness
        None: {"Emily", "Noah"},  # nothing, and nothing any more
    }


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_nothing_is_logged_ahead_of_time(hour: int) -> None:
    """Somewhere it is tomorrow already, and somewhere it is still yesterday."""
    now = MONDAY_NOON.replace(hour=hour)
    coached = load(now)
    assert not Run.objects.filter(started_at__gt=now).exists()
    for athlete in coached.athletes.values():
        assert not athlete.check_ins.filter(day__gt=athlete.local_day(now)).exists()


@pytest.mark.django_db
def test_ana_keeps_a_plan_and_still_has_her_hamstring() -> None:
    ana = load().athletes["Ana Mori"]
    held = PlanItem.objects.of(ana).values_list("blocked", flat=True)
    assert Plan.objects.of(ana).in_force().get().started_on == days_ago(15)
    assert set(held) == {None}
    assert Done.objects.of(ana).count() >= 25
    assert "Left hamstring" in say(Standing.objects.get(runner=ana).headline)
    assert Standing.objects.get(runner=ana).warning is None


@pytest.mark.django_db
def test_plans_and_suggestions_are_of_the_knowledge_base() -> None:
    load()
    knowledge = current_knowledge()
    assert {item.remedy for item in PlanItem.objects.all()} <= set(knowledge.remedies)
    assert {plan.cause for plan in Plan.objects.all()} <= set(knowledge.causes)
    assert {one.what for one in Suggestion.objects.all()} <= set(knowledge.checks)


@pytest.mark.django_db
def test_coach_has_teams_notes_looks_and_invitations() -> None:
    coached = load()
    coach, ana = coached.coach, coached.athletes["Ana Mori"]
    assert [team.name for team in Team.objects.of(coach)] == [
        "Marathon",
        "Return to running",
        "Track",
    ]
    assert CoachLink.objects.of_coach(coach).open().filter(team=None).exists()
    assert Note.objects.filter(coach=coach, athlete=ana, is_private=True).count() == 1
    assert Note.objects.to_athlete(ana).filter(author=ana).count() == 1
    assert Suggestion.objects.to_athlete(ana).unanswered().count() == 1
    assert AccessRecord.objects.of(ana).count() >= 5
    assert sorted(one.kind for one in Invitation.objects.of(coach).open()) == ["athlete", "team"]


@pytest.mark.django_db
def test_only_the_runner_and_the_coach_have_a_password() -> None:
    load()
    able = [user.email for user in User.objects.all() if user.has_usable_password()]
    assert sorted(able) == [demo.EMAIL, demo.COACH_EMAIL]
    assert not User.objects.filter(is_demo=False).exists()


# The command


@pytest.mark.django_db
def test_load_demo_prints_both_sign_ins(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEBUG = True

    call_command("load_demo")

    assert capsys.readouterr().out.splitlines() == [
        "Demo sign-in (runner): ana@example.org, password one-leg-at-a-time",
        "Demo sign-in (coach): kit@example.org, password one-leg-at-a-time",
    ]


@pytest.mark.django_db
def test_load_demo_twice_adds_nothing(settings: Settings) -> None:
    settings.DEBUG = True
    call_command("load_demo")
    runs = Run.objects.count()

    call_command("load_demo")

    assert (User.objects.count(), Run.objects.count()) == (29, runs)


@pytest.mark.django_db
def test_load_demo_leaves_a_database_with_people_alone(settings: Settings, alice: User) -> None:
    settings.DEBUG = True

    call_command("load_demo")

    assert User.objects.count() == 1


@pytest.mark.django_db
def test_load_demo_makes_nothing_with_debug_off(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEBUG = False

    call_command("load_demo")

    assert not User.objects.exists()
    assert "password" not in capsys.readouterr().out
