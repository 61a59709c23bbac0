"""How every row of Limber is saved, so that a save never undoes what happened meanwhile."""

from typing import Any

from django.db import DatabaseError, models

WHOSE = {"runner_id", "person_id", "user_id"}  # the columns of whose a row is


class NotThere(Exception):
    """What somebody asks for, or not any more. A page that says nothing else answers 404."""


class RowGone(NotThere, DatabaseError):
    """The row was deleted after it was read, so there is nothing to change."""


class PersonGone(NotThere):
    """One of the people has left meanwhile, or is erased: nothing is stored about them."""


class ConsentGone(Exception):
    """It was taken back meanwhile, or never given: nothing more is stored of what they feel."""


class Row(models.Model):
    """A new row is an INSERT, a stored one an UPDATE of the fields that are named.

    Django's own `save()` writes every column as it was when the row was read, and puts the row
    back where it was deleted: beside another change it loses that one, or brings back the dead.
    """

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Raises TypeError for a stored row without `update_fields`, RowGone for one deleted."""
        if self._state.adding:
            super().save(**{**kwargs, "force_insert": True, "update_fields": None})
            return
        if kwargs.get("update_fields") is None:
            raise TypeError(f"Name the fields of this {self._meta.verbose_name} to save.")
        try:
            super().save(**{**kwargs, "force_update": True})
        except DatabaseError as problem:
            if type(problem) is not DatabaseError:  # Django's own word for "no row was changed"
                raise
            raise RowGone(*problem.args) from None

    def _do_update(self, base_qs: models.QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        """Also by the person, as far as that is known: each query of a page names whose rows it
        means.
        """
        _, _, values, *_ = args
        columns = WHOSE - {field.attname for field, *_ in values}
        mine = {name: self.__dict__[name] for name in columns & self.__dict__.keys()}
        return super()._do_update(base_qs.filter(**mine), *args, **kwargs)
