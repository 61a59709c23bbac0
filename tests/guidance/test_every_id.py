"""Every id of the knowledge is reached by some history, and has words and a source.

That each has a page is shown in test_library_entry.py; that each signal has a case for it and
one at its edge, in test_signals.py.
"""

from functools import cache
from random import Random

import pytest

from guidance.cases import read_cases
from guidance.knowledge import current_knowledge
from guidance.rules.types import Answer, Assessment, CheckResult, History
from tests.conftest import DATA
from tests.guidance.histories import history_of, result_for
from tests.guidance.logs import (
    WEEKLY,
    all_no,
    assessed,
    both,
    check,
    day,
    done,
    history,
    run,
    said,
    signals,
    spots,
    steady_runs,
    yes,
)

pytestmark = pytest.mark.slow

KNOWN = current_knowledge()
WALKED = 3400  # of the histories that a number makes; the rarest remedy comes at 3335
HABIT = spots(WEEKLY)
# Six weeks of the same strength with a remedy on most days: the one thing no walk comes across.
NOT_RESPONDING = history(
    [*spots(range(44, 7, -2), 5), *spots((6, 4, 2), 4)],
    runs=steady_runs(60),
    remedies=done(range(26), "plank"),
    flag_answers=all_no(),
)
# Histories in which each question has something to change.
ASKED_IN = (
    history(HABIT, runs=steady_runs()),
    history(HABIT, answers=[said("spot", "sit_bone")]),
    history(HABIT, flag_answers=[yes("bone_point_pain")]),
    history(both((1, 0)), clear=(4, 7), runs=[*steady_runs()[:-1], run(2, 8, kind="hills")]),
    history(HABIT, runs=steady_runs()[:10]),
)
# A request that nothing in the order of the next step asks for; the library explains it.
ONLY_IN_LIBRARY = {"ask:front_hip_log"}


def ids_in(found: Assessment) -> set[str]:
    lines = [line for cause in found.causes for line in (*cause.supports, *cause.opposes)]
    return {
        found.top_cause,
        found.escalation,
        found.ask_next,
        *(cause.id for cause in found.causes),
        *(line.signal for line in lines),
        *(pattern.id for pattern in found.patterns),
        *(flag.id for flag in found.flags),
        *(offer.remedy for offer in found.recommend),
    }


@cache
def reached() -> frozenset[str]:
    cases = read_cases((DATA / "vignettes.json").read_text(), KNOWN)
    histories = [*(case.history for case in cases), NOT_RESPONDING]
    histories += [history_of(number) for number in range(WALKED)]
    return frozenset(id_ for of in histories for id_ in ids_in(assessed(of)))


# The hamstring stretch is in no starter plan: it is offered as a swap (test_plan.py).
REACHED = [
    *KNOWN.causes,
    *KNOWN.signals,
    *KNOWN.patterns,
    *KNOWN.flags,
    *KNOWN.levels,
    *(id_ for id_ in KNOWN.remedies if id_ != "remedy:gentle_supine_hamstring_stretch"),
    *(q.id for q in KNOWN.questions.values() if q.answer == "data" and q.id not in ONLY_IN_LIBRARY),
]


@pytest.mark.slow
@pytest.mark.parametrize("id_", REACHED)
def test_some_history_reaches(id_: str) -> None:
    assert id_ in reached()


def some_result(check_id: str, number: int) -> CheckResult:
    chance, kind = Random(number), KNOWN.checks[check_id]
    name = check_id.partition(":")[2]
    if not kind.both_sides:
        return check(name, value=result_for(chance, kind))
    return check(name, result_for(chance, kind), result_for(chance, kind))


@pytest.mark.parametrize("check_id", [c.id for c in KNOWN.checks.values() if not c.retired])
def test_some_result_of_each_check_is_read(check_id: str) -> None:
    silent = set(signals(history(HABIT)))

    spoken = [signals(history(HABIT, checks=[some_result(check_id, n)])) for n in range(40)]

    assert any(set(found) - silent for found in spoken)


def answers_to(question: str) -> list[Answer]:
    asked = KNOWN.questions[question]
    values: list[str | int] = [option.value for option in asked.options] or [0, 3, 8]
    return [
        Answer(day(0), question, (str(value),) if asked.answer == "several" else value)
        for value in values
    ]


def with_answer(of: History, answer: Answer) -> History:
    return history(
        of.soreness,
        clear=[(of.today - clear).days for clear in of.check_in_days],
        runs=of.runs,
        answers=[*of.answers, answer],
        flag_answers=of.flag_answers,
    )


@pytest.mark.parametrize(
    "question",
    [q.id for q in KNOWN.questions.values() if q.answer != "data" and q.id != "ask:warning_screen"],
)
def test_some_answer_to_each_question_changes_something(question: str) -> None:
    changes = [
        assessed(with_answer(of, answer)) != assessed(of)
        for of in ASKED_IN
        for answer in answers_to(question)
    ]

    assert any(changes)


@pytest.mark.parametrize(
    "entry",
    [
        *KNOWN.causes.values(),
        *KNOWN.signals.values(),
        *KNOWN.patterns.values(),
        *KNOWN.checks.values(),
        *KNOWN.questions.values(),
        *KNOWN.remedies.values(),
        *KNOWN.levels.values(),
    ],
    ids=lambda entry: entry.id,
)
def test_each_entry_has_words_and_a_source(entry: object) -> None:
    assert getattr(entry, "words", "")
    assert set(getattr(entry, "sources", ())) & set(KNOWN.sources)


@pytest.mark.parametrize("flag", KNOWN.flags.values(), ids=lambda flag: flag.id)
def test_each_warning_sign_says_what_to_do_and_where_it_is_from(flag: object) -> None:
    assert getattr(flag, "do", "")
    assert set(getattr(flag, "sources", ())) & set(KNOWN.sources)
