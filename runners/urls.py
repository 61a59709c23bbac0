from django.urls import path

from runners.views import check_in, diary, landing, people, runs, trends

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
    path("runs/add/", runs.run_add, name="run-add"),
    path("runs/add/file/", runs.run_file, name="run-file"),
    path("runs/<uuid:uid>/", runs.run, name="run"),
    path("runs/<uuid:uid>/edit/", runs.run_edit, name="run-edit"),
    path("runs/<uuid:uid>/delete/", runs.run_delete, name="run-delete"),
    path("runs/<uuid:uid>/restore/", runs.run_restore, name="run-restore"),
    path("diary/", diary.diary, name="diary"),
    path("trends/", trends.trends, name="trends"),
    path("trends/weeks.csv", trends.trends_csv, name="trends-csv"),
]
