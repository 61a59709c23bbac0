"""From words in the rows of where people stand to what is said by its key, there and back."""

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client, override_settings

from guidance.models import PlanItem
from guidance.saying import say
from runners import standing
from runners.models import SharedStanding, Standing, User
from tests.factories import TODAY, make_link, make_plan, make_user
from tests.migrating import migrate

pytestmark = pytest.mark.slow

WIDENED, KEYS = ("runners", "0009_standing_words_widened"), ("runners", "0011_standing_keys")
HELD, BLOCKED = ("guidance", "0005_flag_answer"), ("guidance", "0008_planitem_blocked")
WARNING = "Be seen this week: tingling or numbness in a leg or foot"
HEADLINE = "Your left hamstring keeps coming back"


def before(leaves: list[tuple[str, str]]) -> Any:
    """The state before the steps, with rows as they were written then."""
    alice = make_user("Alice Ash")
    link = make_link(make_user("Bob Birch"), alice)
    plan = make_plan(alice, items={"plank": "135", "cat_cow": "2"})
    [first] = MigrationExecutor(connection).loader.get_migration(*WIDENED).dependencies
    apps = migrate(first, HELD)
    standings, lines = (
        apps.get_model("runners", name).objects for name in ("Standing", "SharedStanding")
    )
    rows = {"headline": HEADLINE, "reason": "", "as_of": TODAY}
    standings.create(
        runner_id=alice.pk,
        level=70,
        warning=WARNING,
        valid_until=TODAY + dt.timedelta(1),
        **rows,
    )
    until = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    lines.create(link_id=link.pk, level=70, fresh_until=until, **rows)
    items: Any = apps.get_model("guidance", "PlanItem").objects.filter(plan_id=plan.pk)
    items.filter(remedy="remedy:plank").update(held="the low back hurts at 4 or more")
    return alice


def test_words_stay_there_and_back_until_the_row_is_renewed(newest: list[tuple[str, str]]) -> None:
    alice = before(newest)
    migrate(*newest)

    row, line = Standing.objects.get(runner=alice), SharedStanding.objects.get()
    assert (say(row.headline), row.reason, say(row.warning)) == (HEADLINE, None, WARNING)
    assert row.valid_until is None
    assert (say(line.headline, about=True), line.reason, line.fresh_until) == (HEADLINE, None, None)
    assert {item.remedy: say(item.blocked) for item in PlanItem.objects.all()} == {
        "remedy:plank": "the low back hurts at 4 or more",
        "remedy:cat_cow": "",
    }
    client = Client()
    client.force_login(alice)
    with override_settings(RENEW_STANDINGS="there.is.none"):  # or the look would renew it
        assert WARNING in client.get("/diary/").text

    an_open_warning_stays_open_on_the_way_back(alice)
    migrate(*newest)

    standing.renew([alice])
    row = Standing.objects.get(runner=alice)
    assert (row.headline, row.warning) == ({"say": "standing.nothing_yet"}, None)
    assert set(PlanItem.objects.values_list("blocked", flat=True)) == {None}


def an_open_warning_stays_open_on_the_way_back(alice: User) -> None:
    bob = make_user("Carl Cole")
    key = {"say": "warning.unnamed"}
    Standing.objects.create(runner=bob, level=70, headline=key, warning=key, as_of=TODAY)
    PlanItem.objects.filter(remedy="remedy:cat_cow").update(blocked={"say": "left_out.until_seen"})

    [first] = MigrationExecutor(connection).loader.get_migration(*WIDENED).dependencies
    apps = migrate(first, HELD)

    rows = apps.get_model("runners", "Standing").objects
    kept = rows.get(runner_id=alice.pk)
    assert (kept.headline, kept.reason, kept.warning) == (HEADLINE, "", WARNING)
    assert rows.get(runner_id=bob.pk).warning
    assert set(rows.values_list("valid_until", flat=True)) == {None}
    items: Any = apps.get_model("guidance", "PlanItem").objects
    assert items.get(remedy="remedy:plank").held == "the low back hurts at 4 or more"
    assert items.get(remedy="remedy:cat_cow").held


def test_a_step_that_was_cut_off_is_taken_again_without_keys_within_keys(
    newest: list[tuple[str, str]],
) -> None:
    before(newest)
    words_to_keys = import_module("runners.migrations.0010_standing_words_to_keys")
    apps = migrate(WIDENED)
    words_to_keys.keep_words(apps, connection.schema_editor())  # and then the machine died
    apps = migrate(KEYS, BLOCKED)
    row: Any = apps.get_model("runners", "Standing").objects.get()
    line: Any = apps.get_model("runners", "SharedStanding").objects.get()
    assert (say(row.headline), say(row.warning)) == (HEADLINE, WARNING)

    apps = migrate(("runners", "0010_standing_words_to_keys"))
    words_to_keys.say_words(apps, connection.schema_editor())
    apps = migrate(WIDENED)
    stored: Any = apps.get_model("runners", "SharedStanding").objects.get(pk=line.pk)
    assert stored.headline == HEADLINE
