"""Who may open what of an athlete: a row for each route of coaching, a column for each person.

Alice is the athlete. Every coach below has a link with her of its own sort, so that a column is
one person's whole view. The other table, in `test_access`, holds for all of them as for a
stranger: a coach opens nothing of an athlete but what stands here.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from guidance.models import Answer, FlagAnswer, Screen
from runners import standing
from runners.models import (
    CoachLink,
    Export,
    ExportState,
    Import,
    ImportState,
    InvitationKind,
    Reminder,
    SharedStanding,
    Tries,
    User,
)
from runners.models.coaching import SWITCHES
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_check_result,
    make_invitation,
    make_link,
    make_note,
    make_plan,
    make_run,
    make_session,
    make_soreness,
    make_suggestion,
    make_user,
)
from tests.test_access import SIGN_IN, TABLE, routes

pytestmark = pytest.mark.slow

ALL = " ".join(SWITCHES)
COACH, FORMER, OTHERS, INVITED, NOT_CONFIRMED, PAUSED, STRANGER = (
    "coach",
    "former coach",
    "coach of somebody else",
    "invited, not accepted",
    "accepted, not confirmed by the athlete",
    "coach before a new password",
    "stranger",
)
WITHOUT = {f"coach without {switch}": switch for switch in SWITCHES}
COACHES = (COACH, *WITHOUT)
OUTSIDERS = (FORMER, OTHERS, INVITED, NOT_CONFIRMED, PAUSED, STRANGER)
PEOPLE = ("anonymous", "athlete", *COACHES, *OUTSIDERS)

Status = int | str
# route, method, address, anonymous, the athlete herself, a coach whatever is shared, an outsider
ROWS: list[tuple[str, str, str, Status, Status, Status, Status]] = [
    ("runners:athletes", "GET", "/athletes/", SIGN_IN, 200, 200, 200),
    ("runners:athletes-csv", "GET", "/athletes/table.csv", SIGN_IN, 200, 200, 200),
    ("runners:teams", "GET", "/athletes/teams/", SIGN_IN, 200, 200, 200),
    ("runners:teams", "POST", "/athletes/teams/", SIGN_IN, 422, 422, 422),
    ("runners:team-edit", "POST", "/athletes/teams/<team>/", SIGN_IN, 404, 404, 404),
    ("runners:team-delete", "POST", "/athletes/teams/<team>/delete/", SIGN_IN, 404, 404, 404),
    ("guidance:athlete", "GET", "/athletes/<alice>/", SIGN_IN, 404, 200, 404),
    ("guidance:athlete-guidance", "GET", "/athletes/<alice>/guidance/", SIGN_IN, 404, 200, 404),
    ("runners:athlete-trends", "GET", "/athletes/<alice>/trends/", SIGN_IN, 404, 200, 404),
    ("runners:athlete-csv", "GET", "/athletes/<alice>/weeks.csv", SIGN_IN, 404, 200, 404),
    ("runners:athlete-diary", "GET", "/athletes/<alice>/diary/", SIGN_IN, 404, 200, 404),
    ("runners:athlete-run", "GET", "/athletes/<alice>/runs/<run>/", SIGN_IN, 404, 200, 404),
    ("runners:athlete-notes", "GET", "/athletes/<alice>/notes/", SIGN_IN, 404, 200, 404),
    ("runners:athlete-notes", "POST", "/athletes/<alice>/notes/", SIGN_IN, 404, 422, 404),
    ("runners:athlete-team", "POST", "/athletes/<alice>/team/", SIGN_IN, 404, 422, 404),
    ("runners:athlete-end", "GET", "/athletes/<alice>/end/", SIGN_IN, 404, 200, 404),
    ("runners:athlete-end", "POST", "/athletes/<alice>/end/", SIGN_IN, 404, 302, 404),
    ("guidance:suggest", "GET", "/athletes/<alice>/suggest/", SIGN_IN, 404, 200, 404),
    ("guidance:suggest", "POST", "/athletes/<alice>/suggest/", SIGN_IN, 404, 422, 404),
    (
        "guidance:suggestion-withdraw",
        "POST",
        "/suggestions/<suggestion>/withdraw/",
        SIGN_IN,
        404,
        404,
        404,
    ),
    (
        "guidance:suggestion-accept",
        "POST",
        "/suggestions/<suggestion>/accept/",
        SIGN_IN,
        302,
        404,
        404,
    ),
    (
        "guidance:suggestion-decline",
        "POST",
        "/suggestions/<suggestion>/decline/",
        SIGN_IN,
        302,
        404,
        404,
    ),
    ("runners:notes", "GET", "/notes/", SIGN_IN, 200, 200, 200),
    ("runners:note-edit", "GET", "/notes/<note>/edit/", SIGN_IN, 404, 404, 404),
    ("runners:note-edit", "POST", "/notes/<note>/edit/", SIGN_IN, 404, 404, 404),
    ("runners:note-delete", "POST", "/notes/<note>/delete/", SIGN_IN, 404, 404, 404),
    ("runners:note-restore", "POST", "/notes/<deleted_note>/restore/", SIGN_IN, 404, 404, 404),
    ("runners:note-answer", "POST", "/notes/<note>/answer/", SIGN_IN, 422, 404, 404),
    ("runners:note-answer", "POST", "/notes/<private_note>/answer/", SIGN_IN, 404, 404, 404),
    ("runners:note-read", "POST", "/notes/<note>/read/", SIGN_IN, 302, 404, 404),
    ("runners:note-read", "POST", "/notes/<private_note>/read/", SIGN_IN, 404, 404, 404),
    ("runners:invitations", "GET", "/invitations/", SIGN_IN, 200, 200, 200),
    ("runners:coach-ask", "POST", "/invitations/ask/", SIGN_IN, 302, 302, 302),
    ("runners:invite-athletes", "POST", "/invitations/athletes/add/", SIGN_IN, 422, 422, 422),
    ("runners:invite-link", "POST", "/invitations/link/add/", SIGN_IN, 422, 422, 422),
    ("runners:invite-coach", "POST", "/invitations/coach/add/", SIGN_IN, 422, 422, 422),
    ("runners:invitations-send", "POST", "/invitations/send/", SIGN_IN, 302, 302, 302),
    (
        "runners:invitation-withdraw",
        "POST",
        "/invitations/<invitation_uid>/withdraw/",
        SIGN_IN,
        302,
        404,
        404,
    ),
    ("runners:invitation", "GET", "/invitations/<invitation>/", 200, 200, 200, 200),
    ("runners:invitation", "GET", "/invitations/made-up/", 404, 404, 404, 404),
    ("runners:invitation-accept", "POST", "/invitations/made-up/accept/", SIGN_IN, 404, 404, 404),
    ("runners:invitation-refuse", "POST", "/invitations/made-up/refuse/", SIGN_IN, 404, 404, 404),
    ("runners:sharing", "GET", "/settings/sharing/", SIGN_IN, 200, 200, 200),
    ("runners:sharing-edit", "GET", "/settings/sharing/<link>/", SIGN_IN, 200, 404, 404),
    ("runners:sharing-edit", "GET", "/settings/sharing/<ended_link>/", SIGN_IN, 404, 404, 404),
    ("runners:sharing-edit", "POST", "/settings/sharing/<link>/", SIGN_IN, 409, 404, 404),
    ("runners:sharing-end", "POST", "/settings/sharing/<link>/end/", SIGN_IN, 302, 404, 404),
    (
        "runners:sharing-confirm",
        "POST",
        "/settings/sharing/<link>/confirm/",
        SIGN_IN,
        302,
        404,
        404,
    ),
    (
        "runners:sharing-confirm",
        "POST",
        "/settings/sharing/<ended_link>/confirm/",
        SIGN_IN,
        404,
        404,
        404,
    ),
    ("runners:sharing-noted", "POST", "/settings/sharing/<link>/noted/", SIGN_IN, 302, 404, 404),
    ("runners:seen-by", "GET", "/settings/seen-by/", SIGN_IN, 200, 200, 200),
    ("runners:digest-stop", "GET", "/digest/made-up/stop/", 404, 404, 404, 404),
]
# What the athlete is answered through htmx, where it is no redirect: her card goes from Today.
IN_PLACE: dict[str, Status] = {"runners:note-read": 200, "guidance:suggestion-decline": 200}

GETS = [row for row in ROWS if row[1] == "GET"]
HX = {"HX-Request": "true"}


@pytest.fixture
def things(alice: User, noon: object) -> dict[str, str]:
    """What the addresses name: Alice's, or of Olive, another coach of hers."""
    olive = make_user("Olive Oak", is_coach=True)
    link = make_link(olive, alice)
    ended = make_link(
        make_user("Una Ulm"), alice, ended_at=timezone.now(), started_at=timezone.now()
    )
    check_in = make_soreness(alice).check_in
    plan = make_plan(alice)
    asked = make_invitation(alice, InvitationKind.COACH, email="somebody@example.org")
    note = make_note(olive, alice)
    gone = make_note(olive, alice, deleted_at=timezone.now())
    return {
        "alice": str(alice.pk),
        "run": str(make_run(alice).uid),
        "import": str(Import.objects.create(runner=alice, state=ImportState.DONE).uid),
        "export": str(Export.objects.create(person=alice, state=ExportState.DONE).uid),
        "deleted": str(make_check_in(alice, days_ago(1), deleted_at=timezone.now()).uid),
        "deleted_run": str(make_run(alice, deleted_at=timezone.now()).uid),
        "plan": str(plan.uid),
        "item": str(plan.items.get().pk),
        "feed": plan.feed_token,
        "session": make_session(alice).handle,
        "reminder": Reminder.objects.create(runner=alice, at="07:00").token,
        "day": str(check_in.day),
        "link": str(link.pk),
        "ended_link": str(ended.pk),
        "team": str(olive.teams.create(name="Track").pk),
        "note": str(note.uid),
        "private_note": str(make_note(olive, alice, is_private=True).uid),
        "deleted_note": str(gone.uid),
        "suggestion": str(make_suggestion(olive, alice).uid),
        "invitation": make_invitation(olive).token,
        "invitation_uid": str(asked.uid),
    }


