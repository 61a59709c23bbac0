from django.urls import path

from runners.accounts import landing_views as landing
from runners.accounts import security_views as security
from runners.accounts import views as people
from runners.check_ins import views as check_in
from runners.coaching import athlete_views as athlete
from runners.coaching.approval import views as approval
from runners.coaching.links import invitation_views as invitations
from runners.coaching.links import sharing_views as sharing
from runners.coaching.notes import views as notes
from runners.coaching.roster import views as athletes
from runners.coaching.teams import views as teams
from runners.diary import views as diary
from runners.digests import views as digests
from runners.exports import views as exports
from runners.hosting import views as hosting
from runners.hosts import act_views as host_acts
from runners.hosts import views as hosts
from runners.imports import match_views as lists
from runners.imports import upload_views as uploads
from runners.imports import views as imports
from runners.reminders import views as reminders
from runners.runs import several_views
from runners.runs import views as runs
from runners.web.csp_reports import csp_reports
from runners.weeks import views as trends

app_name = "runners"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("privacy/", landing.privacy, name="privacy"),
    path("demo/", landing.look_around, name="look-around"),
    path("welcome/", people.welcome, name="welcome"),
    path("settings/", people.settings, name="settings"),
    path("settings/time-zone/", people.time_zone, name="time-zone"),
    path("settings/consent/", people.consent, name="consent"),
    path("settings/security/", security.security, name="security"),
    path("settings/security/end/", security.sessions_end, name="sessions-end"),
    path("settings/security/<slug:handle>/end/", security.session_end, name="session-end"),
    path("settings/delete/", people.delete_account, name="delete-account"),
    path("come-back/", people.come_back, name="come-back"),
    path("settings/reminder/", reminders.reminder, name="reminder"),
    path("settings/reminder/renew/", reminders.reminder_renew, name="reminder-renew"),
    path("settings/reminder/end/", reminders.reminder_end, name="reminder-end"),
    path("reminder/<slug:token>.ics", reminders.reminder_feed, name="reminder-feed"),
    path("reminder/<slug:token>/stop/", reminders.reminder_stop, name="reminder-stop"),
    path("check-in/", check_in.check_in, name="check-in"),
    path("check-in/<day>/", check_in.check_in, name="check-in-day"),
    path("check-in/<day>/all-clear/", check_in.all_clear, name="check-in-all-clear"),
    path("check-in/<day>/mark/", check_in.check_in_mark, name="check-in-mark"),
    path("check-in/<day>/delete/", check_in.check_in_delete, name="check-in-delete"),
    path("check-in/restore/<uuid:uid>/", check_in.check_in_restore, name="check-in-restore"),
    path("runs/add/", runs.run_add, name="run-add"),
    path("runs/add/file/", runs.run_file, name="run-file"),
    path("runs/add/several/", several_views.runs_add, name="runs-add"),
    path("runs/<uuid:uid>/", runs.run, name="run"),
    path("runs/<uuid:uid>/edit/", runs.run_edit, name="run-edit"),
    path("runs/<uuid:uid>/delete/", runs.run_delete, name="run-delete"),
    path("runs/<uuid:uid>/restore/", runs.run_restore, name="run-restore"),
    path("healthz", hosting.healthz, name="healthz"),
    path("robots.txt", hosting.robots, name="robots"),
    path(".well-known/security.txt", hosting.security, name="security-txt"),
    path("csp-reports/", csp_reports, name="csp-reports"),
    path("export/", exports.export, name="export"),
    path("export/<uuid:uid>.zip", exports.export_file, name="export-file"),
    path("import/", imports.imports, name="import"),
    path("import/<uuid:uid>/", imports.import_one, name="import-one"),
    path("import/<uuid:uid>/columns/", lists.import_columns, name="import-columns"),
    path("import/<uuid:uid>/leave/", lists.import_leave, name="import-leave"),
    path("import/<uuid:uid>/begin/", uploads.import_begin, name="import-begin"),
    path("import/<uuid:uid>/sent/", uploads.import_sent, name="import-sent"),
    path("import/<uuid:uid>/parts/<int:number>/", uploads.import_part, name="import-part"),
    path("import/<uuid:uid>/drop/", uploads.import_drop, name="import-drop"),
    path("import/<uuid:uid>/stop/", imports.import_stop, name="import-stop"),
    path("import/<uuid:uid>/answer/", imports.import_answer, name="import-answer"),
    path("import/<uuid:uid>/undo/", imports.import_undo, name="import-undo"),
    path("import/<uuid:uid>/files/<int:key>/", imports.import_file, name="import-file"),
    path(
        "import/<uuid:uid>/files/delete/", imports.import_files_delete, name="import-files-delete"
    ),
    path("import/<uuid:uid>/report.csv", imports.import_report, name="import-report"),
    path("diary/", diary.diary, name="diary"),
    path("trends/", trends.trends, name="trends"),
    path("trends/weeks.csv", trends.trends_csv, name="trends-csv"),
    # Coaching: the coach's side
    path("athletes/", athletes.athletes, name="athletes"),
    path("athletes/table.csv", athletes.athletes_csv, name="athletes-csv"),
    path("athletes/teams/", teams.teams, name="teams"),
    path("athletes/teams/<int:team_id>/", teams.team_edit, name="team-edit"),
    path("athletes/teams/<int:team_id>/delete/", teams.team_delete, name="team-delete"),
    path("athletes/<int:athlete_id>/trends/", athlete.athlete_trends, name="athlete-trends"),
    path("athletes/<int:athlete_id>/weeks.csv", athlete.athlete_csv, name="athlete-csv"),
    path("athletes/<int:athlete_id>/diary/", athlete.athlete_diary, name="athlete-diary"),
    path(
        "athletes/<int:athlete_id>/runs/<uuid:uid>/",
        athlete.athlete_run,
        name="athlete-run",
    ),
    path("athletes/<int:athlete_id>/notes/", notes.athlete_notes, name="athlete-notes"),
    path("athletes/<int:athlete_id>/team/", teams.athlete_team, name="athlete-team"),
    path("athletes/<int:athlete_id>/end/", athlete.athlete_end, name="athlete-end"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/ask/", approval.coach_ask, name="coach-ask"),
    path("invitations/athletes/add/", invitations.invite_athletes, name="invite-athletes"),
    path("invitations/link/add/", invitations.invite_link, name="invite-link"),
    path("invitations/coach/add/", invitations.invite_coach, name="invite-coach"),
    path("invitations/send/", invitations.invitations_send, name="invitations-send"),
    path(
        "invitations/<uuid:uid>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("invitations/<slug:token>/", invitations.invitation, name="invitation"),
    path(
        "invitations/<slug:token>/accept/", invitations.invitation_accept, name="invitation-accept"
    ),
    path(
        "invitations/<slug:token>/refuse/", invitations.invitation_refuse, name="invitation-refuse"
    ),
    # Coaching: the athlete's side
    path("settings/sharing/", sharing.sharing, name="sharing"),
    path("settings/sharing/<int:link_id>/", sharing.sharing_edit, name="sharing-edit"),
    path("settings/sharing/<int:link_id>/end/", sharing.sharing_end, name="sharing-end"),
    path(
        "settings/sharing/<int:link_id>/confirm/", sharing.sharing_confirm, name="sharing-confirm"
    ),
    path("settings/sharing/<int:link_id>/noted/", sharing.sharing_noted, name="sharing-noted"),
    path("settings/seen-by/", sharing.seen_by, name="seen-by"),
    path("notes/", notes.notes, name="notes"),
    # Those who look after this Limber
    path("host/", hosts.host, name="host"),
    path("host/accounts/", hosts.accounts, name="host-accounts"),
    path("host/accounts/<int:account_id>/", hosts.account, name="host-account"),
    path(
        "host/accounts/<int:account_id>/deactivate/", host_acts.deactivate, name="host-deactivate"
    ),
    path(
        "host/accounts/<int:account_id>/reactivate/", host_acts.reactivate, name="host-reactivate"
    ),
    path(
        "host/accounts/<int:account_id>/sessions/end/",
        host_acts.end_sessions,
        name="host-sessions-end",
    ),
    path(
        "host/accounts/<int:account_id>/second-step/reset/",
        host_acts.reset_second_step,
        name="host-second-step-reset",
    ),
    path("host/accounts/<int:account_id>/resend/", host_acts.resend, name="host-resend"),
    path("host/accounts/<int:account_id>/erase/", host_acts.erase, name="host-erase"),
    path(
        "host/accounts/<int:account_id>/coach/approve/",
        host_acts.approve_coach,
        name="host-coach-approve",
    ),
    path(
        "host/accounts/<int:account_id>/coach/refuse/",
        host_acts.refuse_coach,
        name="host-coach-refuse",
    ),
    path("host/coaching/", hosts.coaching, name="host-coaching"),
    path("host/security/", hosts.security, name="host-security"),
    # Both sides
    path("notes/<uuid:uid>/edit/", notes.note_edit, name="note-edit"),
    path("notes/<uuid:uid>/delete/", notes.note_delete, name="note-delete"),
    path("notes/<uuid:uid>/restore/", notes.note_restore, name="note-restore"),
    path("notes/<uuid:uid>/answer/", notes.note_answer, name="note-answer"),
    path("notes/<uuid:uid>/read/", notes.note_read, name="note-read"),
    path("digest/<str:token>/stop/", digests.digest_stop, name="digest-stop"),
]
