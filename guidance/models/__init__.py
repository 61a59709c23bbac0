from guidance.models.answers import Answer, CheckResult, FlagAnswer, Screen, ScreenResult
from guidance.models.plans import Done, Plan, PlanItem, Variant
from guidance.models.suggestions import Suggestion

__all__ = [
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