def become(person: str, alice: User, client: Client) -> None:
    """Sign in as somebody who stands to Alice as `person` says."""
    if person == "anonymous":
        return
    if person == "athlete":
        client.force_login(alice)
        return
    user = make_user("Bob Birch", is_coach=True)
    if person in COACHES:
        make_link(user, alice, ALL.replace(WITHOUT.get(person, "nothing"), ""))
    elif person == FORMER:
        make_link(user, alice, ended_at=timezone.now(), ended_by=alice)
        make_note(user, alice, "What I thought")
    elif person == OTHERS:
        make_link(user, make_user("Dora Dune"))
    elif person == NOT_CONFIRMED:
        make_link(user, alice, confirmed_at=None)
    elif person == PAUSED:
        make_link(user, alice, paused_at=timezone.now())
    elif person == INVITED:
        make_invitation(alice, InvitationKind.COACH, email=user.email, **dict.fromkeys(SWITCHES, 1))
    client.force_login(user)


def url_of(row: tuple[Any, ...], things: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda name: things[name[1]], row[2])


def outcome(response: Any) -> Status:
    """The status; htmx's change of address counts as the redirect it stands for."""
    to = response.get("Location") or response.get("HX-Redirect", "")
    if to.startswith("/accounts/login/"):
        return SIGN_IN
    return 302 if "HX-Redirect" in response else response.status_code


