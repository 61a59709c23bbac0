"""One run out of two records of it: what stands in the diary stays, what it lacks is filled."""

from typing import Any

from runners.models import Run

PARAGRAPH = "\n\n"  # between two notes that are joined; sent again, neither is added once more
FILLED = ("distance_m", "effort", "kind", "onset_min", "climb_m", "profile", "started_at")
LONGEST_NOTE = 2_000  # characters, as `Run.note` has it


class NoteTooLong(Exception):
    """The two notes together are longer than a note of `run` can be."""

    def __init__(self, run: Run) -> None:
        super().__init__(str(run))
        self.run = run


def filled(run: Run, new: Run) -> dict[str, Any]:
    """What `run` lacks and `new` knows, by field. Raises NoteTooLong.

    Nothing that was written is overwritten: of two distances, times or efforts the diary's stays.
    """
    fields: dict[str, Any] = {
        name: getattr(new, name)
        for name in FILLED
        if getattr(run, name) in (None, "") and getattr(new, name) not in (None, "")
    }
    if "started_at" in fields:
        fields["utc_offset_s"] = new.utc_offset_s
    if fields.get("onset_min", 0) * 60 > run.duration_s:
        del fields["onset_min"]
    if run.elapsed_s is None and new.elapsed_s and new.elapsed_s >= run.duration_s:
        fields["elapsed_s"] = new.elapsed_s
    if new.fingerprint and not run.fingerprint:
        fields |= {"source": new.source, "fingerprint": new.fingerprint}
    there = run.note.split(PARAGRAPH)
    if any(words not in there for words in new.note.split(PARAGRAPH) if words):
        fields["note"] = f"{run.note}{PARAGRAPH}{new.note}".strip()
        if len(fields["note"]) > LONGEST_NOTE:
            raise NoteTooLong(run)
    return fields
