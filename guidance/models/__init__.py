from guidance.models.answers import (
    CARE_FIRST,
    Answer,
    CheckResult,
    Screen,
    ScreenResult,
    SignAnswer,
)
from guidance.models.plans import Done, Plan, PlanItem, Variant
from guidance.models.suggestions import Suggestion

__all__ = [
    "CARE_FIRST",
    "Answer",
    "CheckResult",
    "Done",
    "Plan",
    "PlanItem",
    "Screen",
    "ScreenResult",
    "SignAnswer",
    "Suggestion",
    "Variant",
]
