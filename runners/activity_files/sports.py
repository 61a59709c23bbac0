"""Which words of watches and apps mean running."""

import re

OTHER = "other"  # what TCX calls all that is neither running nor cycling

_WORDS = re.compile(r"[a-z]+|[0-9]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # TrailRun: before the R

# Beginnings of words that say it was no run, with what to call it. Strava writes bare numbers.
_OTHER_SPORTS = {
    "cycl": "a bike ride",
    "bik": "a bike ride",
    "ride": "a bike ride",
    "riding": "a ride",
    "ebik": "a bike ride",
    "mtb": "a bike ride",
    "1": "a bike ride",
    "walk": "a walk",
    "10": "a walk",
    "hik": "a hike",
    "4": "a hike",
    "swim": "a swim",
    "16": "a swim",
    "yoga": "yoga",
    "pilates": "Pilates",
    "row": "rowing",
    "ski": "skiing",
    "snow": "a snow sport",
    "skat": "skating",
    "kayak": "paddling",
    "canoe": "paddling",
    "paddl": "paddling",
    "surf": "surfing",
    "sail": "sailing",
    "climb": "climbing",
    "golf": "golf",
    "strength": "strength training",
    "elliptical": "a cross-trainer session",
    "driv": "a drive",
    "motor": "a drive",
    "transition": "a change between sports",
    "multisport": "something other than a run",
    "training": "something other than a run",
    "fitness": "something other than a run",
    "workout": "something other than a run",
    OTHER: "something other than a run",
}


def is_running(word: str) -> bool:
    return any(
        part.startswith(("run", "jog")) or part.endswith(("run", "running")) or part == "9"
        for part in _parts(word)
    )


def other_sport(word: str) -> str | None:
    """What to call a sport that is no running; None for running and for words not known.

    A word not known is no reason to refuse: apps write it in many languages, and whoever
    chose the file wants to log a run.
    """
    if is_running(word):
        return None
    for part in _parts(word):
        for beginning, name in _OTHER_SPORTS.items():
            if part == beginning or (beginning.isalpha() and part.startswith(beginning)):
                return name
    return None


def _parts(word: str) -> list[str]:
    return _WORDS.findall(_HUMP.sub(" ", word).lower())
