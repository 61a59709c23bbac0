"""Health data lie in files that nobody else on the machine may open.

New files are made so by the umask that `manage.py` and `wsgi.py` set; what is here already, from
an earlier version or from a copy, is closed when Limber starts.
"""

import stat
import sys
from collections.abc import Iterable
from pathlib import Path

UMASK = 0o077
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def files_of(database: str) -> list[Path]:
    """The files of an SQLite database, by its name in the settings; none of one in memory."""
    if not database or database == ":memory:" or database.startswith("file:"):
        return []
    return [Path(f"{database}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]


def close_to_others(paths: Iterable[Path]) -> None:
    """Take from group and others what they may do. What was open is told, once."""
    for path in paths:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & OTHERS:
                path.chmod(mode & ~OTHERS)
                print(f"Closed {path} to other users of this machine.", file=sys.stderr)
        except FileNotFoundError:
            continue
        except PermissionError:
            print(f"{path} is open to other users of this machine: close it.", file=sys.stderr)
