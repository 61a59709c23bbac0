from django.urls import path

from runners.views import check_in, landing, people

app_name = "runners"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("privacy/", landing.privacy, name="privacy"),
    path("demo/", landing.look_around, name="look-around"),
    path("welcome/", people.welcome, name="welcome"),
    path("settings/", people.settings, name="settings"),
    path("settings/consent/", people.consent, name="consent"),
    path("settings/delete/", people.delete_account, name="delete-account"),
    path("check-in/", check_in.check_in, name="check-in"),
    path("check-in/<day>/", check_in.check_in, name="check-in-day"),
    path("check-in/<day>/all-clear/", check_in.all_clear, name="check-in-all-clear"),
    path("check-in/<day>/delete/", check_in.check_in_delete, name="check-in-delete"),
    path("check-in/restore/<uuid:uid>/", check_in.check_in_restore, name="check-in-restore"),
]
