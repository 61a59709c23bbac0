"""No foreign key has an index of its own where another one begins with it."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from tests.migrating import migrate

BEFORE = [("runners", "0036_records_by_day"), ("guidance", "0014_runner_of_parts_required")]
OURS = [model for app in ("runners", "guidance") for model in apps.get_app_config(app).get_models()]


def begins_another(key: Any) -> bool:
    """An index of all rows."""
    options = key.model._meta
    unique = [one for one in options.constraints if isinstance(one, models.UniqueConstraint)]
    return any(
        one.condition is None and one.fields[:1] in ([key.name], (key.name,))
        for one in (*options.indexes, *unique)
    )


def indexes(model: type[models.Model], *columns: str) -> set[str]:
    """Names of those of just these columns."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return {
        name
        for name, about in found.items()
        if about["columns"] == [*columns] and about["index"] and not about["unique"]
    }


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_key_that_begins_an_index_has_none_of_its_own(model: type[models.Model]) -> None:
    keys: list[Any] = [
        field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)
    ]

    assert not [key.name for key in keys if key.db_index and not key.unique and begins_another(key)]


@pytest.mark.slow
def test_it_goes_and_comes_back_and_what_is_named_stays(newest: list[tuple[str, str]]) -> None:
    run = apps.get_model("runners", "Run")
    done = apps.get_model("guidance", "Done")
    assert indexes(run, "runner_id") == {"run_deleted"}
    assert not indexes(done, "item_id")

    migrate(*BEFORE)
    assert len(indexes(run, "runner_id")) == 2
    assert len(indexes(done, "item_id")) == 1

    migrate(*newest)
    assert indexes(run, "runner_id") == {"run_deleted"}
    assert not indexes(done, "item_id")
    assert "run_runner_day" in indexes(run, "runner_id", "day")
