"""What a person takes along of `runners`: the account, the logs, and what others see of them."""

from django.db.models import Q, QuerySet

from runners import access
from runners.exports.parts import Part
from runners.models import (
    AccessRecord,
    CheckIn,
    CoachLink,
    Consent,
    Note,
    Reminder,
    Run,
    SorenessEntry,
    Team,
    User,
)

SPOT = ("area", "side", "sit_bone", "kind", "timing", "intensity", "note")
RUN = (
    *("uid", "day", "started_at", "utc_offset_s", "kind", "distance_m", "duration_s", "elapsed_s"),
    *("effort", "climb_m", "onset_min", "note", "source", "fingerprint", "written", "profile"),
)
SWITCHES = tuple(
    name
    for switch in ("runs", "soreness", "guidance", "notes")
    for name in (switch, f"{switch}_until")
)
ACCOUNT = (
    *("email", "name", "units", "time_zone", "week_start", "age_band", "is_coach"),
    *("wants_runner_digest", "wants_coach_digest", "joined_at"),
)


def _notes(person: User) -> QuerySet[Note]:
    """That the person wrote, or may read now."""
    own = Q(author=person) | Q(athlete=person, is_private=False)
    return Note.objects.filter(own, deleted_at=None)


PARTS = (
    Part(
        "account", User, ACCOUNT, lambda person: User.objects.filter(pk=person.pk), comes_back=False
    ),
    Part("runs", Run, RUN, Run.objects.of),
    Part(
        "check_ins",
        CheckIn,
        ("uid", "day", "note", "partial"),
        CheckIn.objects.of,
        inside=(
            Part(
                "spots",
                SorenessEntry,
                SPOT,
                lambda person: SorenessEntry.objects.filter(runner=person),
                on="check_in",
            ),
        ),
    ),
    Part(
        "consents",
        Consent,
        ("wording", "agreed_at", "withdrawn_at"),
        Consent.objects.of,
        comes_back=False,
    ),
    Part(
        "reminders",
        Reminder,
        ("at", "way", "created_at"),
        lambda person: Reminder.objects.filter(runner=person),
        comes_back=False,
    ),
    Part(
        "coaches",
        CoachLink,
        (*SWITCHES, "started_at", "confirmed_at", "paused_at", "ended_at"),
        access.links_of_athlete,
        names=(("coach__name", "coach"),),
        comes_back=False,
    ),
    Part(
        "athletes",
        CoachLink,
        ("started_at",),
        access.links_of_coach,
        names=(("athlete__name", "athlete"), ("team__name", "team")),
        comes_back=False,
    ),
    Part(
        "teams",
        Team,
        ("name",),
        lambda person: Team.objects.filter(coach=person),
        comes_back=False,
    ),
    Part(
        "notes",
        Note,
        ("text", "is_private", "created_at", "edited_at", "read_at"),
        _notes,
        names=(("author__name", "from"),),
        comes_back=False,
    ),
    Part(
        "seen_by",
        AccessRecord,
        ("page", "day", "last_at"),
        lambda person: AccessRecord.objects.filter(athlete=person),
        names=(("coach__name", "coach"),),
        comes_back=False,
    ),
)
