"""Suggestions of a coach: making one, and taking it on through guidance's own door."""

import re
import uuid
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from guidance.advice.open_flags import asked_flags
from guidance.coaching.suggestions import actions
from guidance.coaching.suggestions.forms import SuggestionForm
from guidance.knowledge import current_knowledge
from guidance.models import Answer, Plan, Screen, ScreenResult, Suggestion
from guidance.plan.actions import NewItem
from runners.access import NoLongerOpen
from runners.models import CoachLink, Consent, User
from runners.models.people import AgeBand
from tests.factories import (
    TODAY,
    days_ago,
    make_check_result,
    make_link,
    make_plan,
    make_soreness,
    make_suggestion,
    make_user,
)
from tests.guidance.plans import answer_all, items_of, pelvis_leads, plain
from tests.guidance.warning_signs.test_warning_signs import open_sign
from tests.pages import folded

HTMX = {"HX-Request": "true"}
FIVE = ("cat_cow", "ice", "massage", "sit_break", "swimming")


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User, alice: User) -> Client:
    """A browser that Bob is signed in to, who coaches Alice."""
    make_link(bob, alice)
    client.force_login(bob)
    return client


@pytest.fixture
def suggested(alice: User, bob: User) -> Suggestion:
    """A plank, to Alice by Bob, who coaches her."""
    make_link(bob, alice)
    return make_suggestion(bob, alice)


def page_of(athlete: User) -> str:
    return f"/athletes/{athlete.pk}/suggest/"


def of(suggestion: Suggestion, change: str) -> str:
    return f"/suggestions/{suggestion.uid}/{change}/"


def typed(**fields: str) -> dict[str, str]:
    return {"uid": str(uuid.uuid4()), "what": "remedy:plank", "words": "", **fields}


def taken(client: Client, suggestion: Suggestion, **changed: Any) -> dict[str, Any]:
    """What the form of a remedy sends: its days, and that nothing speaks against it."""
    slug = suggestion.what.partition(":")[2]
    html = unescape(folded(client.get(of(suggestion, "accept")).text))
    data: dict[str, Any] = {
        f"{slug}-take": "on",
        f"{slug}-days": re.findall(rf'name="{slug}-days" value="(\d)" id="[\w-]+" checked', html),
        f"{slug}-sure": re.findall(rf'name="{slug}-sure" value="([^"]+)"', html),
    }
    return data | {f"{slug}-{name}": value for name, value in changed.items()}


def state(suggestion: Suggestion) -> tuple[bool, bool | None, bool]:
    """Answered, accepted, withdrawn."""
    suggestion.refresh_from_db()
    return (
        suggestion.answered_at is not None,
        suggestion.accepted,
        suggestion.withdrawn_at is not None,
    )


OPEN, TAKEN, DECLINED = (False, None, False), (True, True, False), (True, False, False)


# The coach


@pytest.mark.parametrize("what", ["remedy:plank", "check:plank"])
def test_suggestion_is_stored(as_bob: Client, bob: User, alice: User, what: str) -> None:
    response = as_bob.post(page_of(alice), typed(what=what, words=" Twice a week. "))

    row = Suggestion.objects.get()
    assert response["Location"] == page_of(alice)
    assert (row.coach, row.athlete, row.what, row.words) == (bob, alice, what, "Twice a week.")


@pytest.mark.parametrize(
    "fields",
    [
        {"what": ""},
        {"what": "remedy:unknown"},
        {"what": "ask:care_first"},
        {"words": "x" * 501},
        {"uid": "1"},
    ],
)
def test_what_cannot_be_suggested_is_422(
    as_bob: Client, alice: User, fields: dict[str, str]
) -> None:
    response = as_bob.post(page_of(alice), typed(**fields))

    assert response.status_code == 422
    assert not Suggestion.objects.exists()


def test_sent_twice_is_one(as_bob: Client, alice: User) -> None:
    sent = typed()

    assert [as_bob.post(page_of(alice), sent).status_code for _ in range(2)] == [302, 302]
    assert Suggestion.objects.count() == 1


