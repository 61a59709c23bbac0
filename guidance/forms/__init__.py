"""Forms of guidance. Their words come from the knowledge files."""

from guidance.forms.care_first import CareFirstForm
from guidance.forms.questions import QuestionForm
from guidance.forms.warning_signs import GlanceForm, SettleForm, WarningSignsForm

__all__ = ["CareFirstForm", "GlanceForm", "QuestionForm", "SettleForm", "WarningSignsForm"]
