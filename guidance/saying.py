"""The one place that puts what is to be said into words.

`say(Said("pattern:recurring", area="hamstring", side="left", days=21, of=25))` finds the sentence
in the knowledge and fills it in: to the runner, or (`about=True`) about the athlete to a coach.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any, NamedTuple

from guidance.knowledge import current_knowledge
from guidance.rules.said import Said, Value
from runners import formats

NOT_KNOWN = "–"


def say(
    said: Said | Mapping[str, Any] | None, *, about: bool = False, units: str = formats.KM
) -> str:
    """The words of what is said, or of a row's JSON of it; "" for nothing.

    `units` are those of whoever reads it.
    """
    if not said:
        return ""
    return _Speaker(about, units).say(said if isinstance(said, Said) else Said.from_json(said))


def place_words(area: str, side: str = "") -> str:
    """`left hamstring`; the area alone where both sides are meant, or there is but one."""
    return _sentence(f"place.{side or 'both'}").format(area=_sentence(f"area.{area}"))


def number(value: float | None) -> str:
    """A number without needless decimals; a dash where nothing is known."""
    return NOT_KNOWN if value is None else f"{round(value, 1):g}".replace("-", "−")


def name_of(id_: str) -> str:
    """Of whatever the knowledge holds under an id: a cause, a check, a remedy, a flag, a level."""
    knowledge = current_knowledge()
    shelves = (knowledge.causes, knowledge.checks, knowledge.remedies, knowledge.flags)
    entry = next((shelf[id_] for shelf in shelves if id_ in shelf), None)
    return entry.name if entry else knowledge.levels[id_].name


# What may stand behind the colon of a field, several with commas between: `{cause:name,small}`.
# Besides these, `{days:day|days}` counts, and `{reasons:list.and}` joins by a sentence.
READS: Mapping[str, Callable[[Any], str]] = {
    "name": name_of,
    "within": lambda cause: current_knowledge().causes[cause].named_within,
    "area": lambda area: _sentence(f"area.{area}"),
    "day": formats.long_day,
    "short_day": formats.short_day,
    "weekday": lambda day: f"{day:%A}",
    "date": formats.date,
    "dated": lambda day: f"{formats.date(day)} {day.year}",
    "nth": formats.nth,
    "spelled": formats.spelled,
    "decimal": lambda value: f"{value:.1f}",
    "weekdays": formats.weekdays,
    "capital": formats.capital,
    "small": lambda words: f"{words[:1].lower()}{words[1:]}",
}

# The same for what reads differently in miles.
LENGTHS: Mapping[str, Callable[[float, str], str]] = {
    "distance": formats.distance,
    "up_to": formats.up_to,
}


def _sentence(key: str, *, about: bool = False) -> str:
    sentence = current_knowledge().sentences[key]
    return sentence.about if about else sentence.you


class _Part(NamedTuple):
    """A text, with the field behind it if there is one, and how that reads.

    `counted` are the words for one and for many. `reads` are keys of READS and of LENGTHS, before
    them the sentence that joins several.
    """

    text: str
    field: str | None
    counted: tuple[str, str] | None
    reads: tuple[str, ...]


@cache
def _parts(sentence: str) -> list[_Part]:
    """Of a few hundred sentences.

    `Formatter.vformat` takes a sentence apart each time, and looks for fields within fields.
    """
    found = []
    for text, name, reading, _conversion in Formatter().parse(sentence):
        one, counts, many = (reading or "").partition("|")
        counted = (one, many) if counts else None
        reads = () if counts else tuple(filter(None, one.split(",")))
        found.append(_Part(text, name, counted, reads))
    return found


@dataclass(frozen=True, slots=True)
class _Speaker:
    about: bool
    units: str

    def say(self, said: Said) -> str:
        words = []
        for text, name, counted, reads in _parts(_sentence(said.key, about=self.about)):
            words.append(text)
            if name is not None:
                value = _value(said.fields, name)
                words.append(_counted(value, *counted) if counted else self._read(value, reads))
        return "".join(words)

    def _read(self, value: Any, reads: tuple[str, ...]) -> str:
        words: Any = value
        if isinstance(value, tuple):
            joins, *others = reads
            words, reads = self._joined([self.say(one) for one in value], joins), tuple(others)
        elif isinstance(value, Said):
            words = self.say(value)
        if words is None or words == "":
            return NOT_KNOWN
        for spec in reads:
            length = LENGTHS.get(spec)
            words = length(words, self.units) if length else READS[spec](words)
        return words if isinstance(words, str) else number(words)

    def _joined(self, words: list[str], key: str) -> str:
        """`a; b` or `a, or b`: two at a time, by a sentence with `head` and `last`."""
        head, *rest = words
        for last in rest:
            head = _sentence(key).format(head=head, last=last)
        return head


def _counted(value: Any, one: str, many: str) -> str:
    return f"{number(value)} {one if value == 1 else many}"


def _value(fields: Mapping[str, Value], name: str) -> Value:
    """`place` is made of the fields `area` and `side`; what is not known is None."""
    if name == "place":
        return place_words(str(fields["area"]), str(fields.get("side") or ""))
    return fields.get(name)