def test_the_same_is_not_suggested_again_while_it_is_open(as_bob: Client, alice: User) -> None:
    as_bob.post(page_of(alice), typed())

    response = as_bob.post(page_of(alice), typed(words="Please!"))

    assert response.status_code == 422
    assert "Alice has not answered" in response.text
    assert Suggestion.objects.count() == 1


@pytest.mark.parametrize("fields", [{"withdrawn_at"}, {"answered_at"}])
def test_it_can_be_suggested_again_afterwards(
    as_bob: Client, bob: User, alice: User, fields: set[str]
) -> None:
    values: dict[str, Any] = dict.fromkeys(fields, timezone.now())
    if "answered_at" in fields:
        values["accepted"] = False
    make_suggestion(bob, alice, **values)

    assert as_bob.post(page_of(alice), typed()).status_code == 302
    assert Suggestion.objects.count() == 2


def test_uid_of_another_pair_is_refused(
    as_bob: Client, bob: User, alice: User, carol: User
) -> None:
    make_link(bob, carol)
    others = [make_suggestion(bob, carol), make_suggestion(carol, alice)]

    for one in others:
        sent = typed(uid=str(one.uid), what="check:plank")
        assert as_bob.post(page_of(alice), sent).status_code == 404

    assert set(Suggestion.objects.values_list("what", flat=True)) == {"remedy:plank"}


def test_not_shared_is_said_and_nothing_is_stored_or_told(
    as_bob: Client, bob: User, alice: User
) -> None:
    CoachLink.objects.update(guidance=False)
    make_suggestion(bob, alice, "remedy:ice", answered_at=timezone.now(), accepted=True)

    response = as_bob.post(page_of(alice), typed())
    page = as_bob.get(page_of(alice)).text

    assert response.status_code == 422
    assert "Alice does not share guidance" in plain(page)
    assert "taken on" not in page
    assert Suggestion.objects.count() == 1


def test_not_shared_any_more_since_yesterday(as_bob: Client, alice: User) -> None:
    CoachLink.objects.update(guidance_until=days_ago(1))

    assert as_bob.post(page_of(alice), typed()).status_code == 422
    assert not Suggestion.objects.exists()


def test_switched_off_while_the_page_was_open(bob: User, alice: User) -> None:
    make_link(bob, alice, "runs")

    with pytest.raises(actions.NotShared):
        actions.suggest("remedy:ice", "", uid=uuid.uuid4(), athlete=alice, by=bob)


def test_nothing_is_kept_about_who_took_the_consent_back(as_bob: Client, alice: User) -> None:
    Consent.objects.of(alice).update(withdrawn_at=timezone.now())

    response = as_bob.post(page_of(alice), typed())

    assert response.status_code == 422
    assert "Nothing was saved" in response.text
    assert not Suggestion.objects.exists()


def test_list_of_what_can_be_suggested_is_the_same_for_every_athlete(
    as_bob: Client, alice: User
) -> None:
    open_sign(alice)
    offered = as_bob.get(page_of(alice)).context["form"]["what"].field.choices

    assert offered == SuggestionForm()["what"].field.choices  # type: ignore[attr-defined]  # a choice field
    knowledge = current_knowledge()
    assert sum(len(group) for _, group in offered[1:]) == len(knowledge.remedies) + len(
        knowledge.checks
    )


def test_coach_reads_what_became_of_them(as_bob: Client, bob: User, alice: User) -> None:
    now = timezone.now()
    make_suggestion(bob, alice, "remedy:plank")
    make_suggestion(bob, alice, "remedy:ice", answered_at=now, accepted=True)
    make_suggestion(bob, alice, "remedy:massage", answered_at=now, accepted=False)
    make_suggestion(bob, alice, "check:plank", withdrawn_at=now)

    page = as_bob.get(page_of(alice)).text

    states = re.findall(r'<span class="pill fit\d">([\w ]+)</span>', page)
    assert sorted(states) == ["not taken on", "not taken on yet", "taken on", "withdrawn"]


