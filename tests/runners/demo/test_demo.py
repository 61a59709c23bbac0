"""The demo runner and her log."""

import pytest

from runners import demo
from runners.models import CheckIn, Run, SorenessEntry
from tests.factories import TODAY, days_ago


@pytest.mark.django_db
def test_demo_holds_a_pattern_gaps_and_a_clear_spell() -> None:
    ana = demo.load(TODAY)

    peaks = SorenessEntry.objects.of(ana).filter(area="hamstring", side="left")
    check_ins = CheckIn.objects.of(ana)
    assert peaks.since(days_ago(28)).filter(intensity__gte=3).count() >= 8
    assert check_ins.since(days_ago(18 * 7)).until(days_ago(13 * 7)).exists()
    assert (
        not SorenessEntry.objects.of(ana).since(days_ago(17 * 7)).until(days_ago(12 * 7)).exists()
    )
    assert Run.objects.of(ana).order_by("day")[0].day <= days_ago(24 * 7)
    assert check_ins.count() < 26 * 7