def expected(row: tuple[Any, ...], person: str, *, htmx: bool) -> Status:
    column = 3 if person == "anonymous" else 4 if person == "athlete" else 5
    status: Status = row[6 if person in OUTSIDERS else column]
    return IN_PLACE.get(row[0], status) if htmx and status == 302 else status


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def all_rows() -> dict[str, list[Any]]:
    """Every row of ours as it stands, to show that a refused request changes none.

    Not the counts for limits: a refused request counts as a try.
    """
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for label in ("runners", "guidance")
        for model in apps.get_app_config(label).get_models()
        if model is not Tries
    }


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, HX], ids=["page", "fragment"])
@pytest.mark.parametrize("person", PEOPLE)
def test_access_to_coaching(
    client: Client, things: dict[str, str], alice: User, person: str, headers: dict[str, str]
) -> None:
    become(person, alice, client)
    wrong = []
    for row in ROWS:
        with taken_back():
            got = outcome(client.generic(row[1], url_of(row, things), headers=headers))
        if got != (due := expected(row, person, htmx=bool(headers))):
            wrong.append((row[0], row[1], row[2], got, due))
    assert wrong == []


# What each switch lets through, in words that stand nowhere else on a coach's pages.
SECRETS = {
    "runs": ["13.4", "13\u00a0km", "hills", "intervals"],
    "soreness": ["eft hamstring", "tight ·"],
    "guidance": ["Plank", "Pelvic"],
    "notes": ["WORDS OF THE RUN", "WORDS OF THE CHECK-IN", "WORDS OF THE SPOT"],
}
SAID = {
    "runs": "Alice does not share runs",
    "soreness": "Alice does not share soreness",
    "guidance": "Alice does not share guidance",
    "notes": "Alice does not share the notes",
}


