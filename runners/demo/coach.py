"""Kit, who coaches Ana and 27 others, and what is between them."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from runners.demo.accounts import COACH_EMAIL, PASSWORD
from runners.demo.athletes import ALL, ATHLETES, MARATHON, TEAMS, Athlete
from runners.demo.generator import WEEKS, check_ins_of, runs_of
from runners.models import (
    AccessRecord,
    AthletePage,
    CheckIn,
    CoachLink,
    Consent,
    Invitation,
    InvitationKind,
    Note,
    Run,
    SorenessEntry,
    Team,
    User,
)

BATCH = 500  # rows of one insert
LINKED_DAYS = 10  # how long an athlete trained with Kit before logging anything
RECENT_DAYS = 8  # rows up to so long ago are dated one by one

# What Kit looked at: the list of athletes on these days ago, and some athletes' own pages.
ROSTER_DAYS = (7, 4, 1)
LOOKED = (
    ("Ana Mori", AthletePage.GUIDANCE, 7),
    ("Ana Mori", AthletePage.OVERVIEW, 4),
    ("Ana Mori", AthletePage.TRENDS, 4),
    ("Ana Mori", AthletePage.OVERVIEW, 1),
    ("Ana Mori", AthletePage.GUIDANCE, 1),
    ("Ben Okafor", AthletePage.OVERVIEW, 4),
    ("Ben Okafor", AthletePage.DIARY, 4),
    ("Priya Nair", AthletePage.OVERVIEW, 7),
)

PRIVATE_NOTE = (
    "The left hamstring comes with the long run, from about 75 minutes on. Ask how long Ana sits"
    " at work before planning more."
)
NOTE_TO_ANA = (
    "Well run last weekend. Make the next tempo run an easy one if the hamstring is still tight the"
    " evening before.\n"
    "\n"
    "How do you get on with the bridges?"
)
ANSWER_OF_ANA = (
    "The bridges are fine, the left side tires first. I will see how the tempo run feels."
)
NEWEST_NOTE = (
    "Then let us look at the front of the thigh: I have put a self-check to you. It takes three"
    " minutes."
)


@dataclass(frozen=True, slots=True)
class Coached:
    """The coach, and everybody who is coached, by name."""

    coach: User
    athletes: dict[str, User]


@transaction.atomic
def load_coach(ana: User, now: dt.datetime) -> Coached:
    """Put the coach and the other athletes in, as if they had logged until `now`.

    Their standings are not written: `guidance.demo` has something to add first.
    """
    coach = User.objects.create_user(
        email=COACH_EMAIL,
        password=PASSWORD,
        name="Kit Marlow",
        time_zone="Europe/London",
        is_demo=True,
        is_coach=True,
        joined_at=now - dt.timedelta(weeks=WEEKS, days=LINKED_DAYS),
        welcomed_at=now,
    )
    others = User.objects.bulk_create(
        new_user(athlete, place, now) for place, athlete in enumerate(ATHLETES, 1)
    )
    Consent.objects.bulk_create(Consent(runner=person) for person in (coach, *others))
    log(others, now)
    link(coach, ana, others, now)
    date_rows([ana, *others], now)
    coached = Coached(coach, {person.name: person for person in (ana, *others)})
    note(coach, ana, now)
    look(coached, now)
    invite(coach, now)
    return coached


def new_user(athlete: Athlete, place: int, now: dt.datetime) -> User:
    """Without a password: nobody signs in as them."""
    return User(
        email=f"athlete{place:02}@example.org",
        password=make_password(None),
        name=athlete.name,
        time_zone=athlete.time_zone,
        units=athlete.units,
        is_demo=True,
        joined_at=linked_at(athlete.shape.weeks, now),
        welcomed_at=now,
    )


def log(others: list[User], now: dt.datetime) -> None:
    both = list(zip(others, ATHLETES, strict=True))
    Run.objects.bulk_create(
        (run for person, athlete in both for run in runs_of(person, athlete.shape, now)), BATCH
    )
    days = [day for person, athlete in both for day in check_ins_of(person, athlete.shape, now)]
    CheckIn.objects.bulk_create((check_in for check_in, _ in days), BATCH)
    SorenessEntry.objects.bulk_create((entry for _, felt in days for entry in felt), BATCH)


def date_rows(athletes: list[User], now: dt.datetime) -> None:
    """Let the rows of each day be written on that day, so that not all of them look new."""
    for ago in range(RECENT_DAYS, 0, -1):
        written = now - dt.timedelta(days=ago)
        for model in (Run, CheckIn):
            rows = model.objects.filter(runner__in=athletes)
            older = {"day__lte": written.date()} if ago == RECENT_DAYS else {"day": written.date()}
            rows.filter(**older).update(created_at=written, updated_at=written)


def link(coach: User, ana: User, others: list[User], now: dt.datetime) -> None:
    """Ana shares everything, the others what their row of the table says."""
    teams = {team: Team.objects.create(coach=coach, name=team) for team in TEAMS}
    CoachLink.objects.create(
        coach=coach,
        athlete=ana,
        team=teams[MARATHON],
        started_at=linked_at(WEEKS, now),
        confirmed_at=linked_at(WEEKS, now),
        **switches(ALL),
    )
    CoachLink.objects.bulk_create(
        CoachLink(
            coach=coach,
            athlete=person,
            team=teams.get(athlete.team),
            started_at=linked_at(athlete.shape.weeks, now),
            confirmed_at=linked_at(athlete.shape.weeks, now),
            **switches(athlete.shares, last_day(athlete, person, now)),
        )
        for person, athlete in zip(others, ATHLETES, strict=True)
    )


def linked_at(weeks: int, now: dt.datetime) -> dt.datetime:
    """When somebody who has logged for so many weeks and Kit found each other."""
    return now - dt.timedelta(weeks=weeks, days=LINKED_DAYS)


def last_day(athlete: Athlete, person: User, now: dt.datetime) -> dt.date | None:
    if athlete.shared_days is None:
        return None
    return person.local_day(now) + dt.timedelta(days=athlete.shared_days)


def switches(shares: str, until: dt.date | None = None) -> dict[str, bool | dt.date | None]:
    names = shares.split()
    return dict.fromkeys(names, True) | {f"{name}_until": until for name in names}


def note(coach: User, ana: User, now: dt.datetime) -> None:
    """One that Kit keeps, and three between Kit and Ana, of which she has not read the last."""

    def ago(days: float) -> dt.datetime:
        return now - dt.timedelta(days=days)

    between = {"coach": coach, "athlete": ana}
    Note.objects.create(
        **between, author=coach, text=PRIVATE_NOTE, is_private=True, created_at=ago(7)
    )
    asked = Note.objects.create(
        **between, author=coach, text=NOTE_TO_ANA, created_at=ago(4), read_at=ago(3.9)
    )
    Note.objects.create(
        **between,
        author=ana,
        text=ANSWER_OF_ANA,
        answers=asked,
        created_at=ago(3.8),
        read_at=ago(1.1),
    )
    Note.objects.create(**between, author=coach, text=NEWEST_NOTE, created_at=ago(1))


def look(coached: Coached, now: dt.datetime) -> None:
    """What the athletes find under "Seen by", and since when a page has something new."""
    looks = [
        (name, AthletePage.ROSTER, ago) for ago in ROSTER_DAYS for name in coached.athletes
    ] + list(LOOKED)
    AccessRecord.objects.bulk_create(
        AccessRecord(
            coach=coached.coach,
            athlete=coached.athletes[name],
            page=page,
            day=coached.athletes[name].local_day(now - dt.timedelta(days=ago)),
            last_at=now - dt.timedelta(days=ago),
        )
        for name, page, ago in looks
    )
    for name in {name for name, _, _ in LOOKED}:
        days = sorted({ago for other, _, ago in LOOKED if other == name})
        before = now - dt.timedelta(days=days[1]) if len(days) > 1 else None
        CoachLink.objects.of_coach(coached.coach).filter(athlete=coached.athletes[name]).update(
            looked_at=now - dt.timedelta(days=days[0]), looked_before_at=before
        )


def invite(coach: User, now: dt.datetime) -> None:
    """One by e-mail, and a link for the marathon team that has been used already."""
    sent = now - dt.timedelta(days=2)
    Invitation.objects.create(
        sender=coach,
        kind=InvitationKind.ATHLETE,
        email="nina@example.org",
        created_at=sent,
        sent_at=sent,
        expires_at=sent + dt.timedelta(days=14),
    )
    Invitation.objects.create(
        sender=coach,
        kind=InvitationKind.TEAM,
        team=Team.objects.get(coach=coach, name=MARATHON),
        max_uses=20,
        used=6,
        created_at=now - dt.timedelta(days=9),
        expires_at=now + dt.timedelta(days=21),
    )
