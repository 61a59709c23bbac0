"""A second step that was lost is taken away by the host, who may also ask for one."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from post_office.models import Email
from pytest_django import DjangoAssertNumQueries, Settings

from runners.models import SecurityEvent, User
from tests.factories import PASSWORD, make_user
from tests.races import signed_in
from tests.runners.accounts.second_step.app import give_app, is_in

SECURITY = "/settings/security/"


def test_a_command_takes_it_away_and_signs_out(with_app: User, mail_server: object) -> None:
    client = signed_in(with_app)

    call_command("reset_second_step", with_app.email.upper())
    call_command("reset_second_step", with_app.email)

    assert client.get("/settings/")["Location"].startswith("/accounts/login/")
    assert not Authenticator.objects.exists()
    [mail] = Email.objects.all()
    assert "take the second step away" in mail.message
    assert [event.kind for event in SecurityEvent.objects.of(with_app)] == ["factor_reset"]
    again = Client()
    again.post("/accounts/login/", {"login": with_app.email, "password": PASSWORD})
    assert is_in(again)


@pytest.mark.django_db
def test_nobody_of_that_address() -> None:
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("reset_second_step", "zoe@example.org")


# Asked of coaches and hosts


@pytest.fixture
def wanted(settings: Settings) -> None:
    settings.SECOND_STEP_FOR = ["coaches", "hosts"]


@pytest.mark.usefixtures("wanted")
@pytest.mark.parametrize("who", ["is_coach", "is_host"])
def test_who_has_to_have_one_gets_no_further(db: None, who: str) -> None:
    person = make_user("Kit Marlow", **{who: True})
    client = signed_in(person)

    for page in ("/today/", "/athletes/", "/settings/", "/export/", "/diary/"):
        assert client.get(page)["Location"] == SECURITY
    assert client.post("/check-in/2026-11-23/all-clear/")["Location"] == SECURITY
    assert "Set it up to go on" in client.get(SECURITY).text
    assert client.get("/accounts/logout/").status_code == 200

    give_app(person)
    assert client.get("/settings/").status_code == 200


@pytest.mark.usefixtures("wanted")
def test_of_a_runner_nobody_asks_it(
    as_alice: Client, django_assert_num_queries: DjangoAssertNumQueries, settings: Settings
) -> None:
    """Nor does it cost anything."""
    assert as_alice.get("/settings/").status_code == 200
    with django_assert_num_queries(0):
        from runners.accounts.second_step.queries import lacks_one

        assert not lacks_one(User(is_coach=False))


@pytest.mark.usefixtures("wanted")
def test_who_has_left_is_led_back_first(db: None) -> None:
    from runners.accounts import leaving

    person = make_user("Kit Marlow", is_coach=True)
    leaving.leave(by=person)
    assert signed_in(person).get("/today/")["Location"] == "/come-back/"
