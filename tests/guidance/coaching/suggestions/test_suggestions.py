"""A suggestion between the two: on Today, declined, withdrawn, ended, and nobody else's."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from guidance.coaching.suggestions import actions
from guidance.models import Plan, Suggestion
from guidance.plan.actions import NewItem
from runners.access import NoLongerOpen
from runners.models import CoachLink, User
from tests.factories import make_link, make_user
from tests.guidance.coaching.suggestions.sending import (
    DECLINED,
    OPEN,
    of,
    page_of,
    refused,
    state,
    taken,
    typed,
)
from tests.guidance.plans import pelvis_leads, plain
from tests.guidance.warning_signs.test_warning_signs import open_sign

HTMX = {"HX-Request": "true"}


def test_suggestion_stands_on_today_with_its_words(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    Suggestion.objects.update(words="Before <b>hills</b>")

    page = as_alice.get("/today/").text

    assert "Bob Birch suggests for your plan" in plain(page)
    assert of(suggested, "accept") in page
    assert "Before &lt;b&gt;hills&lt;/b&gt;" in page


def test_declined_is_gone_and_nothing_is_planned(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    response = as_alice.post(of(suggested, "decline"), follow=True)

    assert "Bob Birch suggests" not in plain(response.text)
    assert state(suggested) == DECLINED
    assert not Plan.objects.exists()


def test_htmx_takes_the_card_away(as_alice: Client, suggested: Suggestion) -> None:
    response = as_alice.post(of(suggested, "decline"), headers=HTMX)

    assert (response.status_code, response.content) == (200, b"")
    assert state(suggested) == DECLINED


@pytest.mark.slow
def test_after_the_end_it_is_gone_for_both(
    as_alice: Client, alice: User, bob: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    sent = taken(as_alice, suggested)
    CoachLink.objects.update(ended_at=timezone.now())

    assert "suggests" not in as_alice.get("/today/").text
    for change in ("accept", "decline"):
        page = as_alice.post(of(suggested, change), sent, follow=True).text
        assert "This suggestion is no longer open." in page
    as_alice.force_login(bob)
    assert as_alice.get(page_of(alice)).status_code == 404
    assert as_alice.post(page_of(alice), typed()).status_code == 404
    assert as_alice.post(of(suggested, "withdraw")).status_code == 404
    assert state(suggested) == OPEN
    assert not Plan.objects.exists()


@pytest.mark.parametrize("meanwhile", ["withdrawn", "ended"])
def test_what_happens_between_the_look_and_the_write_holds(
    alice: User, suggested: Suggestion, meanwhile: str
) -> None:
    """The view has seen it open; the action looks again under the lock."""
    if meanwhile == "withdrawn":
        Suggestion.objects.update(withdrawn_at=timezone.now())
    else:
        CoachLink.objects.update(ended_at=timezone.now())

    with pytest.raises(NoLongerOpen):
        actions.accept_remedy(
            suggested,
            NewItem("remedy:plank", "1"),
            cause="cause:weak_glutes",
            knowledge_version=1,
            by=alice,
        )

    assert not Plan.objects.exists()


@pytest.mark.slow
def test_under_an_urgent_sign_nothing_is_suggested_on_today(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    open_sign(alice, "calf_swelling")

    page = as_alice.get("/today/").text

    assert "Bob Birch suggests" not in page
    assert "calls for medical care today" in refused(as_alice, suggested)


@pytest.mark.parametrize("change", ["withdraw", "accept", "decline"])
@pytest.mark.parametrize("who", ["former", "other coach", "other athlete", "stranger"])
def test_nobody_else_touches_a_suggestion(
    noon: time_machine.Traveller,
    client: Client,
    alice: User,
    bob: User,
    mallory: User,
    suggested: Suggestion,
    who: str,
    change: str,
) -> None:
    if who == "former":
        make_link(mallory, alice, ended_at=timezone.now())
    elif who == "other coach":
        make_link(mallory, alice)
    elif who == "other athlete":
        make_link(bob, mallory)
    make_link(mallory, make_user("Dora Dune"))
    client.force_login(mallory)

    assert client.post(of(suggested, change)).status_code == 404
    assert client.post(of(suggested, change), headers=HTMX).status_code == 404
    assert state(suggested) == OPEN


def test_coach_does_not_answer_and_athlete_does_not_withdraw(
    as_alice: Client, bob: User, suggested: Suggestion
) -> None:
    assert as_alice.post(of(suggested, "withdraw")).status_code == 404
    as_alice.force_login(bob)
    assert as_alice.post(of(suggested, "accept")).status_code == 404
    assert as_alice.post(of(suggested, "decline")).status_code == 404
    assert as_alice.get(of(suggested, "accept")).status_code == 404
    assert state(suggested) == OPEN


def test_suggestion_of_something_the_knowledge_lost_is_left_out(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    Suggestion.objects.update(what="remedy:forgotten")

    assert "suggests" not in as_alice.get("/today/").text
    assert as_alice.get(of(suggested, "accept")).status_code == 404
