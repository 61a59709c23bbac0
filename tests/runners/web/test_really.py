import datetime as dt

import pytest
from django.http import QueryDict

from runners.web import really
from runners.web.really import Question

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-11-23", None),
        ("2025-11-23", None),
        ("2025-11-22", "That is more than a year ago. Is the date right?"),
        ("2024-11-24", "That is more than a year ago. Is the date right?"),
        ("2024-11-23", "That is 2 years ago. Is the date right?"),
        ("2023-01-05", "That is 3 years ago. Is the date right?"),
        ("1970-01-01", "That is 56 years ago. Is the date right?"),
    ],
)
def test_more_than_a_year_back_is_asked_about(day: str, sentence: str | None) -> None:
    questions = really.long_ago(dt.date.fromisoformat(day), today=TODAY)

    assert [one.sentence for one in questions] == ([sentence] if sentence else [])


def test_leap_day() -> None:
    leap_day = dt.date(2028, 2, 29)

    assert really.long_ago(dt.date(2027, 3, 1), today=leap_day) == []
    assert len(really.long_ago(leap_day, today=dt.date(2029, 3, 1))) == 1
    assert really.long_ago(leap_day, today=dt.date(2029, 2, 28)) == []


def test_answer_is_to_the_value_that_was_asked_about() -> None:
    date, length = Question("day 2023-11-20", "?"), Question("distance 90000", "?")
    answers = really.answered(QueryDict("really=day 2023-11-20&really=distance 9000"))

    assert really.unanswered([date, length], answers) == [length]
    assert really.unanswered([date, length], really.answered(QueryDict())) == [date, length]


def test_answers_are_carried_once_each() -> None:
    asked = [Question("day 2023-11-20", "?"), Question("distance 90000", "?")]

    carried = really.to_carry(asked, ["day 2023-11-20", "day 2023-11-20"])

    assert carried == ["day 2023-11-20", "distance 90000"]
