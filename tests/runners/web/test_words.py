"""Sentences of templates: what was said once is remembered, and nothing else."""

from runners.models import Run
from runners.web import notices
from runners.web.notices import Phrase, words
from runners.weeks.sums import Running
from tests.factories import TODAY

LOGGED = "runners/digests/mail/_said.html#runs-value"


def test_what_is_said_again_is_rendered_once() -> None:
    running = {"running": Running(runs=2, duration_s=3_600), "is_known": True}
    notices._remembered.cache_clear()
    assert {str(Phrase(LOGGED, running)) for _ in range(3)} == {"2, 1 h 00"}
    assert notices._remembered.cache_info().hits == 2


def test_equal_fields_that_read_differently_are_two() -> None:
    said = [words(LOGGED, running=Running(), is_known=known) for known in (True, False)]
    assert said == ["none", "none logged"]


def test_a_row_that_has_changed_reads_anew() -> None:
    """Two states of a row are equal."""
    run = Run(pk=1, day=TODAY, distance_m=12_000)
    said = []
    for run.distance_m in (12_000, 21_000):
        said.append(words("runners/weeks/_said.html#longest", run=run, weeks=12, units="km"))
    assert ["12.0" in said[0], "21.0" in said[1]] == [True, True]


def test_what_people_wrote_is_not_remembered() -> None:
    notices._remembered.cache_clear()
    assert "Sore since Sunday" in words(
        "runners/check_ins/_clash.html#note-value", note="Sore since Sunday"
    )
    assert notices._remembered.cache_info().currsize == 0
