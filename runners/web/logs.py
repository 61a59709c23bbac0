"""The lines of the log: what happened, when, in which request and to whom. JSON, one object each.

No line holds what anybody wrote, asked for or is called. The name of a route stands in the place of
an address, an opaque id in that of a person; of an error stand its kind and where it was raised,
because what it says may be a value; of what another library says, its own words alone.
"""

import datetime as dt
import json
import logging
import re
import secrets
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import responses
from itertools import islice
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO

OURS = ("runners", "guidance", "config")
HERE = f"{Path(__file__).parents[2]}/"
LONGEST = 500  # characters of a message
MOST_ERRORS, MOST_FRAMES = 5, 20  # of a chain, of each of them: the innermost tell where it was
LEFT_OUT = "..."
# What is no word: mail and web addresses, files, queries, addresses of machines, tokens, ids.
HIDDEN = re.compile(
    r"\S*[@/\\?=&%<>]\S*|\d+(?:\.\d+){3}\S*|\S*:[0-9a-f]*:\S*|(?=[\w-]*\d)[\w-]{16,}", re.IGNORECASE
)
# As SQLite says it: with names of columns and constraints, and without values.
CONSTRAINT = re.compile(r"(UNIQUE|CHECK|NOT NULL|FOREIGN KEY) constraint failed(: [\w., ']+)?")

# What lines are about


@dataclass(slots=True)
class About:
    """A request, or a job of the worker: its id, and what becomes known of it."""

    id: str
    person: str = ""
    route: str = ""

    @property
    def facts(self) -> dict[str, str]:
        known = {"request": self.id, "person": self.person, "route": self.route}
        return {name: value for name, value in known.items() if value}


_about: ContextVar[About | None] = ContextVar("about", default=None)


def new_id() -> str:
    """Short enough to be read out to somebody."""
    return secrets.token_hex(6)


@contextmanager
def about(id_: str, person: str = "") -> Iterator[About]:
    """Each line that is written meanwhile bears the id, and the opaque id of the person."""
    this = About(id_, person)
    before = _about.set(this)
    try:
        yield this
    finally:
        _about.reset(before)


def current() -> About | None:
    return _about.get()


def request_id() -> str:
    """For a person to quote; empty outside of a request."""
    this = current()
    return this.id if this else ""


# A line


class Lines(logging.Formatter):
    """What a record says beside its message, it says as `extra={"facts": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        said_at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line: dict[str, Any] = {
            "time": said_at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
        }
        this = current()
        line |= this.facts if this else {}
        line |= getattr(record, "facts", {})
        if error := error_of(record):
            line["trace"] = list(trace_of(error))
        return json.dumps(line)


class ForATerminal(logging.Formatter):
    """What a developer reads on a machine that tries Limber out: with all that an error says."""

    def format(self, record: logging.LogRecord) -> str:
        this = current()
        facts = [this.route if this else "", *getattr(record, "facts", {}).values()]
        first, *rest = super().format(record).split("\n")
        return "\n".join([" ".join([first, *filter(None, map(str, facts))]), *rest])


def message_of(record: logging.LogRecord) -> str:
    """Django's words about an answer hold the address, so that its status says it instead."""
    status = getattr(record, "status_code", None)
    if status is not None:
        return responses.get(status, str(status))
    text = " ".join(_in_words(record).split())
    if len(text) > LONGEST:
        text = f"{text[:LONGEST].rpartition(' ')[0]} {LEFT_OUT}"
    return HIDDEN.sub(LEFT_OUT, text)


def _in_words(record: logging.LogRecord) -> str:
    is_ours = record.name.partition(".")[0] in OURS
    if isinstance(record.msg, BaseException):
        return told(record.msg)
    args: Any = record.args
    if isinstance(args, Mapping):
        args = {name: _argument(value, is_ours=is_ours) for name, value in args.items()}
    elif args:
        args = tuple(_argument(value, is_ours=is_ours) for value in args)
    try:
        return str(record.msg) % args if args else str(record.msg)
    except (TypeError, ValueError):  # a figure was meant, and something else is there
        return str(record.msg)


def _argument(value: Any, *, is_ours: bool) -> Any:
    if isinstance(value, BaseException):
        return " from ".join(map(told, chain_of(value)))
    return value if is_ours or isinstance(value, int | float) else LEFT_OUT


# Errors


def error_of(record: logging.LogRecord) -> BaseException | None:
    """A trace is for faults of ours. Anybody can send a wrong host a thousand times."""
    is_fault = getattr(record, "status_code", 500) >= 500
    return record.exc_info[1] if record.exc_info and is_fault else None


def told(error: BaseException) -> str:
    """Its kind, and of what it says the names and codes, which are no values."""
    said = [type(error).__name__]
    said += [getattr(error, name, None) or "" for name in ("sqlite_errorname", "sqlstate")]
    diagnosis = getattr(error, "diag", None)  # of PostgreSQL
    said += [
        getattr(diagnosis, name, None) or ""
        for name in ("table_name", "column_name", "constraint_name")
    ]
    if isinstance(error, OSError):
        said.append(error.strerror or "")
    elif isinstance(error, AttributeError | NameError | ImportError):
        said.append(error.name or "")
    elif CONSTRAINT.fullmatch(text := str(error)):
        said.append(text)
    return " ".join(filter(None, map(str, said)))


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """It, and what it came from."""
    one: BaseException | None = error
    for _ in range(MOST_ERRORS):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def trace_of(error: BaseException) -> Iterator[str]:
    """Each error of the chain, and after it the lines that led to it, the innermost first."""
    for number, one in enumerate(chain_of(error)):
        yield f"from {told(one)}" if number else told(one)
        frames = reversed(list(walk_tb(one.__traceback__)))
        for frame, line in islice(frames, MOST_FRAMES):
            code = frame.f_code
            yield f"{_short(code.co_filename)}:{line} {code.co_name}"


def _short(file: str) -> str:
    return file.rpartition("/site-packages/")[2].removeprefix(HERE)


# What nobody logs


def log_what_breaks() -> None:
    """What Python prints as it is: errors that end a process, warnings, what cannot be logged."""
    sys.excepthook = _log_the_end
    warnings.showwarning = _log_a_warning
    logging.raiseExceptions = False


def _log_the_end(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger(__name__).critical("Limber broke off", exc_info=(kind, error, trace))


def _log_a_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    at = f"{_short(filename)}:{lineno}"
    logging.getLogger(__name__).warning(
        "Python warns: %s", category.__name__, extra={"facts": {"at": at}}
    )
