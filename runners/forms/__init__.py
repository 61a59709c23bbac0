from runners.forms.check_in import CheckInForm
from runners.forms.people import SettingsForm, SignUpForm, WelcomeForm

__all__ = ["CheckInForm", "SettingsForm", "SignUpForm", "WelcomeForm"]
