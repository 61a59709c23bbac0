"""What is sent to the pages, and what a worker makes, apart from this machine's files."""

from pathlib import Path

from pytest_django import Settings


def own_storages(settings: Settings, folder: Path) -> None:
    """Below `folder`, for the test whose settings these are."""
    own = {
        name: {**kept, "OPTIONS": {**kept["OPTIONS"], "location": folder / name}}
        for name, kept in settings.STORAGES.items()
        if name in ("imports", "exports")
    }
    settings.STORAGES = {**settings.STORAGES, **own}
