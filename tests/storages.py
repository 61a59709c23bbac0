"""What is sent to the pages, and what a worker makes, apart from this machine's files."""

from pathlib import Path
from typing import Any

from django.conf import settings as current
from pytest_django import Settings


def storages_in(folder: Path) -> dict[str, Any]:
    """The setting of that name, with folders of its own below `folder`."""
    as_it_is: dict[str, Any] = dict(current.STORAGES)
    own = {
        name: {**kept, "OPTIONS": {**kept["OPTIONS"], "location": folder / name}}
        for name, kept in as_it_is.items()
        if name in ("imports", "exports")
    }
    return {**as_it_is, **own}


def own_storages(settings: Settings, folder: Path) -> None:
    """For the test whose settings these are."""
    settings.STORAGES = storages_in(folder)
