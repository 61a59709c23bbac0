"""Wrong passwords: who waits, who does not, and what nobody can do about it."""

import datetime as dt
import re
from collections.abc import Iterator
from http.cookies import Morsel
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from runners.accounts import known_devices
from runners.models import Tries, User
from tests.factories import PASSWORD, make_user
from tests.races import at_once

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

FIVE_MINUTES = dt.timedelta(minutes=5)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """The clock stands still until it is moved, however slow the machine is."""
    with time_machine.travel(dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def sign_in(
    client: Client, email: str = "alice@example.org", password: str = "wrong", at: str = "10.0.0.1"
) -> "_MonkeyPatchedWSGIResponse":
    sent = {"login": email, "password": password}
    return client.post("/accounts/login/", sent, REMOTE_ADDR=at)


def guesses(number: int, email: str = "alice@example.org") -> list[int]:
    """The statuses of so many wrong passwords, each from a device and network of its own."""
    return [sign_in(Client(), email, at=f"10.1.{n}.1").status_code for n in range(number)]


def known_device(user: User) -> Client:
    """Signed in once, and out again."""
    client = Client()
    assert sign_in(client, user.email, PASSWORD).status_code == 302
    client.post("/accounts/logout/")
    return client


def device_cookie(client: Client) -> "Morsel[str]":
    return client.cookies[known_devices.COOKIE]


def test_five_wrong_passwords_then_a_wait(noon: time_machine.Traveller, alice: User) -> None:
    client = Client()

    assert [sign_in(client).status_code for _ in range(5)] == [200] * 5
    response = sign_in(client)

    assert response.status_code == 429
    assert response["Retry-After"] == "300"
    words = " ".join(re.sub(r"<[^>]+>", "", response.text).split())
    assert "Too many tries. Wait 5 minutes, or reset your password." in words


def test_the_right_password_waits_as_well(noon: time_machine.Traveller, alice: User) -> None:
    guesses(5)

    assert sign_in(Client(), password=PASSWORD).status_code == 429


def test_the_wait_ends(noon: time_machine.Traveller, alice: User) -> None:
    guesses(5)
    noon.shift(FIVE_MINUTES - SECOND)
    assert sign_in(Client(), password=PASSWORD).status_code == 429

    noon.shift(2 * SECOND)

    assert sign_in(Client(), password=PASSWORD).status_code == 302


def test_never_more_than_five_in_any_five_minutes(
    noon: time_machine.Traveller, alice: User
) -> None:
    """Not by waiting for the edge of a window either."""
    passed = []
    for second in range(0, 900, 20):
        if sign_in(Client(), at=f"10.2.{second % 250}.1").status_code == 200:
            passed.append(second)
        noon.shift(20 * SECOND)

    assert len(passed) >= 10
    assert all(later - first >= 300 for first, later in zip(passed, passed[5:], strict=False))


def test_a_clock_that_ran_ahead_makes_nobody_wait_longer(
    noon: time_machine.Traveller, alice: User
) -> None:
    noon.shift(dt.timedelta(days=30))
    guesses(5)
    noon.shift(-dt.timedelta(days=30))

    assert guesses(6) == [200] * 5 + [429]
    noon.shift(FIVE_MINUTES)
    assert sign_in(Client(), password=PASSWORD).status_code == 302


def test_an_address_without_an_account_waits_alike(
    noon: time_machine.Traveller, alice: User
) -> None:
    known = [sign_in(Client(), at=f"10.3.{n}.1") for n in range(6)]
    unknown = [sign_in(Client(), "nobody@example.org", at=f"10.4.{n}.1") for n in range(6)]

    assert [r.status_code for r in known] == [r.status_code for r in unknown] == [200] * 5 + [429]
    assert known[5]["Retry-After"] == unknown[5]["Retry-After"]


@pytest.mark.parametrize("typed", ["ALICE@example.org", " alice@example.org ", "Alice@Example.Org"])
def test_another_spelling_is_the_same_address(
    noon: time_machine.Traveller, alice: User, typed: str
) -> None:
    guesses(5)

    assert sign_in(Client(), typed).status_code == 429


@pytest.mark.slow
def test_many_other_tries_push_no_count_out(
    noon: time_machine.Traveller, alice: User, settings: Settings
) -> None:
    guesses(5)
    for n in range(400):  # Django's caches, which once held the counts, forget from 300 on
        sign_in(Client(), f"made-up-{n}@example.org", at=f"10.{5 + n // 200}.{n % 200}.1")

    assert Tries.objects.count() > 400
    assert sign_in(Client()).status_code == 429


def test_one_network_waits_whatever_addresses_it_tries(
    noon: time_machine.Traveller, alice: User
) -> None:
    statuses = [
        sign_in(Client(), f"made-up-{n}@example.org", at="10.9.9.9").status_code for n in range(31)
    ]

    assert statuses == [200] * 30 + [429]
    assert sign_in(Client(), password=PASSWORD, at="10.9.9.8").status_code == 302


def test_a_club_signs_in_behind_one_address(noon: time_machine.Traveller, db: None) -> None:
    """Fifty within a minute, each after two mistakes of a few."""
    members = [make_user(f"Member{n} Moss") for n in range(50)]
    for member in members[:10]:
        for _ in range(2):
            assert sign_in(Client(), member.email).status_code == 200

    statuses = {sign_in(Client(), member.email, PASSWORD).status_code for member in members}

    assert statuses == {302}


def test_refused_tries_of_one_address_do_not_use_up_the_network(
    noon: time_machine.Traveller, alice: User, bob: User
) -> None:
    statuses = [sign_in(Client()).status_code for _ in range(40)]

    assert statuses == [200] * 5 + [429] * 35
    assert sign_in(Client(), bob.email, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("addresses", "sixth"),
    [
        ([f"2001:db8:1:2::{n}" for n in range(31)], 429),
        ([f"2001:db8:1:{n}::1" for n in range(31)], 200),
        (["::ffff:10.7.7.7"] * 30 + ["10.7.7.7"], 429),
        ([f"::ffff:10.7.7.{n}" for n in range(31)], 200),
    ],
    ids=["one /64", "many /64", "IPv4 as IPv6 sees it", "many of those"],
)
def test_what_one_network_is(
    noon: time_machine.Traveller, db: None, addresses: list[str], sixth: int
) -> None:
    statuses = [
        sign_in(Client(), f"made-up-{n}@example.org", at=address).status_code
        for n, address in enumerate(addresses)
    ]

    assert statuses[:30] == [200] * 30
    assert statuses[30] == sixth


@pytest.mark.parametrize("trusted", [0, 1], ids=["no proxy", "behind a proxy"])
def test_a_forged_forwarded_for_changes_nothing(
    noon: time_machine.Traveller, db: None, settings: Settings, trusted: int
) -> None:
    """Without a proxy the header is not read; a proxy adds what it sees at the end."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted

    statuses = [
        Client()
        .post(
            "/accounts/login/",
            {"login": f"made-up-{n}@example.org", "password": "wrong"},
            REMOTE_ADDR="10.8.8.8",
            HTTP_X_FORWARDED_FOR=f"192.0.2.{n}, 10.8.8.8",
        )
        .status_code
        for n in range(31)
    ]

    assert statuses == [200] * 30 + [429]


# Known devices


def test_guesses_elsewhere_keep_nobody_out_of_a_known_device(
    noon: time_machine.Traveller, alice: User
) -> None:
    own = known_device(alice)
    assert guesses(10)[-1] == 429

    assert sign_in(own).status_code == 200  # a slip of her own
    assert sign_in(own, password=PASSWORD).status_code == 302


def test_a_flood_from_the_same_network_keeps_nobody_out_of_a_known_device(
    noon: time_machine.Traveller, alice: User, mallory: User, settings: Settings
) -> None:
    fewer = settings.RATE_LIMITS["sign_in"].replace("120/m", "6/m")
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "sign_in": fewer}
    own = known_device(alice)
    for _ in range(5):
        sign_in(Client(), mallory.email, PASSWORD)
    assert sign_in(Client(), mallory.email, PASSWORD).status_code == 429

    assert sign_in(own, password=PASSWORD).status_code == 302


def test_right_passwords_have_a_limit_too(noon: time_machine.Traveller, alice: User) -> None:
    """Each is a while of a processor, and that is what such a flood wants."""
    device = known_device(alice)
    statuses = []
    for _ in range(31):
        statuses.append(sign_in(device, password=PASSWORD).status_code)
        device.cookies.pop("sessionid", None)

    assert statuses == [302] * 30 + [429]


def test_a_known_device_has_a_limit_of_its_own(noon: time_machine.Traveller, alice: User) -> None:
    own, phone = known_device(alice), known_device(alice)

    assert [sign_in(own).status_code for _ in range(6)] == [200] * 5 + [429]
    assert sign_in(own, password=PASSWORD).status_code == 429
    assert sign_in(phone, password=PASSWORD).status_code == 302
    assert sign_in(Client(), password=PASSWORD).status_code == 302


def test_a_device_is_known_to_its_own_account_alone(
    noon: time_machine.Traveller, alice: User, mallory: User
) -> None:
    device = known_device(mallory)

    assert [sign_in(device, at=f"10.1.{n}.1").status_code for n in range(6)] == [200] * 5 + [429]
    assert sign_in(device, mallory.email, PASSWORD).status_code == 302


def test_a_family_shares_a_known_device(
    noon: time_machine.Traveller, alice: User, bob: User
) -> None:
    tablet = known_device(alice)
    assert sign_in(tablet, bob.email, PASSWORD).status_code == 302
    tablet.post("/accounts/logout/")
    guesses(5, alice.email)
    guesses(5, bob.email)

    assert sign_in(tablet, alice.email, PASSWORD).status_code == 302
    tablet.post("/accounts/logout/")
    assert sign_in(tablet, bob.email, PASSWORD).status_code == 302


def test_the_cookie_of_a_device_is_for_the_server_alone(
    noon: time_machine.Traveller, alice: User, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    sign_in(client, password=PASSWORD)

    cookie = device_cookie(client)

    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/accounts/"
    assert alice.email not in cookie.value


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "e30:1:x", "\x00", "W10" * 2000])
def test_a_forged_cookie_is_no_known_device(
    noon: time_machine.Traveller, alice: User, forged: str
) -> None:
    guesses(5)
    client = Client()
    client.cookies[known_devices.COOKIE] = forged

    assert sign_in(client, password=PASSWORD).status_code == 429


def test_a_changed_password_ends_the_other_devices(
    noon: time_machine.Traveller, alice: User
) -> None:
    lost, own = known_device(alice), known_device(alice)
    sign_in(own, password=PASSWORD)
    changed = {
        "oldpassword": PASSWORD,
        "password1": "another-long-password",
        "password2": "another-long-password",
    }
    assert own.post("/accounts/password/change/", changed).status_code == 302
    own.post("/accounts/logout/")
    guesses(5)

    assert sign_in(lost, password="another-long-password").status_code == 429
    assert sign_in(own, password="another-long-password").status_code == 302


def reset(client: Client, user: User, password: str) -> None:
    assert client.post("/accounts/password/reset/", {"email": user.email}).status_code == 302
    found = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
    assert found is not None
    form = client.get(found[0])
    sent = {"password1": password, "password2": password}
    assert client.post(form["Location"], sent).status_code == 302


def test_a_reset_stays_open_and_sign_in_works_at_once_after_it(
    noon: time_machine.Traveller, alice: User
) -> None:
    """On the very device and network that waited, and while others go on guessing."""
    lost, client = known_device(alice), Client()
    assert [sign_in(client).status_code for _ in range(6)][-1] == 429

    reset(client, alice, "another-long-password")
    guesses(10)

    assert sign_in(lost, password="another-long-password").status_code == 429
    assert sign_in(client, password="another-long-password").status_code == 302


def test_guesses_elsewhere_do_not_keep_the_signed_in_from_confirming(
    noon: time_machine.Traveller, alice: User
) -> None:
    own = known_device(alice)
    sign_in(own, password=PASSWORD)
    noon.shift(dt.timedelta(minutes=10))
    guesses(10)

    asked = own.post("/accounts/reauthenticate/", {"password": PASSWORD})
    left = own.post("/settings/delete/", {"password": PASSWORD})

    assert (asked.status_code, left.status_code) == (302, 302)


def test_who_is_signed_in_cannot_guess_on(noon: time_machine.Traveller, alice: User) -> None:
    """A borrowed phone: the page that asks for the password once more has a limit as well."""
    client = known_device(alice)
    sign_in(client, password=PASSWORD)

    answers = [client.post("/accounts/reauthenticate/", {"password": "no"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "reset your password" not in answers[-1].text
    assert client.post("/settings/delete/", {"password": PASSWORD}).status_code == 429
    assert not User.objects.get(pk=alice.pk).is_leaving


def test_nor_on_the_page_that_deletes_the_account(
    noon: time_machine.Traveller, alice: User
) -> None:
    client = known_device(alice)
    sign_in(client, password=PASSWORD)

    answers = [client.post("/settings/delete/", {"password": "no"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


# The price, and many at once


def test_a_try_costs_few_queries(
    noon: time_machine.Traveller, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Two limits apply at sign-in; what is refused is not written, but noted once in a minute."""
    guesses(6)

    with django_assert_max_num_queries(3 + 2 + 2):  # whose it was, the log, a savepoint
        sign_in(Client(), at="10.1.0.1")


@pytest.mark.usefixtures("_on_disk")
def test_guesses_at_once_are_never_more_than_the_limit() -> None:
    make_user("Alice Ash")
    for _round in range(5):
        tries = [lambda n=n: sign_in(Client(), at=f"10.1.{n}.1").status_code for n in range(12)]

        statuses = at_once(*tries)

        assert sorted(statuses) == [200] * 5 + [429] * 7
        Tries.objects.all().delete()


@pytest.mark.usefixtures("_on_disk")
def test_right_passwords_at_once_all_come_in_and_count_nothing() -> None:
    """On networks of their own, and on one."""
    people = [make_user(f"Member{n} Moss") for n in range(8)]
    for _round in range(3):
        statuses = at_once(
            *(lambda p=p: sign_in(Client(), p.email, PASSWORD).status_code for p in people)
        )
        assert statuses == [302] * 8
    # What is looked at on one network has a limit of its own, right or wrong.
    assert sorted(len(row.at) for row in Tries.objects.all())[-2:] == [0, 24]


# What is posted to the other pages about accounts


@pytest.mark.parametrize(
    ("address", "sent", "most"),
    [
        ("/accounts/signup/", {"email": "x"}, 20),
        ("/accounts/password/reset/", {"email": "alice@example.org"}, 20),
        ("/accounts/password/reset/key/1-x/", {}, 20),
    ],
)
def test_other_pages_of_accounts_have_limits(
    noon: time_machine.Traveller, alice: User, address: str, sent: dict[str, str], most: int
) -> None:
    client = Client()

    statuses = [client.post(address, sent).status_code for _ in range(most + 1)]

    assert 429 not in statuses[:most]
    assert statuses[most] == 429


def test_pages_for_the_signed_in_have_limits(noon: time_machine.Traveller, alice: User) -> None:
    client = Client()
    client.force_login(alice)

    statuses = [client.post("/accounts/password/change/", {}).status_code for _ in range(6)]

    assert statuses[-1] == 429
    assert 429 not in statuses[:-1]


def test_an_address_is_confirmed_by_one_mail_in_three_minutes(
    noon: time_machine.Traveller, settings: Settings, db: None
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sent = {"email": "new@example.org", "password1": "walk-before-you-run", "consent": "on"}

    def sign_up() -> int:
        Client().post("/accounts/signup/", sent)
        return len(mail.outbox)

    assert [sign_up(), sign_up()] == [1, 1]
    noon.shift(dt.timedelta(minutes=3, seconds=1))
    assert sign_up() == 2


def test_resets_asked_for_elsewhere_mail_no_more_and_refuse_nobody(
    noon: time_machine.Traveller, alice: User
) -> None:
    """The links of the mails before still work, for whoever reads them."""
    asked = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(
            "/accounts/password/reset/", {"email": alice.email}
        )
        for number in range(8)
    ]

    assert {(answer.status_code, answer["Location"]) for answer in asked} == {
        (302, "/accounts/password/reset/done/")
    }
    assert len(mail.outbox) == 5
