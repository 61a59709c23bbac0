"""The step that makes links wait for the athlete, there and back."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from runners.models import CoachLink
from tests.factories import make_link, make_user

pytestmark = pytest.mark.slow

STEP = ("runners", "0007_link_confirmed")


@pytest.fixture
def before_the_step(transactional_db: None) -> Iterator[MigrationExecutor]:
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    coach = make_user("Bob Birch")
    open_one = make_link(coach, make_user("Alice Ash"))
    make_link(coach, make_user("Carol Cedar"), confirmed_at=None)
    make_link(coach, make_user("Dora Dune"), paused_at=timezone.now())
    assert CoachLink.objects.open().get() == open_one
    executor.migrate(executor.loader.get_migration(*STEP).dependencies)
    yield executor
    MigrationExecutor(connection).migrate(newest)


def test_on_the_way_back_nothing_opens_and_there_it_is_confirmed(
    before_the_step: MigrationExecutor,
) -> None:
    [before] = before_the_step.loader.get_migration(*STEP).dependencies
    apps = before_the_step.loader.project_state([before]).apps
    links = apps.get_model("runners", "CoachLink").objects

    readable = links.filter(ended_at__isnull=True)
    assert [link.athlete.name for link in readable.select_related("athlete")] == ["Alice Ash"]

    MigrationExecutor(connection).migrate([STEP])
    assert CoachLink.objects.open().values_list("athlete__name").get() == ("Alice Ash",)
