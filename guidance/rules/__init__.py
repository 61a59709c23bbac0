"""The rules of guidance: plain functions over plain values. They know only Python."""

from guidance.rules.assessment import Assessed, assess
from guidance.rules.log.log import HISTORY_DAYS

__all__ = ["HISTORY_DAYS", "Assessed", "assess"]
