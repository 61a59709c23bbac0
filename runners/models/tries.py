"""What was tried of late, for the limits of `runners.web.rate_limits`."""

from django.db import models

from runners.models.rows import Row


class Tries(Row):
    """The tries that one person, network or address has made under one limit.

    Only time ends a row: were the rows of others to push it out, many others would end a limit.
    """

    # Says nothing of whom it counts: a database that leaks tells no addresses and no networks.
    key = models.CharField(max_length=64, unique=True)
    # Milliseconds since 1970; never more than the limit allows.
    at = models.JSONField()
    # Goes up with each change, so that two at once do not overwrite each other.
    version = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{len(self.at)} tries until {self.expires_at:%d %B %Y %H:%M}"
