"""Of what began "all at once" nobody said whether it was one stride: it is asked again."""

import pytest

from tests.factories import make_user
from tests.guidance.questions.answering import answer, stored
from tests.migrating import migrate

pytestmark = pytest.mark.slow

BEFORE = ("guidance", "0008_planitem_blocked")


def test_sudden_is_kept_apart_and_put_together_again(newest: list[tuple[str, str]]) -> None:
    alice = make_user("Alice Ash")
    for question, value in (("onset", "sudden"), ("onset", "gradual"), ("spot", "sudden")):
        answer(alice, question, value)
    migrate(BEFORE)
    assert stored(alice) == ["sudden", "gradual", "sudden"]

    migrate(*newest)
    assert stored(alice) == ["at_once", "gradual", "sudden"]

    answer(alice, "onset", "one_stride")
    migrate(BEFORE)
    assert stored(alice) == ["sudden", "gradual", "sudden", "sudden"]
