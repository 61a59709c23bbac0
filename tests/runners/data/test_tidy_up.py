"""What the nightly command removes, and what lies just on the other side of each edge."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from runners.models import (
    AccessRecord,
    AthletePage,
    CheckIn,
    CoachLink,
    Digest,
    Invitation,
    Note,
    Run,
    Session,
    SharingChange,
    SorenessEntry,
    Tries,
    User,
)
from runners.models.digests import DigestKind
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_invitation,
    make_link,
    make_note,
    make_run,
    make_soreness,
)

pytestmark = pytest.mark.usefixtures("noon")

NOON = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)
YEAR = 366  # days
SECOND = dt.timedelta(seconds=1)
A_DAY_AGO = NOON - dt.timedelta(days=1)
A_YEAR_AGO = NOON - dt.timedelta(days=YEAR)


def tidied() -> str:
    out = StringIO()
    call_command("tidy_up", stdout=out)
    return out.getvalue()


def test_tidying_says_so_when_there_is_nothing(alice: User) -> None:
    assert tidied() == "Nothing to remove.\n"


def test_counts_for_limits_go_once_they_have_run_out(db: None) -> None:
    Tries.objects.create(key="over", at=[1], expires_at=NOON)
    Tries.objects.create(key="counts", at=[1], expires_at=NOON + SECOND)

    assert tidied() == "Removed count of tries: 1\n"
    assert [row.key for row in Tries.objects.all()] == ["counts"]


def make_look(coach: User, athlete: User, day: dt.date) -> AccessRecord:
    return AccessRecord.objects.create(
        coach=coach, athlete=athlete, page=AthletePage.TRENDS, day=day
    )


def test_looks_go_once_no_athlete_is_shown_them(alice: User, bob: User) -> None:
    shown = make_look(bob, alice, days_ago(YEAR - 1))
    shown_elsewhere = make_look(bob, alice, days_ago(YEAR))  # where it is still yesterday
    make_look(bob, alice, days_ago(YEAR + 1))

    assert tidied() == "Removed record of a look: 1\n"

    assert set(AccessRecord.objects.all()) == {shown, shown_elsewhere}
    assert list(AccessRecord.objects.of(alice)) == [shown]


def test_changes_of_sharing_go_as_looks_do(alice: User, bob: User) -> None:
    link = make_link(bob, alice)
    kept, _, _ = (
        SharingChange.objects.create(link=link, by=alice, day=days_ago(days), before={}, after={})
        for days in (YEAR - 1, YEAR + 1, YEAR + 2)
    )

    assert tidied() == "Removed record of what was shared: 2\n"

    assert list(SharingChange.objects.of(alice)) == [kept]


def test_looks_are_kept_where_the_day_begins_last(
    alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    alice.time_zone = "Pacific/Pago_Pago"  # 11 hours behind UTC
    alice.save()
    noon.move_to(dt.datetime(2026, 11, 23, 10, 59, tzinfo=dt.UTC))  # 23:59 on the 22nd there
    day = dt.date(2026, 11, 22) - dt.timedelta(days=YEAR - 1)
    make_look(bob, alice, day)
    assert AccessRecord.objects.of(alice).exists()

    tidied()

    assert AccessRecord.objects.of(alice).exists()


def test_deleted_logs_go_after_a_day(alice: User) -> None:
    old, new = A_DAY_AGO - SECOND, A_DAY_AGO + 10 * SECOND
    make_run(alice, deleted_at=old)
    kept_run, still_there = make_run(alice, deleted_at=new), make_run(alice)
    make_soreness(alice, days_ago(3))
    CheckIn.objects.update(deleted_at=old)
    kept_check_in = make_check_in(alice, days_ago(3), deleted_at=new)
    there_check_in = make_check_in(alice, days_ago(3))

    said = tidied()

    assert said == "Removed run: 1\nRemoved check-in: 1\n"
    assert set(Run.objects.all()) == {kept_run, still_there}
    assert set(CheckIn.objects.all()) == {kept_check_in, there_check_in}
    assert not SorenessEntry.objects.exists()


def test_deleted_notes_go_after_a_day(alice: User, bob: User) -> None:
    make_note(bob, alice, "long deleted", deleted_at=A_DAY_AGO - SECOND)
    make_note(bob, alice, "just deleted", deleted_at=A_DAY_AGO + 10 * SECOND)
    make_note(bob, alice, "there", created_at=A_YEAR_AGO - SECOND)

    assert tidied() == "Removed note: 1\n"

    assert set(Note.objects.values_list("text", flat=True)) == {"just deleted", "there"}


def test_an_answer_outlives_the_deleted_note(alice: User, bob: User) -> None:
    asked = make_note(bob, alice, "Rest.", deleted_at=A_DAY_AGO - SECOND)
    make_note(bob, alice, author=alice, answers=asked, deleted_at=A_DAY_AGO - SECOND)
    make_note(bob, alice, "Will do.", author=alice, answers=asked)

    assert tidied() == "Removed note: 2\n"

    assert list(Note.objects.oldest_first().values_list("text", flat=True)) == ["", "Will do."]
    assert tidied() == "Nothing to remove.\n"


@pytest.mark.parametrize("field", ["withdrawn_at", "refused_at", "expires_at"])
def test_ended_invitations_go_after_a_year(alice: User, field: str) -> None:
    gone, kept = make_invitation(alice), make_invitation(alice)
    for invitation, at in ((gone, A_YEAR_AGO - SECOND), (kept, A_YEAR_AGO + 10 * SECOND)):
        Invitation.objects.filter(pk=invitation.pk).update(**{field: at})

    assert tidied() == "Removed invitation: 1\n"

    assert Invitation.objects.get() == kept


def test_used_up_invitations_go_a_year_after_the_last_use(alice: User, bob: User) -> None:
    made = A_YEAR_AGO - dt.timedelta(days=100)
    open_still = NOON + dt.timedelta(days=5)
    old, new, unused = (
        make_invitation(bob, used=used, created_at=made, expires_at=open_still)
        for used in (1, 1, 0)
    )
    for invitation, at in ((old, A_YEAR_AGO - SECOND), (new, A_YEAR_AGO + 10 * SECOND)):
        make_link(bob, alice, invitation=invitation, started_at=at, ended_at=NOON)

    assert tidied() == "Removed invitation: 1\n"

    assert set(Invitation.objects.all()) == {new, unused}
    assert CoachLink.objects.count() == 2


def test_an_open_invitation_stays_however_old(alice: User, bob: User) -> None:
    make_invitation(bob, created_at=A_YEAR_AGO - dt.timedelta(days=400))

    assert tidied() == "Nothing to remove.\n"


def test_records_of_weekly_mails_go_after_a_year(alice: User) -> None:
    for age in (YEAR - 1, YEAR + 1):
        Digest.objects.create(user=alice, kind=DigestKind.RUNNER, week=days_ago(age))

    assert tidied() == "Removed record of a weekly mail: 1\n"

    assert Digest.objects.get().week == days_ago(YEAR - 1)


def test_sessions_go_once_they_have_expired(alice: User, noon: time_machine.Traveller) -> None:
    client = Client()
    client.force_login(alice)
    Session.objects.create(session_key="old", session_data="", expire_date=NOON - SECOND)

    assert tidied() == "Removed session: 1\n"

    assert client.get("/settings/").status_code == 200
    noon.move_to(NOON + dt.timedelta(days=61))
    assert tidied() == "Removed session: 1\n"
    assert client.get("/settings/").status_code == 302


def test_tidying_twice_removes_once(alice: User) -> None:
    make_run(alice, TODAY, deleted_at=A_DAY_AGO - SECOND)
    tidied()

    assert tidied() == "Nothing to remove.\n"
