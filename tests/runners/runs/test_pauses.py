"""The time with pauses, from start to end: read from a file, and kept true to the time typed."""

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client

from runners.models import Run, User
from runners.runs.file_facts import FileFacts
from tests import pages
from tests.factories import make_run
from tests.runners.runs.sending import read, typed

PAUSED = "fit-run-fr610-paired.fit"  # 19 October 2012, 8.38 km in 47:37, 58:43 with pauses


def test_file_gives_the_time_with_pauses(as_alice: Client, alice: User) -> None:
    as_alice.post("/runs/add/", read(as_alice, PAUSED))

    run = Run.objects.of(alice).get()
    assert (run.duration_s, run.elapsed_s) == (2_857, 3_523)


@pytest.mark.slow
@pytest.mark.parametrize(("duration", "elapsed_s"), [("58:43", 3_523), ("58:44", None)])
def test_time_typed_beyond_it_forgets_it(
    as_alice: Client, alice: User, duration: str, elapsed_s: int | None
) -> None:
    as_alice.post("/runs/add/", read(as_alice, PAUSED, duration=duration))
    assert Run.objects.of(alice).get().elapsed_s == elapsed_s

    Run.objects.update(duration_s=2_857, elapsed_s=3_523)
    run = Run.objects.of(alice).get()
    form = as_alice.get(f"/runs/{run.uid}/edit/").context["form"]
    sent = {field.name: field.value() or "" for field in form}
    seen = pages.carried(as_alice, f"/runs/{run.uid}/edit/")
    as_alice.post(f"/runs/{run.uid}/edit/", {**sent, "duration": duration, **seen})

    assert Run.objects.of(alice).get().elapsed_s == elapsed_s


def test_form_opened_before_pauses_were_kept_is_still_read(as_alice: Client, alice: User) -> None:
    facts = {
        "source": "fit", "fingerprint": "f" * 64, "day": "2026-11-20", "started_at": None,
        "climb_m": 12,
    }  # fmt: skip
    token = signing.dumps(facts, salt=f"runners.run-file.{alice.pk}")

    as_alice.post("/runs/add/", typed(day="2026-11-20", from_file=token))

    run = Run.objects.of(alice).get()
    assert (run.source, run.climb_m, run.elapsed_s) == ("fit", 12, None)
    assert FileFacts.opened(token, runner=alice).elapsed_s is None


@pytest.mark.parametrize("elapsed_s", [None, 3_000, 9_000])
def test_pauses_make_a_run_longer(alice: User, elapsed_s: int | None) -> None:
    assert make_run(alice, duration_s=3_000, elapsed_s=elapsed_s).elapsed_s == elapsed_s


def test_pauses_never_make_it_shorter(alice: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_run(alice, duration_s=3_000, elapsed_s=2_999)
