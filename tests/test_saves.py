"""A save writes only what was changed, to a row that is still there: held over the whole code."""

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from runners.models import SharedStanding, Team, User
from runners.models.rows import Row, RowGone
from tests.bench.asks import Ask, InProcess, asks_of_a_runner
from tests.bench.measure import NOT_STATEMENTS
from tests.factories import make_link, make_run, make_soreness

ROOT = Path(__file__).parent.parent
CODE = ("config", "runners", "guidance")


def saves() -> Iterator[tuple[str, ast.Call]]:
    """Each `….save(…)` of the code but a call of a parent's or a storage's, with its place."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                owner = node.func.value
                of_parent = isinstance(owner, ast.Call) and ast.unparse(owner.func) == "super"
                of_file = ast.unparse(owner) == "storage"
                if node.func.attr == "save" and not (of_parent or of_file):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


@pytest.mark.slow
def test_every_save_names_its_fields_or_inserts() -> None:
    found = dict(saves())
    unclear = [
        place
        for place, call in found.items()
        if not {"update_fields", "force_insert"} & {keyword.arg for keyword in call.keywords}
    ]

    assert unclear == []
    assert len(found) > 20  # it does look at the code


def test_every_model_of_limber_is_such_a_row() -> None:
    models: list[type[Model]] = [
        model for app in ("runners", "guidance") for model in apps.get_app_config(app).get_models()
    ]

    # Django's store writes them, and makes of no deleted one a new one.
    assert [model.__name__ for model in models if not issubclass(model, Row)] == ["Session"]


def test_a_stored_row_is_not_saved_whole(alice: User) -> None:
    run = make_run(alice)

    with pytest.raises(TypeError, match="Name the fields"):
        run.save()


def test_a_save_brings_no_deleted_row_back(alice: User) -> None:
    team = Team.objects.create(coach=alice, name="Track")
    Team.objects.all().delete()

    with pytest.raises(RowGone), transaction.atomic():
        team.save(update_fields=["name"])

    assert not Team.objects.exists()


def test_a_new_row_takes_the_place_of_no_other(alice: User) -> None:
    """Saved with the key of a row that is there, it is refused instead of written over it."""
    run = make_run(alice, note="the first")
    copy = type(run)(pk=run.pk, runner=alice, day=run.day, duration_s=1, note="the second")

    with pytest.raises(Exception, match=r"(?i)unique"):
        copy.save()


def test_a_person_is_saved_by_what_was_changed_alone(alice: User) -> None:
    """As allauth does it, which names no fields: the other columns stay what they became."""
    old = User.objects.get(pk=alice.pk)
    User.objects.filter(pk=alice.pk).update(name="Alice Aspen")

    old.email = "ash@example.org"
    old.save()

    alice.refresh_from_db()
    assert (alice.name, alice.email) == ("Alice Aspen", "ash@example.org")


def test_a_deleted_person_is_not_saved_back(alice: User) -> None:
    old = User.objects.get(pk=alice.pk)
    User.objects.filter(pk=alice.pk).delete()
    old.set_password("another-long-one-42")

    with pytest.raises(RowGone), transaction.atomic():
        old.save()

    assert not User.objects.exists()


# What it costs


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "ask", [ask for ask in asks_of_a_runner() if ask.most_sql], ids=lambda ask: ask.title
)
@pytest.mark.parametrize("days", [1, 60])
def test_saves_take_few_queries_with_a_coach_and_much_logged(
    alice: User, bob: User, ask: Ask, days: int
) -> None:
    """Those that renew where the runner stands among them."""
    make_link(bob, alice)
    for ago in range(1, days):
        make_soreness(alice, timezone.localdate() - dt.timedelta(ago))
        make_run(alice, timezone.localdate() - dt.timedelta(ago))
    asked = InProcess(alice)
    ask.way(asked)  # what is read once for all is read
    ask.before(alice)
    with CaptureQueriesContext(connection) as said:
        assert ask.way(asked)[0] == 302
    assert SharedStanding.objects.get(link__athlete=alice).fresh_until
    statements = [each["sql"] for each in said if each["sql"].split()[0] not in NOT_STATEMENTS]
    assert len(statements) <= ask.most_sql, "\n".join(statements)
