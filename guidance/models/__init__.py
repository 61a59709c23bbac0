from guidance.models.answers import (
    CARE_FIRST,
    Answer,
    CheckResult,
    FlagAnswer,
    Screen,
    ScreenResult,
)
from guidance.models.plans import Done, Plan, PlanItem, Variant
from guidance.models.suggestions import Suggestion

__all__ = [
    "CARE_FIRST",
    "Answer",
    "CheckResult",
    "Done",
    "FlagAnswer",
    "Plan",
    "PlanItem",
    "Screen",
    "ScreenResult",
    "Suggestion",
    "Variant",
]
