"""Every table about a runner carries the runner, and what is carried is what its owner says."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import F, Model
from django.utils import timezone

from guidance import demo
from guidance.models import Done, FlagAnswer, PlanItem, Screen, ScreenResult
from runners.models import SorenessEntry, User
from tests.factories import TODAY, days_ago, make_done, make_plan, make_soreness
from tests.migrating import migrate

BEFORE = (("guidance", "0011_suggestion_shown_on"), ("runners", "0023_standing_changes"))
# By the model: what it carries, and where that stands.
CARRIED: dict[type[Model], dict[str, str]] = {
    SorenessEntry: {"runner": "check_in__runner", "day": "check_in__day"},
    PlanItem: {"runner": "plan__runner"},
    Done: {"runner": "item__plan__runner"},
    FlagAnswer: {"runner": "screen__runner"},
}
# A line of a coach's roster goes with its link, and tries to sign in are of nobody yet.
WITHOUT = {"SharedStanding", "Tries"}


def differing(model: Any) -> int:
    """Rows that carry something else than their owner says."""
    fields = {name: F(owner) for name, owner in CARRIED[model].items()}
    return int(model.objects.exclude(**fields).count())


def test_every_model_knows_its_person() -> None:
    models = [*apps.get_app_config("runners").get_models()]
    models += apps.get_app_config("guidance").get_models()
    without = {
        model.__name__
        for model in models
        if model is not User
        and not any(field.related_model is User for field in model._meta.concrete_fields)
    }
    assert without == WITHOUT


@pytest.mark.slow
@pytest.mark.django_db
def test_what_is_made_carries_what_its_owner_says() -> None:
    demo.load(timezone.now())
    for model in CARRIED:
        assert model._default_manager.exists(), model
        assert differing(model) == 0, model


@pytest.mark.slow
def test_rows_of_before_get_it(newest: list[tuple[str, str]], alice: User, bob: User) -> None:
    for runner in (alice, bob):
        make_soreness(runner, days_ago(3))
        make_soreness(runner, TODAY, area="calf")
        make_done(make_plan(runner, days_ago(5)), days_ago(1))
        screen = Screen.objects.create(runner=runner, result=ScreenResult.SOME, day=TODAY)
        FlagAnswer.objects.create(screen=screen, flag="flag:hop_pain", yes=True)

    migrate(*BEFORE)
    migrate(*newest)

    for model in CARRIED:
        assert model._default_manager.count() in (2, 4)
        assert differing(model) == 0, model
    assert [spot.day for spot in SorenessEntry.objects.of(bob).order_by("day")] == [
        days_ago(3),
        TODAY,
    ]