def log_secrets(alice: User) -> None:
    make_run(alice, days_ago(1), distance_m=12_000, kind="intervals", note="WORDS OF THE RUN")
    make_run(alice, TODAY, distance_m=13_370, kind="hills")
    for back in range(1, 14, 2):
        spot = make_soreness(alice, days_ago(back), note="WORDS OF THE SPOT")
        spot.check_in.note = "WORDS OF THE CHECK-IN"
        spot.check_in.save(update_fields=["note"])
    make_plan(alice, days_ago(3))
    make_check_result(alice, "plank", days_ago(2))


def coach_pages(client: Client, alice: User) -> str:
    """Every page and fragment that a coach can get, of this athlete and of all."""
    named = {"alice": str(alice.pk), "run": str(alice.runs.earliest("day").uid)}
    addresses = [url_of(row, named) for row in GETS if "<alice>" in row[2]]
    pages = [
        client.get(address, headers=headers)
        for address in ["/athletes/", "/athletes/table.csv", "/athletes/teams/", *addresses]
        for headers in ({}, HX)
    ]
    assert {page.status_code for page in pages} == {200}
    return "\n".join(page.getvalue().decode() for page in pages)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.usefixtures("noon")
def test_a_switch_that_is_off_hides_its_words_everywhere(
    client: Client, alice: User, switch: str
) -> None:
    log_secrets(alice)
    become(COACH, alice, client)
    all_shared = coach_pages(client, alice)
    assert [word for word in SECRETS[switch] if word not in all_shared] == []
    assert SAID[switch] not in all_shared

    CoachLink.objects.update(**{switch: False})
    SharedStanding.objects.all().delete()
    without = coach_pages(client, alice)

    assert [word for word in SECRETS[switch] if word in without] == []
    assert SAID[switch] in without


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_what_nothing_is_left_of_is_said_not_to_be_shared(client: Client, alice: User) -> None:
    log_secrets(alice)
    become(COACH, alice, client)
    CoachLink.objects.update(runs=False, soreness=False, guidance=False)

    roster = client.get("/athletes/").text
    pages = coach_pages(client, alice)

    assert roster.count("Not shared") + roster.count("not shared") >= 4
    assert [word for words in SECRETS.values() for word in words if word in pages] == []


