from runners.forms.check_in import CheckInForm
from runners.forms.diary import DiaryForm
from runners.forms.people import SettingsForm, SignInForm, SignUpForm, WelcomeForm
from runners.forms.runs import RunForm

__all__ = [
    "CheckInForm",
    "DiaryForm",
    "RunForm",
    "SettingsForm",
    "SignInForm",
    "SignUpForm",
    "WelcomeForm",
]
