from runners.models.logs import CheckIn, Run, RunKind, SorenessEntry
from runners.models.people import Consent, User
from runners.models.standing import Standing

__all__ = ["CheckIn", "Consent", "Run", "RunKind", "SorenessEntry", "Standing", "User"]