# Answers that no coach is ever shown, each with words that would give it away.
SIGN = "flag:night_pain"
NEVER_TOLD = ["night", "blood thinner", "blood_thinner", "missed", "period", "bony", "wakes"]


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_no_coach_is_told_a_warning_sign_or_an_answer_about_health(
    client: Client, alice: User
) -> None:
    log_secrets(alice)
    screen = Screen.objects.create(runner=alice, result="some", day=TODAY, named_at=timezone.now())
    FlagAnswer.objects.create(screen=screen, flag=SIGN, yes=True)
    for question, value in {
        "ask:care_first": ["blood_thinner"],
        "ask:bone_risk": "missed_periods",
        "ask:spot": "bony_point",
    }.items():
        Answer.objects.create(runner=alice, question=question, value=value, day=TODAY)
    standing.renew([alice])
    client.force_login(alice)
    assert "wakes" in client.get("/guidance/").text
    become(COACH, alice, client)

    pages = coach_pages(client, alice)

    assert "see a clinician" in pages
    assert [word for word in NEVER_TOLD if word in pages] == []


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("person", [*COACHES, *OUTSIDERS])
def test_nobody_else_opens_the_athletes_own_pages(
    client: Client, things: dict[str, str], alice: User, person: str
) -> None:
    become(person, alice, client)
    wrong = []
    for row in TABLE:
        with taken_back():
            got = outcome(client.generic(row[1], url_of(row, things)))
        if got != row[5]:
            wrong.append((row[0], row[1], row[2], got, row[5]))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("person", OUTSIDERS)
def test_a_refused_request_changes_nothing(
    client: Client, things: dict[str, str], alice: User, person: str
) -> None:
    become(person, alice, client)
    sent = {
        "uid": str(uuid.uuid4()),
        "text": "Hello",
        "is_private": "no",
        "team": things["team"],
        "name": "Mine now",
        "what": "remedy:plank",
        "agree": "yes",
    }
    before = all_rows()
    for row in ROWS:
        if row[1] == "POST" and row[6] == 404:
            client.post(url_of(row, things), sent)
            client.post(url_of(row, things), sent, headers=HX)
    assert all_rows() == before


@pytest.fixture
def of_others(db: None) -> dict[str, str]:
    """What Dave and his athlete Dora have between them, by the names of addresses and fields."""
    dave, dora = make_user("Dave Dill", is_coach=True), make_user("Dora Dune")
    return {
        "dora": str(dora.pk),
        "link": str(make_link(dave, dora).pk),
        "team": str(dave.teams.create(name="Dave's").pk),
        "note": str(make_note(dave, dora).uid),
        "deleted_note": str(make_note(dave, dora, deleted_at=timezone.now()).uid),
        "suggestion": str(make_suggestion(dave, dora).uid),
        "invitation": str(make_invitation(dave).uid),
    }


# Address and fields, each with an id of somebody else's in it, as <name>.
SWAPPED: list[tuple[str, dict[str, str]]] = [
    ("/athletes/<dora>/team/", {"team": ""}),
    ("/athletes/<alice>/team/", {"team": "<team>"}),
    ("/athletes/<dora>/end/", {}),
    ("/athletes/<dora>/notes/", {"uid": "<new>", "text": "Hello", "is_private": "no"}),
    ("/athletes/<alice>/notes/", {"uid": "<note>", "text": "Hello", "is_private": "no"}),
    ("/athletes/<dora>/suggest/", {"uid": "<new>", "what": "check:plank"}),
    ("/athletes/<alice>/suggest/", {"uid": "<suggestion>", "what": "check:plank"}),
    ("/athletes/teams/<team>/", {"name": "Mine"}),
    ("/athletes/teams/<team>/delete/", {}),
    ("/invitations/athletes/add/", {"addresses": "new@example.org", "team": "<team>"}),
    ("/invitations/link/add/", {"uid": "<new>", "team": "<team>"}),
    ("/invitations/link/add/", {"uid": "<invitation>", "team": ""}),
    ("/invitations/link/add/", {"kind": "team", "team-uid": "<invitation>", "team-team": "<team>"}),
    ("/invitations/<invitation>/withdraw/", {}),
    ("/notes/<note>/edit/", {"text": "Changed"}),
    ("/notes/<note>/delete/", {}),
    ("/notes/<deleted_note>/restore/", {}),
    ("/notes/<note>/answer/", {"uid": "<new>", "text": "Hello"}),
    ("/notes/<note>/read/", {}),
    ("/suggestions/<suggestion>/withdraw/", {}),
    ("/suggestions/<suggestion>/accept/", {}),
    ("/suggestions/<suggestion>/decline/", {}),
    ("/settings/sharing/<link>/", {"runs": "on"}),
    ("/settings/sharing/<link>/end/", {}),
    ("/settings/sharing/<link>/confirm/", {}),
    ("/settings/sharing/<link>/noted/", {}),
]