@pytest.mark.parametrize("made", [1, 3])
def test_coachs_page_takes_four_queries(
    as_bob: Client,
    bob: User,
    alice: User,
    made: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for what in ("remedy:plank", "remedy:ice", "check:plank")[:made]:
        make_suggestion(bob, alice, what)

    with django_assert_num_queries(4):
        as_bob.get(page_of(alice))


def test_withdrawn_suggestion_is_gone_for_the_athlete(
    as_bob: Client, bob: User, alice: User
) -> None:
    row = make_suggestion(bob, alice)

    assert [as_bob.post(of(row, "withdraw")).status_code for _ in range(2)] == [302, 302]

    as_bob.force_login(alice)
    assert "Bob Birch suggests" not in as_bob.get("/today/").text
    response = as_bob.post(of(row, "accept"), follow=True)
    assert "This suggestion is no longer open." in response.text
    assert state(row) == (False, None, True)


def test_answered_suggestion_is_not_withdrawn(as_bob: Client, bob: User, alice: User) -> None:
    row = make_suggestion(bob, alice, answered_at=timezone.now(), accepted=True)

    page = as_bob.post(of(row, "withdraw"), follow=True).text

    assert "Alice has answered it already." in page
    assert state(row) == TAKEN


# The athlete


def test_suggestion_stands_on_today_with_its_words(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    Suggestion.objects.update(words="Before <b>hills</b>")

    page = as_alice.get("/today/").text

    assert "Bob Birch suggests for your plan" in plain(page)
    assert of(suggested, "accept") in page
    assert "Before &lt;b&gt;hills&lt;/b&gt;" in page


def test_accepting_adds_to_the_plan_on_the_days_chosen(
    as_alice: Client, alice: User, bob: User
) -> None:
    pelvis_leads(alice)
    make_link(bob, alice)
    row = make_suggestion(bob, alice)
    make_plan(alice, days_ago(3), items={"cat_cow": "1234567"})

    response = as_alice.post(of(row, "accept"), taken(as_alice, row, days=["2", "6"]))

    assert response["Location"] == "/guidance/plan/"
    assert items_of(alice) == {"cat_cow": "1234567", "plank": "26"}
    assert state(row) == TAKEN
    assert "suggests" not in as_alice.get("/today/").text


def test_accepting_without_a_plan_starts_one_with_this_item(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)

    as_alice.post(of(suggested, "accept"), taken(as_alice, suggested))

    plan = Plan.objects.get()
    assert (plan.cause, plan.started_on) == ("cause:pelvic_misalignment", TODAY)
    assert items_of(alice) == {"plank": "135"}


def test_accepting_twice_is_one_plan_with_one_item(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    sent = taken(as_alice, suggested)

    answers = [as_alice.post(of(suggested, "accept"), sent)["Location"] for _ in range(2)]

    assert answers == ["/guidance/plan/"] * 2
    assert Plan.objects.count() == 1
    assert items_of(alice) == {"plank": "135"}


@pytest.mark.parametrize("changed", [{"days": []}, {"days": ["8"]}, {"sure": []}])
def test_days_and_lines_are_asked_as_in_a_plan(
    as_alice: Client, alice: User, suggested: Suggestion, changed: dict[str, list[str]]
) -> None:
    pelvis_leads(alice)
    sent = taken(as_alice, suggested)
    assert sent["plank-sure"]

    response = as_alice.post(of(suggested, "accept"), sent | {
        f"plank-{name}": value for name, value in changed.items()
    })  # fmt: skip

    assert response.status_code == 422
    assert not Plan.objects.exists()
    assert state(suggested) == OPEN


def test_warning_signs_and_health_are_asked_first(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    for model, words in ((Answer, "health to know about"), (Screen, "is any of these true?")):
        model.objects.all().delete()
        response = as_alice.post(of(suggested, "accept"), {"plank-take": "on"})
        assert response.status_code == 422
        assert words in plain(response.text)

    assert all(flag.question in plain(response.text) for flag in asked_flags())
    assert not Plan.objects.exists()
    assert state(suggested) == OPEN


def refused(client: Client, row: Suggestion) -> str:
    """The words of the page that refuses to take it on; whatever is sent, nothing is stored."""
    before = list(Plan.objects.values())
    slug = row.what.partition(":")[2]
    sure = [block.says for block in current_knowledge().remedies[row.what].blocks]
    sent = {f"{slug}-take": "on", f"{slug}-days": ["1"], f"{slug}-sure": sure}
    response = client.post(of(row, "accept"), sent)
    assert response.status_code == 422
    assert list(Plan.objects.values()) == before
    assert state(row) == OPEN
    words = plain(response.text)
    assert "Guidance leaves it out for now" in words
    assert "Add to my plan" not in words
    assert "Not now" in words
    return words


def test_open_warning_sign_holds_it_back(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3), items={"cat_cow": "1234567"})
    open_sign(alice, "limp")

    assert "Stop and be seen." in refused(as_alice, suggested)
    assert items_of(alice) == {"cat_cow": "1234567"}


def test_one_of_these_holds_it_back(as_alice: Client, alice: User, suggested: Suggestion) -> None:
    pelvis_leads(alice)
    Screen.objects.create(runner=alice, result=ScreenResult.SOME, day=TODAY)

    refused(as_alice, suggested)


def test_answer_that_asks_for_care_holds_it_back_and_the_coach_is_not_told(
    as_alice: Client, alice: User, bob: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    as_alice.post("/guidance/care-first/", {"values": ["blood_thinner"]})

    assert "asks for extra care" in refused(as_alice, suggested)

    as_alice.force_login(bob)
    page = plain(as_alice.get(page_of(alice)).text)
    assert "not taken on yet" in page
    assert not re.search(r"extra care|blood|clinician", page)


def test_below_eighteen_guidance_holds_it_back(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    User.objects.filter(pk=alice.pk).update(age_band=AgeBand.YOUTH)

    refused(as_alice, suggested)


def test_block_of_the_remedy_itself_holds_it_back(as_alice: Client, alice: User, bob: User) -> None:
    """A long hamstring is not stretched (knowledge base 3), whoever suggests it."""
    pelvis_leads(alice)
    make_check_result(alice, "straight_leg_raise", days_ago(2), left=95, right=95)
    make_link(bob, alice)
    row = make_suggestion(bob, alice, "remedy:gentle_supine_hamstring_stretch")

    refused(as_alice, row)


def test_where_guidance_starts_no_plan_it_says_why(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    answer_all(alice)
    make_soreness(alice, intensity=1)

    refused(as_alice, suggested)


def test_full_plan_says_so_and_the_suggestion_waits(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3), items=dict.fromkeys(FIVE, "1"))

    response = as_alice.post(of(suggested, "accept"), {"plank-take": "on", "plank-days": ["1"]})

    assert response.status_code == 422
    assert "Take one out first" in response.text
    assert len(items_of(alice)) == 5
    assert state(suggested) == OPEN


def test_what_is_in_the_plan_already_is_just_accepted(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3), items={"plank": "7"})

    assert "in your plan already" in as_alice.get(of(suggested, "accept")).text
    as_alice.post(of(suggested, "accept"))

    assert items_of(alice) == {"plank": "7"}
    assert state(suggested) == TAKEN


def test_check_is_accepted_and_opened(as_alice: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    row = make_suggestion(bob, alice, "check:heel_to_seat")

    assert "Do this check" in as_alice.get(of(row, "accept")).text
    response = as_alice.post(of(row, "accept"))

    assert response["Location"] == "/guidance/checks/heel-to-seat/"
    assert state(row) == TAKEN


def test_check_that_is_not_for_now_waits_with_its_reason(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    make_check_result(alice, "plank", days_ago(2))
    row = make_suggestion(bob, alice, "check:plank")

    response = as_alice.post(of(row, "accept"))

    assert response.status_code == 422
    assert "Once a week is enough." in response.text
    assert state(row) == OPEN


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


def test_declined_is_not_accepted_afterwards(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    sent = taken(as_alice, suggested)
    as_alice.post(of(suggested, "decline"))

    as_alice.post(of(suggested, "accept"), sent)

    assert state(suggested) == DECLINED
    assert not Plan.objects.exists()


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
