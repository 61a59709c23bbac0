from runners.forms.people import SettingsForm, SignUpForm, WelcomeForm

__all__ = ["SettingsForm", "SignUpForm", "WelcomeForm"]
