"""One run out of two records of it: what it lacks is filled, and the better one tells its figures.

What the runner wrote stands, whatever comes.
"""

from typing import Any

from runners.models import Run
from runners.models.logs import RunSource
from runners.runs.same_run import RunFacts, is_as_much

PARAGRAPH = "\n\n"  # between two notes that are joined; sent again, neither is added once more
FILLED = ("effort", "kind", "onset_min", "climb_m", "profile", "started_at")
MEASURED = ("distance_m", "duration_s", "elapsed_s")
TOLD_BETTER = ("profile", "effort")  # with the time and the distance
ANSWERED = ("effort",)
LONGEST_NOTE = 2_000  # characters, as `Run.note` has it

# A watch's own files know its timer and its distance, a list has them from one, and a GPX has
# neither: they are worked out of its points.
BEST_FIRST: tuple[str, ...] = (
    *(RunSource.FIT, RunSource.TCX, RunSource.LIST, RunSource.GPX),
    RunSource.TYPED,  # what it says stands by itself
)


class NoteTooLong(Exception):
    """The two notes together are longer than a note of `run` can be."""

    def __init__(self, run: Run) -> None:
        super().__init__(str(run))
        self.run = run


def filled(run: Run, new: Run) -> dict[str, Any]:
    """What `run` takes over from `new`, by field. Raises NoteTooLong.

    It takes what it lacks, and time, distance and pace along the way of a better source also
    where it has them, unless one record holds only a part of the other. Nothing that was written
    is overwritten, and of two notes none is lost.
    """
    written = _written(run)
    is_better = _is_better(run, new)
    told_better = TOLD_BETTER if is_better else ANSWERED if _is_asked_better(run, new) else ()
    fields: dict[str, Any] = {
        name: getattr(new, name)
        for name in FILLED
        if name not in written
        and getattr(new, name) not in (None, "")
        and (getattr(run, name) in (None, "") or name in told_better)
    }
    fields |= _measures(run, new, written, is_better=is_better)
    if "day" in written and run.day != new.day:
        fields.pop("started_at", None)  # the clock was wrong, and so the hour
    if "started_at" in fields:
        fields["utc_offset_s"] = new.utc_offset_s
    if fields.get("onset_min", 0) * 60 > fields.get("duration_s", run.duration_s):
        del fields["onset_min"]
    if is_better:
        fields["source"] = new.source
    if new.fingerprint and not run.fingerprint:
        fields["fingerprint"] = new.fingerprint
    there = run.note.split(PARAGRAPH)
    if any(words not in there for words in new.note.split(PARAGRAPH) if words):
        fields["note"] = f"{run.note}{PARAGRAPH}{new.note}".strip()
        if len(fields["note"]) > LONGEST_NOTE:
            raise NoteTooLong(run)
    written |= _written(new) & fields.keys()
    if fields and written != set(run.written or ()):
        fields["written"] = sorted(written)
    return fields


def _written(run: Run) -> set[str]:
    """Its columns that no other record replaces."""
    says = (*MEASURED, "effort") if run.source == RunSource.TYPED else ()
    return {*(run.written or ()), *(name for name in says if getattr(run, name) is not None)}


def _is_better(run: Run, new: Run) -> bool:
    is_above = BEST_FIRST.index(new.source) < BEST_FIRST.index(run.source)
    return is_above and is_as_much(_facts(run), _facts(new))


def _is_asked_better(run: Run, new: Run) -> bool:
    """Of two lists: intervals.icu asks how hard it was, Strava mostly works it out."""
    return run.fingerprint.startswith("strava:") and new.fingerprint.startswith("intervals:")


def _facts(run: Run) -> RunFacts:
    return RunFacts(frozenset(), None, run.duration_s, run.elapsed_s, run.distance_m)


def _measures(run: Run, new: Run, written: set[str], *, is_better: bool) -> dict[str, Any]:
    """Of time and distance those that change: also what a list corrects, whatever its source."""
    corrected = set(new.written or ())
    if corrected and not is_as_much(_facts(run), _facts(new)):
        corrected.clear()
    found = {name: getattr(run, name) for name in MEASURED}
    for name in MEASURED:
        takes = found[name] is None or is_better or name in corrected
        if takes and name not in written and getattr(new, name) is not None:
            found[name] = getattr(new, name)
    if (run.onset_min or 0) * 60 > found["duration_s"]:
        found["duration_s"] = run.duration_s
    if found["elapsed_s"] is not None and found["elapsed_s"] < found["duration_s"]:
        if "elapsed_s" in written | corrected and "duration_s" not in written:
            found["duration_s"] = found["elapsed_s"]
        else:
            is_longer = run.elapsed_s is not None and run.elapsed_s >= found["duration_s"]
            found["elapsed_s"] = run.elapsed_s if is_longer else None
    return {name: value for name, value in found.items() if value != getattr(run, name)}
