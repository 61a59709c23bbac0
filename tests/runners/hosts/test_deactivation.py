"""An account out of use: what stops at once, what nobody sees, and that all of it comes back."""

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from post_office.models import Email

from runners import access, security_log
from runners.access import NoLongerOpen
from runners.accounts.password_reset import link_for, reset_password
from runners.coaching.links.invitation_mail import send_waiting
from runners.digests import sending as digests
from runners.hosts import actions
from runners.hosts.actions import NoHost, OwnAccount
from runners.management.commands.deliver_mail import send_due
from runners.models import (
    CoachLink,
    Reminder,
    SharingChange,
    User,
)
from runners.models.digests import DigestKind
from runners.models.reminders import Way
from runners.reminders import sending as reminders
from tests.factories import (
    PASSWORD,
    make_invitation,
    make_link,
    make_note,
    make_plan,
    make_run,
    make_session,
    make_soreness,
    make_user,
)
from tests.mail_server import MailServer
from tests.races import at_once, signed_in
from tests.runners.hosts.acts import act, mailed_to, noted, page_of

OUT, BACK = "deactivate", "reactivate"


def sign_in(person: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/today/").status_code == 200


@pytest.mark.usefixtures("mail_server")
def test_sessions_end_at_once_and_nobody_signs_in(
    as_hanna: Client, hanna: User, alice: User
) -> None:
    phone = signed_in(alice)
    link = link_for(alice)

    said = act(as_hanna, alice, OUT)

    assert said == "Alice Ash is out of use, and signed out everywhere."
    assert not is_in(phone)
    assert not is_in(sign_in(alice))
    # Nor by the link of a reset that was mailed before, though it may choose a password.
    browser = Client()
    page = browser.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    if page.redirect_chain:
        new = "four-quiet-otters-42"
        browser.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert not is_in(browser)
    assert noted(alice)[0] == ("deactivated", hanna)
    assert mailed_to(alice)[0] == "Your account in Limber is out of use"


@pytest.mark.usefixtures("mail_server")
def test_back_in_use_all_is_as_it_was(as_hanna: Client, hanna: User, alice: User) -> None:
    make_run(alice)
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    act(as_hanna, alice, OUT)
    assert not is_in(sign_in(alice))

    said = act(as_hanna, alice, BACK)

    assert said == "Alice Ash is back in use."
    client = sign_in(alice)
    assert is_in(client)
    assert "10.0 km" in client.get("/diary/").text
    by_hanna = [kind for kind, by in noted(alice) if by == hanna]
    assert by_hanna == ["deactivated", "reactivated"]
    assert mailed_to(alice)[-1] == "Your account in Limber is back in use"


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize(
    ("what", "said"), [(OUT, "was out of use already"), (BACK, "was in use already")]
)
def test_sent_twice_it_is_done_once(as_hanna: Client, alice: User, what: str, said: str) -> None:
    if what == BACK:
        act(as_hanna, alice, OUT)
    act(as_hanna, alice, what)
    before = (noted(alice), mailed_to(alice))

    assert act(as_hanna, alice, what) == f"Alice Ash {said}."

    assert (noted(alice), mailed_to(alice)) == before


def test_a_reload_of_what_was_done_leads_to_the_accounts(as_hanna: Client, alice: User) -> None:
    assert as_hanna.get(f"{page_of(alice)}{OUT}/")["Location"] == "/host/accounts/"
    assert User.objects.get(pk=alice.pk).is_active


# Nobody sees it


def test_no_coach_sees_who_is_out_of_use(as_hanna: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    make_run(alice)
    note = make_note(bob, alice)
    coach = signed_in(bob)
    assert "Alice Ash" in coach.get("/athletes/").text
    act(as_hanna, alice, OUT)

    assert "Alice Ash" not in coach.get("/athletes/").text
    assert "Alice Ash" not in b"".join(coach.get("/athletes/table.csv")).decode()
    for page in ("", "trends/", "diary/", "guidance/", "notes/", "weeks.csv"):
        assert coach.get(f"/athletes/{alice.pk}/{page}").status_code == 404
    assert coach.post(f"/notes/{note.uid}/answer/", {"text": "Hello"}).status_code == 404
    with pytest.raises(NoLongerOpen):
        access.hold_open(bob, alice)

    act(as_hanna, alice, BACK)
    assert "Alice Ash" in coach.get("/athletes/").text
    assert coach.get(f"/athletes/{alice.pk}/diary/").status_code == 200


def test_nothing_is_changed_of_what_is_shared(as_hanna: Client, alice: User, bob: User) -> None:
    make_link(bob, alice, "runs")
    before = CoachLink.objects.values().get()
    act(as_hanna, alice, OUT)
    act(as_hanna, alice, BACK)
    assert CoachLink.objects.values().get() == before
    assert not SharingChange.objects.exists()


def test_a_coach_out_of_use_sees_nobody_and_is_mailed_nothing(
    as_hanna: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    User.objects.filter(pk=bob.pk).update(is_coach=True, wants_coach_digest=True)
    act(as_hanna, bob, OUT)

    assert not access.links_of_coach(bob).exists()
    assert not digests.people_wanting(DigestKind.COACH).exists()
    with pytest.raises(NoLongerOpen):
        access.hold_open(bob, alice)
    act(as_hanna, bob, BACK)
    assert digests.people_wanting(DigestKind.COACH).get() == bob


@pytest.mark.usefixtures("mail_server")
def test_a_weekly_mail_that_waits_counts_nobody_out_of_use(
    as_hanna: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    make_soreness(alice)
    User.objects.filter(pk=bob.pk).update(is_coach=True, wants_coach_digest=True)
    digests.send_due(whatever_day=True)
    assert "1 not enough to tell" in Email.objects.get(to=bob.email).message

    act(as_hanna, alice, OUT)

    assert not Email.objects.filter(to=bob.email).exists()
    assert digests.send_due(whatever_day=True) == 0
    act(as_hanna, alice, BACK)
    assert digests.send_due(whatever_day=True) == 1


@pytest.mark.parametrize("who", ["the athlete", "the coach"])
def test_a_new_password_meanwhile_asks_about_links_all_the_same(
    as_hanna: Client, alice: User, bob: User, who: str
) -> None:
    """Who knew the old one may have made them, and the account out of use may come back."""
    make_link(bob, alice)
    person = alice if who == "the athlete" else bob
    act(as_hanna, person, OUT)
    reset_password("four-quiet-otters-42", by=alice)
    act(as_hanna, person, BACK)

    assert not access.links_of_coach(bob).exists()
    assert CoachLink.objects.in_question().exists()


# Mails, calendars and invitations stop


def test_mails_stop_those_that_wait_too(
    as_hanna: Client, alice: User, mail_server: type[MailServer], noon: time_machine.Traveller
) -> None:
    """None is due again while it is out of use, either."""
    User.objects.filter(pk=alice.pk).update(wants_runner_digest=True)
    Reminder.objects.create(runner=alice, at=dt.time(11), way=Way.MAIL)
    assert reminders.send_due() == 1
    assert digests.send_due(whatever_day=True) == 1

    act(as_hanna, alice, OUT)
    send_due()

    assert [str(one.subject) for one in mail.outbox] == ["Your account in Limber is out of use"]
    noon.shift(dt.timedelta(days=1))
    assert reminders.send_due() == 0
    assert digests.send_due(whatever_day=True) == 0


def test_calendars_stop_and_go_on_by_the_same_address(as_hanna: Client, alice: User) -> None:
    feed = f"/plan/{make_plan(alice).feed_token}.ics"
    reminder = f"/reminder/{Reminder.objects.create(runner=alice, at=dt.time(7)).token}.ics"
    assert [Client().get(path).status_code for path in (feed, reminder)] == [200, 200]

    act(as_hanna, alice, OUT)
    assert [Client().get(path).status_code for path in (feed, reminder)] == [404, 404]

    act(as_hanna, alice, BACK)
    assert [Client().get(path).status_code for path in (feed, reminder)] == [200, 200]


def test_invitations_wait_and_go_once_it_is_back_in_use(
    as_hanna: Client, bob: User, alice: User, mail_server: type[MailServer]
) -> None:
    kept = make_invitation(bob, email="dora@example.org")
    send_waiting(bob)
    assert Email.objects.filter(to="dora@example.org").exists()

    act(as_hanna, bob, OUT)
    assert not Email.objects.filter(to="dora@example.org").exists()
    assert signed_in(alice).get(f"/invitations/{kept.token}/").status_code == 404

    act(as_hanna, bob, BACK)
    assert send_waiting(bob) == 1
    assert Email.objects.filter(to="dora@example.org").exists()
    assert signed_in(alice).get(f"/invitations/{kept.token}/").status_code == 200


# At once


@pytest.mark.slow
@pytest.mark.usefixtures("_on_disk")
def test_two_hosts_who_put_each_other_out_of_use_leave_one() -> None:
    for _round in range(6):
        User.objects.all().delete()
        hanna, henry = (make_user(name, is_host=True) for name in ("Hanna", "Henry"))

        def put_out(person: User, by: User) -> bool:
            try:
                return actions.deactivate(person, by=by)
            except NoHost:
                return False

        done = at_once(
            lambda: put_out(hanna, henry),  # noqa: B023
            lambda: put_out(henry, hanna),  # noqa: B023
        )

        assert sorted(done) == [False, True]
        assert sum(person.may_host for person in User.objects.all()) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("_on_disk")
@pytest.mark.parametrize("what", ["deactivate", "end_sessions", "erase"])
def test_two_hosts_at_once_do_it_once(what: str) -> None:
    for _round in range(4):
        User.objects.all().delete()
        hanna, henry = (make_user(name, is_host=True) for name in ("Hanna", "Henry"))
        alice = make_user()
        make_session(alice)
        do = getattr(actions, what)

        done = at_once(
            lambda: do(alice, by=hanna),  # noqa: B023
            lambda: do(alice, by=henry),  # noqa: B023
        )

        assert sorted(done) == [False, True]
        assert len(noted(alice)) == 1 or what == "erase"


def test_what_cannot_be_noted_is_not_done(
    hanna: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(security_log, "must_note", fails)
    session = make_session(alice)
    for do in (actions.deactivate, actions.end_sessions, actions.erase):
        with pytest.raises(OSError, match="no room"):
            do(alice, by=hanna)
    stored = User.objects.get(pk=alice.pk)
    assert stored.is_active
    assert not stored.is_leaving
    assert type(session).objects.filter(pk=session.pk).exists()


def test_nobody_acts_on_themselves(hanna: User) -> None:
    for do in (actions.deactivate, actions.reactivate, actions.end_sessions, actions.erase):
        with pytest.raises(OwnAccount):
            do(hanna, by=hanna)
