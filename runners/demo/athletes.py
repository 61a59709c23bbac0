"""Who trains with the coach of the demo data, beside Ana: 27 people from everywhere.

Each one is there for a state of the roster, which the comment above them names. What follows
from answers to guidance is in `guidance.demo`.
"""

from dataclasses import dataclass

from runners.demo.generator import EVERY_DAY, Running, Shape, pain, sore, tight
from runners.models.people import Units

MARATHON, TRACK, RETURN = "Marathon", "Track", "Return to running"
TEAMS = (MARATHON, RETURN, TRACK)
ALL = "runs soreness guidance notes"
USUAL = "runs soreness guidance"  # what Limber suggests

WEEKDAYS = "xxxxx.."
MOST_DAYS = "xx.xxx."
SOME_DAYS = "x.x.x.x"


@dataclass(frozen=True, slots=True)
class Athlete:
    """`shared_days` is how many days from now all switches turn off; in the past if below 0."""

    name: str
    time_zone: str
    shape: Shape
    team: str = ""
    shares: str = USUAL
    units: str = Units.KM
    shared_days: int | None = None


ATHLETES = (
    # Warning signs: one that cannot wait, and two for a clinician
    Athlete(
        "Mei-Ling Chen",
        "Asia/Taipei",
        Shape(
            Running("e.t.e.L", 44, 348),
            bouts=(sore("calf-left", 60, 40, 5, (2, 3)), sore("calf-left", 3, 1, 1, (3, 4))),
            silent=1,
        ),
        MARATHON,
    ),
    Athlete(
        "Ben Okafor",
        "Europe/London",
        Shape(
            Running("e.t.e.L", 40, 335, start=18),
            bouts=(
                sore("calf-right", 79, 40, 5, (1, 2)),
                sore("calf-right", 37, 10, 4, (2, 4.4)),
                pain("calf-right", 5, 6),
                pain("calf-right", 1, 7),
            ),
            extra=((5, "e", 6.0), (1, "e", 7.5)),
            said=((1, "Had to walk home from the park."),),
        ),
        MARATHON,
        ALL,
    ),
    Athlete(
        "Rafael Souza",
        "America/Sao_Paulo",
        Shape(
            Running("e.h.e.L", 36, 352),
            MOST_DAYS,
            (sore("shin-right", 30, 2, 4, (2, 4)),),
            silent=1,
        ),
        TRACK,
    ),
    # Ease off: a pain of 6, and a tendon that does not settle between runs
    Athlete(
        "Ingrid Haugen",
        "Europe/Oslo",
        Shape(
            Running("e.i.e.L", 48, 312),
            bouts=(pain("knee-left", 4, 6), sore("knee-left", 3, 2, 1, (3, 2))),
            extra=((4, "h", 9.0),),
        ),
        TRACK,
    ),
    Athlete(
        "Kwame Mensah",
        "Africa/Accra",
        Shape(
            Running("e.e.e.L", 34, 366),
            bouts=(
                tight("achilles-left", 50, 21, 3, (1, 2)),
                tight("achilles-left", 19, 9, 2, (2, 3)),
                tight("achilles-left", 8, 0, 1, (2.6, 3.4)),
            ),
        ),
        RETURN,
    ),
    # Worsening
    Athlete(
        "Siobhán O’Rourke",
        "Europe/Dublin",
        Shape(
            Running("e.t.?.L", 38, 344),
            bouts=(
                tight("hamstring-left", 70, 34, 6, (1, 2)),
                tight("hamstring-left", 28, 7, 3, (3, 3)),
                tight("hamstring-left", 6, 0, 2, (5, 6)),
            ),
        ),
        MARATHON,
        ALL,
    ),
    Athlete(
        "Yuki Tanaka",
        "Asia/Tokyo",
        Shape(
            Running("i.e.t.L", 56, 288, start=6),
            bouts=(
                tight("hip_flexor-right", 40, 7, 3, (2, 3)),
                tight("hip_flexor-right", 6, 0, 2, (6, 5)),
            ),
            said=((2, "Tight from the first lap."),),
        ),
        TRACK,
    ),
    # Recurring, as with Ana
    Athlete(
        "Mateo García Hernández",
        "America/Mexico_City",
        Shape(
            Running("e.e.t.L", 42, 330),
            bouts=(
                tight("hamstring-right", 63, 0, 3, (3, 4)),
                sore("sit_bone-right", 60, 30, 15, (2, 2)),
            ),
        ),
        MARATHON,
    ),
    Athlete(
        "Aroha",
        "Pacific/Auckland",
        Shape(
            Running("e.?.e.L", 30, 372),
            bouts=(sore("foot-left", 44, 1, 3, (4, 3)),),
            silent=1,
        ),
        RETURN,
    ),
    # A jump in load: a week with much more in it, and one run that was much longer
    Athlete(
        "Jo Lindqvist",
        "Europe/Stockholm",
        Shape(
            Running("e.t.e.L", 36, 318),
            WEEKDAYS,
            (sore("quad-right", 66, 50, 4, (2, 1)),),
            silent=1,
            extra=((6, "e", 7.0), (4, "e", 8.0), (2, "e", 7.5), (1, "?", 6.0)),
        ),
        MARATHON,
    ),
    Athlete(
        "Maximiliana Alexandra von Hohenstein-Waldburg zu Oberschwaben-Lindenau",
        "Europe/Berlin",
        Shape(
            Running("e.e.e.L", 35, 361),
            MOST_DAYS,
            (sore("glute-left", 60, 46, 4, (3, 1)),),
            extra=((2, "L", 24.0),),
        ),
    ),
    # Quiet
    Athlete(
        "Sam Adeyemi",
        "Africa/Lagos",
        Shape(
            Running("e.e.e.L", 28, 378),
            SOME_DAYS,
            (sore("calf-right", 80, 45, 5, (2, 3)),),
            silent=9,
            said=((9, "A busy fortnight ahead."),),
        ),
        RETURN,
    ),
    Athlete(
        "Thabo Nkosi",
        "Africa/Johannesburg",
        Shape(Running("e.t.e.L", 50, 322, start=5), MOST_DAYS, silent=12),
        MARATHON,
    ),
    # On track: something that eases, or nothing that keeps coming back
    Athlete(
        "Priya Nair",
        "Asia/Kolkata",
        Shape(
            Running("e.e.t.L", 32, 354),
            bouts=(
                tight("achilles-right", 83, 30, 2, (6, 5)),
                tight("achilles-right", 27, 15, 2, (5, 3)),
                tight("achilles-right", 12, 0, 3, (2, 1)),
            ),
        ),
        MARATHON,
        ALL,
    ),
    Athlete(
        "Chloé Dubois",
        "Europe/Paris",
        Shape(
            Running("e.i.e.L", 45, 305),
            bouts=(
                sore("knee-left", 38, 30, 2, (2, 5)),
                sore("knee-left", 28, 16, 1, (5, 4)),
                sore("knee-left", 12, 4, 4, (2, 1)),
            ),
        ),
        TRACK,
    ),
    Athlete(
        "Tom Becker",
        "Europe/Berlin",
        Shape(Running("e.t.e.L", 52, 315), WEEKDAYS, (sore("calf-left", 75, 58, 4, (3, 1)),)),
        MARATHON,
    ),
    Athlete(
        "Leila Haddad",
        "Africa/Tunis",
        Shape(Running("h.e.i.L", 47, 309), MOST_DAYS, silent=1),
        TRACK,
    ),
    Athlete(
        "Nguyễn Thị Lan",
        "Asia/Ho_Chi_Minh",
        Shape(
            Running("e.e.e.L", 26, 388, start=5),
            EVERY_DAY,
            (sore("back_of_knee-right", 50, 44, 2, (3, 2)),),
        ),
        RETURN,
    ),
    Athlete(
        "Jack Whitaker",
        "America/Denver",
        Shape(Running("e.h.e?L", 64, 296), WEEKDAYS, (sore("ankle-left", 11, 11, 1, (3, 3)),)),
        MARATHON,
        units=Units.MILES,
    ),
    Athlete(
        "Dilnoza Karimova",
        "Asia/Tashkent",
        Shape(Running("?.e.?.L", 33, 342), MOST_DAYS, silent=2),
    ),
    Athlete(
        "Freya Sørensen",
        "Europe/Copenhagen",
        Shape(Running("e.e.t.L", 41, 327), WEEKDAYS, (tight("outer_hip-left", 70, 60, 3, (3, 2)),)),
        MARATHON,
        "soreness guidance",
        shared_days=21,
    ),
    # Not enough to tell: somebody new, and somebody who has not begun
    Athlete(
        "Hana Nováková",
        "Europe/Prague",
        Shape(
            Running("e.e.e.e", 22, 392),
            "x......",
            (sore("knee-right", 3, 3, 1, (3, 3)),),
            weeks=1,
        ),
        RETURN,
    ),
    Athlete(
        "Omar Al-Farsi",
        "Asia/Dubai",
        Shape(Running(".......", 0, 360), ".......", weeks=0),
    ),
    # Not shared: nothing at all, soreness, guidance, and everything until last week
    Athlete(
        "Emily Carter",
        "America/New_York",
        Shape(Running("e.t.e.L", 39, 333), bouts=(tight("calf-left", 30, 2, 3, (3, 4)),)),
        TRACK,
        "",
        units=Units.MILES,
    ),
    Athlete(
        "Luca Ferrari",
        "Europe/Rome",
        Shape(Running("e.t.e.L", 46, 320), bouts=(tight("calf-right", 25, 1, 3, (4, 4)),)),
        MARATHON,
        "runs guidance",
    ),
    Athlete(
        "Zofia Wiśniewska",
        "Europe/Warsaw",
        Shape(
            Running("e.e.t.L", 37, 338),
            bouts=(tight("hamstring-left", 40, 1, 3, (3, 4)),),
            silent=1,
        ),
        MARATHON,
        "runs soreness",
    ),
    Athlete(
        "Noah Kim",
        "Asia/Seoul",
        Shape(Running("e.i.e.L", 43, 326), MOST_DAYS, (sore("shin-left", 40, 1, 3, (2, 4)),)),
        TRACK,
        ALL,
        shared_days=-8,
    ),
)
