from django.urls import path

from runners.views import landing, people

app_name = "runners"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("privacy/", landing.privacy, name="privacy"),
    path("demo/", landing.look_around, name="look-around"),
    path("welcome/", people.welcome, name="welcome"),
    path("settings/", people.settings, name="settings"),
    path("settings/consent/", people.consent, name="consent"),
    path("settings/delete/", people.delete_account, name="delete-account"),
]
