"""Where everything lies on a box, how manage.py runs there, and what changes files of it."""

import os
import pwd
import re
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

CODE = Path("/opt/limber")
PYTHON = CODE / ".venv/bin/python"
MANAGE = CODE / "manage.py"
VARIABLES = Path("/etc/limber/limber.env")
CERTIFICATE, KEY = Path("/etc/limber/tls/fullchain.pem"), Path("/etc/limber/tls/key.pem")
COMMAND = Path("/usr/local/bin/limber")
UNITS = Path("/etc/systemd/system")
NGINX = Path("/etc/nginx/conf.d/limber.conf")
DATA = "/var/lib/limber"
PORT = 8000
USER = "limber"
UMASK = 0o077
# What a service of systemd has as well, and whoever sits at a terminal.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
KEPT = ("LANG", "TERM")


class Refused(Exception):
    """In a sentence, with what to do."""


class Unclear(Exception):
    """What systemd and others would not read alike, in a sentence."""


def read_variables(text: str) -> dict[str, str]:
    """Of an environment file, as systemd reads it. Raises Unclear.

    A value is what stands between the first `=` and the end of the line, but for quotes around it.
    """
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith(("#", ";")):
            continue
        name, is_there, value = line.partition("=")
        value = value.strip()
        if re.fullmatch(r"""(["']).*\1""", value):
            value = value[1:-1]
        if not is_there or not re.fullmatch(r"\w+", name) or re.search(r"""["'\\]""", value):
            raise Unclear(
                f"line {number} is not clear. It has to be NAME=value, with neither quotes nor"
                " backslashes inside the value: in an address, %22, %27 and %5C stand for them."
            )
        found[name] = value
    return found


def variables() -> dict[str, str]:
    """What limber.env says. Raises Unclear, and OSError."""
    return read_variables(VARIABLES.read_text())


def hosts(stored: Mapping[str, str]) -> list[str]:
    """The names that people may type."""
    return [name.strip() for name in stored["ALLOWED_HOSTS"].split(",")]


def backups_in(stored: Mapping[str, str]) -> Path:
    return Path(stored.get("BACKUP_DIR") or f"{stored['LOCAL_DIR']}/backups")


def environment() -> dict[str, str]:
    """All that manage.py sees. Raises Unclear, and OSError."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {"PATH": PATH, **kept, **variables()}


def manage(*command: str) -> "subprocess.CompletedProcess[str]":
    """`manage.py`, to its end, with what it said. For root."""
    return subprocess.run(  # noqa: S603  # the command is one of ours
        [PYTHON, MANAGE, *command],
        env=environment(),
        user=USER,
        group=USER,
        extra_groups=[],
        umask=UMASK,
        capture_output=True,
        text=True,
    )


def become_limber(command: Sequence[str]) -> None:
    """Go on as `manage.py`, for whoever typed it at a terminal."""
    if os.geteuid() != 0:
        sys.exit(f"Only root may read {VARIABLES}: sudo limber {' '.join(command)}")
    try:
        person, sees = pwd.getpwnam(USER), environment()
    except Unclear as problem:
        sys.exit(f"{VARIABLES}: {problem}")
    except (FileNotFoundError, KeyError):
        sys.exit(f"Limber is not installed here yet: {CODE}/deploy/limber install --help")
    os.umask(UMASK)
    os.initgroups(USER, person.pw_gid)
    os.setgid(person.pw_gid)
    os.setuid(person.pw_uid)
    os.execve(PYTHON, [str(PYTHON), str(MANAGE), *command], sees)  # noqa: S606  # no shell wanted


# What changes a box


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603  # ours, no shell
    if done.returncode:
        raise Refused(f"{' '.join(command)} failed.\n{done.stdout}{done.stderr}".strip())
    return done.stdout


def managed(*command: str) -> str:
    done = manage(*command)
    if done.returncode:
        raise Refused(f"manage.py {' '.join(command)} failed.\n{done.stdout}{done.stderr}".strip())
    return done.stdout


def put(path: Path, text: str, mode: int = 0o644) -> bool:
    """Let the file hold this: all of it or nothing. Says whether it did not."""
    if path.is_file() and path.read_text() == text and stat.S_IMODE(path.stat().st_mode) == mode:
        return False
    path.parent.mkdir(mode=0o755, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return True


def link(path: Path, to: Path) -> bool:
    if path.is_symlink() and path.readlink() == to:
        return False
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(to)
    part.replace(path)
    return True
