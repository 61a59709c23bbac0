"""How static files are stored once they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """Compressed, with a hash in each address so that browsers may keep them for ever.

    Django leaves the hash out while `DEBUG` is on; here `make run` serves what production does.
    """

    def url(self, name: str, force: bool = False) -> str:
        return str(super().url(name, force=True))
