"""For migrations: no index of its own for a foreign key that another index begins with."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class DropKeyIndex(Operation):
    """`db_index=False` for a key. `AlterField` would have SQLite write the whole table anew.

    The index is found by its column: in an older database it may have the name of an older table.
    """

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name = model_name
        self.name = name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        field: Any = state.models[app_label, self.model_name].fields[self.name].clone()
        field.db_index = False
        state.alter_field(app_label, self.model_name, self.name, field, preserve_default=True)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for name in _own_indexes(model, self.name, schema_editor):
            schema_editor.remove_index(model, models.Index(fields=[self.name], name=name))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        index = models.Index(fields=[self.name])
        index.set_name_with_model(model)
        schema_editor.add_index(model, index)


def _own_indexes(
    model: type[models.Model], name: str, editor: BaseDatabaseSchemaEditor
) -> list[str]:
    """Of that column alone and all rows, so not one that the model names."""
    field: Any = model._meta.get_field(name)
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, model._meta.db_table)
    named = {index.name for index in model._meta.indexes}
    return [
        each
        for each, about in found.items()
        if about["columns"] == [field.column]
        and about["index"]
        and not about["unique"]
        and each not in named
    ]
