"""Fields that a row takes from the row it belongs to when it is made, and then keeps.

So every table about a runner carries the runner: a page finds its rows without the tables between,
by an index of its own. What is carried never changes where it comes from.
"""

from typing import Any

from django.db import models
from django.db.models import Max, OuterRef, Subquery


class Carried:
    """`of` names the foreign key of the row that it is taken from, where it has the same name."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """To a migration it is a column like any other."""
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]  # a field's
        plain = type(self).__bases__[1]
        return name, f"django.db.models.{plain.__name__}", args, kwargs

    def pre_save(self, row: models.Model, add: bool) -> Any:  # as Django calls it
        attname: str = self.attname  # type: ignore[attr-defined]  # a field's
        if add:
            setattr(row, attname, getattr(getattr(row, self.of), attname))
        return getattr(row, attname)


class CarriedKey(Carried, models.ForeignKey):  # type: ignore[type-arg]  # given where it is used
    pass


class CarriedDay(Carried, models.DateField):  # type: ignore[type-arg]  # as above
    pass


FILLED_AT_ONCE = 5_000


def fill(model: Any, of: str, *names: str) -> None:
    """For a migration: give `names` to rows that have none yet, a few thousand at a time.

    It can be stopped and called again.
    """
    rows, owner = model._default_manager.all(), model._meta.get_field(of).remote_field
    mine = owner.model._default_manager.filter(pk=OuterRef(of))
    taken = {name: Subquery(mine.values(name)[:1]) for name in names}
    last = rows.aggregate(last=Max("pk"))["last"] or 0
    for first in range(0, last + 1, FILLED_AT_ONCE):
        some = rows.filter(pk__range=(first, first + FILLED_AT_ONCE - 1))
        some.filter(**{f"{names[0]}__isnull": True}).update(**taken)