@pytest.mark.parametrize("headers", [{}, HX], ids=["page", "fragment"])
@pytest.mark.parametrize("person", [COACH, "athlete"])
@pytest.mark.usefixtures("noon")
def test_ids_of_others_under_ones_own_address_change_nothing(
    client: Client, alice: User, of_others: dict[str, str], person: str, headers: dict[str, str]
) -> None:
    become(COACH, alice, client)
    if person == "athlete":
        client.force_login(alice)
    ids = {**of_others, "alice": str(alice.pk)}

    def with_ids(text: str) -> str:
        return re.sub(
            r"<(\w+)>", lambda name: ids[name[1]] if name[1] != "new" else str(uuid.uuid4()), text
        )

    before = all_rows()
    answers = {
        (address, *fields): outcome(
            client.post(
                with_ids(address),
                {name: with_ids(value) for name, value in fields.items()},
                headers=headers,
            )
        )
        for address, fields in SWAPPED
    }

    assert {at: status for at, status in answers.items() if status not in (404, 422)} == {}
    assert all_rows() == before


@pytest.mark.usefixtures("noon")
def test_team_of_another_coach_filters_nothing(
    client: Client, alice: User, of_others: dict[str, str]
) -> None:
    become(COACH, alice, client)
    for headers in ({}, HX):
        answer = client.get(f"/athletes/?team={of_others['team']}", headers=headers)
        assert answer.status_code == 422
        assert "Dora" not in answer.text
        assert "Dave" not in answer.text


@pytest.mark.usefixtures("noon")
def test_numbers_too_large_for_an_athlete_are_nobody(client: Client, alice: User) -> None:
    become(COACH, alice, client)
    for row in ROWS:
        if "<alice>" in row[2]:
            address = row[2].replace("<alice>", "1" + "0" * 30)
            assert client.generic(row[1], address).status_code == 404


@pytest.mark.usefixtures("noon")
def test_no_page_of_coaching_is_kept_by_the_browser(
    client: Client, alice: User, things: dict[str, str]
) -> None:
    """Else the back button would show what is shared no longer."""
    become(COACH, alice, client)
    kept = [
        row[2]
        for row in GETS
        if expected(row, COACH, htmx=False) == 200
        and "no-store" not in client.get(url_of(row, things)).get("Cache-Control", "")
    ]
    assert kept == []


@pytest.mark.slow
def test_no_page_of_a_person_is_kept_by_the_browser(
    client: Client, alice: User, things: dict[str, str]
) -> None:
    """Else the back button would show it after signing out. What is shown and what is refused."""
    become("athlete", alice, client)
    rows: list[tuple[Any, ...]] = [*TABLE, *ROWS]
    answers = {
        (row[1], row[2]): client.generic(row[1], url_of(row, things))
        for row in rows
        if row[1] == "GET" or 422 in row[3:]
    }
    kept = [at for at, answer in answers.items() if "no-store" not in answer["Cache-Control"]]
    assert kept == []


def test_every_route_stands_in_one_of_the_tables() -> None:
    coaching, rest = {row[0] for row in ROWS}, {row[0] for row in TABLE}
    assert coaching | rest == set(routes(get_resolver().url_patterns))
    assert coaching & rest == set()
