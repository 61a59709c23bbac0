"""Demo data, made up from plain tables: Ana, and the coach of Ana and 27 others.

`ana` holds 26 weeks of Ana's logs, `athletes` who the others are and what they log, `coach` what
is between them and their coach. What guidance knows of them is in `guidance.demo`.
"""

from runners.demo.accounts import COACH_EMAIL, EMAIL, PASSWORD, demo_account, is_empty
from runners.demo.ana import load
from runners.demo.coach import Coached, load_coach

__all__ = [
    "COACH_EMAIL",
    "EMAIL",
    "PASSWORD",
    "Coached",
    "demo_account",
    "is_empty",
    "load",
    "load_coach",
]
