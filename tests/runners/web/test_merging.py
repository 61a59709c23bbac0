"""Three ways: what a form was built from, what it says, and what is stored by now."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.web.merging import Base, Clash, Clashed, changed, merge, settle

VALUES = st.one_of(st.none(), st.integers(0, 3))
STATES = st.dictionaries(st.sampled_from("abc"), VALUES)


def without_none(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if value is not None}


@pytest.mark.parametrize(
    ("base", "mine", "stored", "merged"),
    [
        (1, 1, 1, 1),  # nobody changed it
        (1, 2, 1, 2),  # the form did
        (1, 1, 2, 2),  # somebody else did
        (1, 2, 2, 2),  # both, to the same
        (1, None, 1, None),  # the form took it away
        (1, 1, None, None),  # somebody else did
        (None, 2, None, 2),
        (None, None, 2, 2),
    ],
)
def test_what_one_side_changed_is_taken(
    base: int | None, mine: int | None, stored: int | None, merged: int | None
) -> None:
    states = ({"a": base}, {"a": mine}, {"a": stored})

    assert merge(*states) == (without_none({"a": merged}), [])


@pytest.mark.parametrize(("mine", "stored"), [(2, 3), (None, 3), (2, None)])
def test_what_both_changed_is_asked(mine: int | None, stored: int | None) -> None:
    with pytest.raises(Clashed) as asked:
        settle(Base({"a": 1, "b": 1}), {"a": mine, "b": 1}, {"a": stored, "b": 2})

    assert asked.value.clashes == [Clash("a", mine, stored)]
    assert asked.value.merged == without_none({"a": mine, "b": 2})


@pytest.mark.parametrize(("choice", "settled"), [("mine", 2), ("stored", 3)])
def test_a_choice_settles_it(choice: str, settled: int) -> None:
    base, mine, stored = Base({"a": 1}), {"a": 2}, {"a": 3}
    with pytest.raises(Clashed) as asked:
        settle(base, mine, stored)

    again = base.asking(asked.value)
    answered = Base(again.state, again.asked, {"a": choice})

    assert settle(answered, mine, stored) == {"a": settled}


def test_a_choice_is_asked_anew_where_it_changed_once_more() -> None:
    answered = Base({"a": 1}, asked={"a": 3}, choices={"a": "mine"})

    with pytest.raises(Clashed):
        settle(answered, {"a": 2}, {"a": 4})


def test_a_choice_of_nothing_known_is_none() -> None:
    answered = Base({"a": 1}, asked={"a": 3}, choices={"a": "whichever"})

    with pytest.raises(Clashed):
        settle(answered, {"a": 2}, {"a": 3})


def test_only_what_differs_is_written() -> None:
    assert changed({"a": 1, "b": 1, "c": None}, {"a": 1, "b": 2}) == ["b"]


@pytest.mark.slow
@given(STATES, STATES, STATES)
def test_no_change_of_one_side_alone_is_ever_lost(
    base: dict[str, Any], mine: dict[str, Any], stored: dict[str, Any]
) -> None:
    merged, clashes = merge(base, mine, stored)
    asked = {clash.field for clash in clashes}

    for name in {*base, *mine, *stored} - asked:
        of_either = (mine.get(name), stored.get(name))
        assert merged.get(name) in of_either
        for value in of_either:
            if value != base.get(name):
                assert merged.get(name) == value


@pytest.mark.slow
@given(STATES, STATES, STATES)
def test_sent_again_it_changes_nothing_more(
    base: dict[str, Any], mine: dict[str, Any], stored: dict[str, Any]
) -> None:
    """The answer never arrived: the same form meets what it has saved itself."""
    merged, clashes = merge(base, mine, stored)
    if clashes:
        return

    again, asked = merge(base, mine, merged)

    assert (again, asked) == (merged, [])
