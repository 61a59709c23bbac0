"""Which words of watches and apps mean running."""

import re

OTHER = "other"  # what TCX calls all that is neither running nor cycling

_WORDS = re.compile(r"[a-z]+|[0-9]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # TrailRun: before the R

# Beginnings of words that say it was no run, with the name of what it was in `_not_a_run.html`.
# Strava writes bare numbers.
OTHER_SPORTS = {
    "cycl": "bike-ride",
    "bik": "bike-ride",
    "ride": "bike-ride",
    "riding": "ride",
    "ebik": "bike-ride",
    "mtb": "bike-ride",
    "1": "bike-ride",
    "walk": "walk",
    "10": "walk",
    "hik": "hike",
    "4": "hike",
    "swim": "swim",
    "16": "swim",
    "yoga": "yoga",
    "pilates": "pilates",
    "row": "rowing",
    "ski": "skiing",
    "snow": "snow-sport",
    "skat": "skating",
    "kayak": "paddling",
    "canoe": "paddling",
    "paddl": "paddling",
    "surf": "surfing",
    "sail": "sailing",
    "climb": "climbing",
    "golf": "golf",
    "strength": "strength-training",
    "elliptical": "cross-trainer",
    "driv": "drive",
    "motor": "drive",
    "transition": "transition",
    "multisport": OTHER,
    "training": OTHER,
    "fitness": OTHER,
    "workout": OTHER,
    OTHER: OTHER,
}


def is_running(word: str) -> bool:
    return any(
        part.startswith(("run", "jog")) or part.endswith(("run", "running")) or part == "9"
        for part in _parts(word)
    )


def other_sport(word: str) -> str | None:
    """The name of a sport that is no running; None for running and for words not known.

    A word not known is no reason to refuse: apps write it in many languages, and whoever
    chose the file wants to log a run.
    """
    if is_running(word):
        return None
    for part in _parts(word):
        for beginning, name in OTHER_SPORTS.items():
            if part == beginning or (beginning.isalpha() and part.startswith(beginning)):
                return name
    return None


def _parts(word: str) -> list[str]:
    return _WORDS.findall(_HUMP.sub(" ", word).lower())
