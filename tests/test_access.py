"""Who may open what: a row for each route, a column for each person.

Alice owns what the addresses name. A number is the status that a person gets; "sign in" is a
redirect to the sign-in page. What is nobody's in particular is the same for Alice and Mallory.
The routes of coaching stand in `test_coach_access`, where both tables are compared with the URLs.
"""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from runners.models import Export, ExportState, Import, ImportState, Reminder, User
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_check_result,
    make_plan,
    make_run,
    make_session,
    make_soreness,
)

pytestmark = pytest.mark.slow

SIGN_IN = "sign in"
# route, method, address, anonymous, owner (Alice), other person (Mallory)
TABLE: list[tuple[str, str, str, int | str, int, int]] = [
    ("runners:landing", "GET", "/", 200, 302, 302),
    ("runners:privacy", "GET", "/privacy/", 200, 200, 200),
    ("runners:healthz", "GET", "/healthz", 200, 200, 200),
    ("runners:robots", "GET", "/robots.txt", 200, 200, 200),
    ("runners:security-txt", "GET", "/.well-known/security.txt", 200, 200, 200),
    ("runners:csp-reports", "POST", "/csp-reports/", 204, 204, 204),
    ("runners:look-around", "POST", "/demo/", 404, 404, 404),
    ("runners:welcome", "GET", "/welcome/", SIGN_IN, 302, 302),
    ("runners:settings", "GET", "/settings/", SIGN_IN, 200, 200),
    ("runners:settings", "POST", "/settings/", SIGN_IN, 422, 422),
    ("runners:time-zone", "POST", "/settings/time-zone/", SIGN_IN, 302, 302),
    ("runners:consent", "GET", "/settings/consent/", SIGN_IN, 200, 200),
    ("runners:consent", "POST", "/settings/consent/", SIGN_IN, 302, 302),
    ("runners:security", "GET", "/settings/security/", SIGN_IN, 200, 200),
    ("runners:sessions-end", "POST", "/settings/security/end/", SIGN_IN, 302, 302),
    ("runners:session-end", "POST", "/settings/security/<session>/end/", SIGN_IN, 302, 302),
    ("runners:delete-account", "GET", "/settings/delete/", SIGN_IN, 200, 200),
    ("runners:delete-account", "POST", "/settings/delete/", SIGN_IN, 200, 200),
    ("runners:come-back", "GET", "/come-back/", SIGN_IN, 302, 302),
    ("runners:come-back", "POST", "/come-back/", SIGN_IN, 302, 302),
    ("runners:check-in", "GET", "/check-in/", SIGN_IN, 200, 200),
    ("runners:check-in", "POST", "/check-in/", SIGN_IN, 422, 422),
    ("runners:check-in-day", "GET", "/check-in/<day>/", SIGN_IN, 200, 200),
    ("runners:check-in-all-clear", "POST", "/check-in/<day>/all-clear/", SIGN_IN, 409, 302),
    ("runners:check-in-mark", "POST", "/check-in/<day>/mark/", SIGN_IN, 302, 302),
    ("runners:check-in-delete", "POST", "/check-in/<day>/delete/", SIGN_IN, 302, 302),
    ("runners:check-in-restore", "POST", "/check-in/restore/<deleted>/", SIGN_IN, 302, 404),
    ("runners:run-add", "GET", "/runs/add/", SIGN_IN, 200, 200),
    ("runners:run-add", "POST", "/runs/add/", SIGN_IN, 422, 422),
    ("runners:run-file", "POST", "/runs/add/file/", SIGN_IN, 422, 422),
    ("runners:runs-add", "GET", "/runs/add/several/", SIGN_IN, 302, 302),
    ("runners:runs-add", "POST", "/runs/add/several/", SIGN_IN, 422, 422),
    ("runners:run", "GET", "/runs/<run>/", SIGN_IN, 200, 404),
    ("runners:run-edit", "GET", "/runs/<run>/edit/", SIGN_IN, 200, 404),
    ("runners:run-edit", "POST", "/runs/<run>/edit/", SIGN_IN, 422, 404),
    ("runners:run-delete", "POST", "/runs/<run>/delete/", SIGN_IN, 302, 404),
    ("runners:run-restore", "POST", "/runs/<deleted_run>/restore/", SIGN_IN, 302, 404),
    ("runners:export", "GET", "/export/", SIGN_IN, 200, 200),
    ("runners:export", "POST", "/export/", SIGN_IN, 302, 302),
    # Nothing is stored of it; `tests/runners/exports/` has the file that its owner alone saves.
    ("runners:export-file", "GET", "/export/<export>.zip", SIGN_IN, 404, 404),
    ("runners:import", "GET", "/import/", SIGN_IN, 200, 200),
    ("runners:import", "POST", "/import/", SIGN_IN, 422, 422),
    ("runners:import-one", "GET", "/import/<import>/", SIGN_IN, 200, 404),
    ("runners:import-columns", "GET", "/import/<import>/columns/", SIGN_IN, 302, 404),
    ("runners:import-columns", "POST", "/import/<import>/columns/", SIGN_IN, 302, 404),
    ("runners:import-leave", "POST", "/import/<import>/leave/", SIGN_IN, 302, 404),
    ("runners:import-begin", "POST", "/import/<import>/begin/", SIGN_IN, 422, 422),
    ("runners:import-sent", "GET", "/import/<import>/sent/", SIGN_IN, 200, 404),
    ("runners:import-part", "POST", "/import/<import>/parts/0/", SIGN_IN, 200, 404),
    ("runners:import-drop", "POST", "/import/<import>/drop/", SIGN_IN, 302, 404),
    ("runners:import-stop", "POST", "/import/<import>/stop/", SIGN_IN, 302, 404),
    ("runners:import-answer", "POST", "/import/<import>/answer/", SIGN_IN, 302, 404),
    ("runners:import-undo", "POST", "/import/<import>/undo/", SIGN_IN, 302, 404),
    ("runners:import-file", "GET", "/import/<import>/files/1/", SIGN_IN, 404, 404),
    ("runners:import-files-delete", "POST", "/import/<import>/files/delete/", SIGN_IN, 302, 404),
    ("runners:import-report", "GET", "/import/<import>/report.csv", SIGN_IN, 200, 404),
    ("runners:diary", "GET", "/diary/", SIGN_IN, 200, 200),
    ("runners:trends", "GET", "/trends/", SIGN_IN, 200, 200),
    ("runners:trends-csv", "GET", "/trends/weeks.csv", SIGN_IN, 200, 200),
    ("guidance:today", "GET", "/today/", SIGN_IN, 200, 200),
    ("guidance:guidance", "GET", "/guidance/", SIGN_IN, 200, 200),
    ("guidance:warning-signs", "GET", "/guidance/warning-signs/", SIGN_IN, 200, 200),
    ("guidance:warning-signs", "POST", "/guidance/warning-signs/", SIGN_IN, 422, 422),
    (
        "guidance:warning-signs-at-a-glance",
        "POST",
        "/guidance/warning-signs/at-a-glance/",
        SIGN_IN,
        302,
        302,
    ),
    ("guidance:warning-signs-close", "POST", "/guidance/warning-signs/close/", SIGN_IN, 422, 422),
    ("guidance:after-check-in", "GET", "/guidance/after-check-in/<day>/", SIGN_IN, 302, 302),
    ("guidance:questions", "GET", "/guidance/questions/", SIGN_IN, 200, 200),
    ("guidance:question", "GET", "/guidance/questions/onset/", SIGN_IN, 200, 200),
    ("guidance:question", "POST", "/guidance/questions/onset/", SIGN_IN, 422, 422),
    ("guidance:question", "GET", "/guidance/questions/care-first/", SIGN_IN, 404, 404),
    ("guidance:checks", "GET", "/guidance/checks/", SIGN_IN, 200, 200),
    ("guidance:check", "GET", "/guidance/checks/plank/", SIGN_IN, 200, 200),
    ("guidance:check", "POST", "/guidance/checks/plank/", SIGN_IN, 422, 422),
    ("guidance:check", "GET", "/guidance/checks/leeches/", SIGN_IN, 404, 404),
    ("guidance:check-result", "GET", "/guidance/checks/plank/result/", SIGN_IN, 200, 302),
    ("guidance:care-first", "GET", "/guidance/care-first/", SIGN_IN, 200, 200),
    ("guidance:care-first", "POST", "/guidance/care-first/", SIGN_IN, 422, 422),
    ("guidance:plan", "GET", "/guidance/plan/", SIGN_IN, 200, 200),
    ("guidance:plan-start", "GET", "/guidance/plan/start/", SIGN_IN, 200, 200),
    ("guidance:plan-start", "POST", "/guidance/plan/start/", SIGN_IN, 422, 422),
    ("guidance:plan-pause", "POST", "/guidance/plan/pause/", SIGN_IN, 302, 302),
    ("guidance:plan-resume", "POST", "/guidance/plan/resume/", SIGN_IN, 302, 302),
    ("guidance:plan-stop", "POST", "/guidance/plan/stop/", SIGN_IN, 302, 302),
    ("guidance:plan-restore", "POST", "/guidance/plan/<plan>/restore/", SIGN_IN, 302, 404),
    ("guidance:plan-done", "POST", "/guidance/plan/done/", SIGN_IN, 422, 422),
    ("guidance:plan-item-add", "POST", "/guidance/plan/items/add/", SIGN_IN, 422, 302),
    ("guidance:plan-item-days", "POST", "/guidance/plan/items/<item>/days/", SIGN_IN, 422, 404),
    (
        "guidance:plan-item-variant",
        "POST",
        "/guidance/plan/items/<item>/variant/",
        SIGN_IN,
        302,
        404,
    ),
    (
        "guidance:plan-item-remove",
        "POST",
        "/guidance/plan/items/<item>/remove/",
        SIGN_IN,
        302,
        404,
    ),
    (
        "guidance:plan-item-restore",
        "POST",
        "/guidance/plan/items/<item>/restore/",
        SIGN_IN,
        302,
        404,
    ),
    ("guidance:plan-feed-renew", "POST", "/guidance/plan/feed/renew/", SIGN_IN, 302, 302),
    ("guidance:plan-feed", "GET", "/plan/<feed>.ics", 200, 200, 200),
    ("guidance:plan-feed", "GET", "/plan/made-up.ics", 404, 404, 404),
    ("runners:reminder", "GET", "/settings/reminder/", SIGN_IN, 200, 200),
    ("runners:reminder", "POST", "/settings/reminder/", SIGN_IN, 422, 422),
    ("runners:reminder-renew", "POST", "/settings/reminder/renew/", SIGN_IN, 302, 302),
    ("runners:reminder-end", "POST", "/settings/reminder/end/", SIGN_IN, 302, 302),
    ("runners:reminder-feed", "GET", "/reminder/<reminder>.ics", 200, 200, 200),
    ("runners:reminder-feed", "GET", "/reminder/made-up.ics", 404, 404, 404),
    ("runners:reminder-stop", "GET", "/reminder/<reminder>/stop/", 200, 200, 200),
    ("guidance:summary", "GET", "/guidance/summary/", SIGN_IN, 200, 200),
    ("guidance:library", "GET", "/guidance/library/", 200, 200, 200),
    ("guidance:library-article", "GET", "/guidance/library/article/", 200, 200, 200),
    ("guidance:library-sources", "GET", "/guidance/library/sources/", 200, 200, 200),
    ("guidance:library-entry", "GET", "/guidance/library/remedies/plank/", 200, 200, 200),
    ("guidance:library-entry", "GET", "/guidance/library/remedies/leeches/", 404, 404, 404),
    # Tests of their own say what a host is answered: `tests/runners/hosts/`.
    ("runners:host", "GET", "/host/", SIGN_IN, 404, 404),
    ("runners:host-accounts", "GET", "/host/accounts/", SIGN_IN, 404, 404),
    ("runners:host-account", "GET", "/host/accounts/<alice>/", SIGN_IN, 404, 404),
    ("runners:host-deactivate", "POST", "/host/accounts/<alice>/deactivate/", SIGN_IN, 404, 404),
    ("runners:host-reactivate", "POST", "/host/accounts/<alice>/reactivate/", SIGN_IN, 404, 404),
    (
        "runners:host-sessions-end",
        "POST",
        "/host/accounts/<alice>/sessions/end/",
        SIGN_IN,
        404,
        404,
    ),
    (
        "runners:host-second-step-reset",
        "POST",
        "/host/accounts/<alice>/second-step/reset/",
        SIGN_IN,
        404,
        404,
    ),
    ("runners:host-resend", "POST", "/host/accounts/<alice>/resend/", SIGN_IN, 404, 404),
    ("runners:host-erase", "GET", "/host/accounts/<alice>/erase/", SIGN_IN, 404, 404),
    ("runners:host-erase", "POST", "/host/accounts/<alice>/erase/", SIGN_IN, 404, 404),
    (
        "runners:host-coach-approve",
        "POST",
        "/host/accounts/<alice>/coach/approve/",
        SIGN_IN,
        404,
        404,
    ),
    (
        "runners:host-coach-refuse",
        "POST",
        "/host/accounts/<alice>/coach/refuse/",
        SIGN_IN,
        404,
        404,
    ),
    ("runners:host-coaching", "GET", "/host/coaching/", SIGN_IN, 404, 404),
    ("runners:host-security", "GET", "/host/security/", SIGN_IN, 404, 404),
    ("account_login", "GET", "/accounts/login/", 200, 302, 302),
    ("account_logout", "GET", "/accounts/logout/", 302, 200, 200),
    ("account_inactive", "GET", "/accounts/inactive/", 200, 200, 200),
    ("account_signup", "GET", "/accounts/signup/", 200, 302, 302),
    ("account_reauthenticate", "GET", "/accounts/reauthenticate/", SIGN_IN, 200, 200),
    ("account_email", "GET", "/accounts/email/", SIGN_IN, 200, 200),
    ("account_email", "POST", "/accounts/email/", SIGN_IN, 302, 302),
    ("account_email_confirm", "GET", "/accounts/email/made-up/", SIGN_IN, 404, 404),
    ("account_email_confirm", "POST", "/accounts/email/made-up/", SIGN_IN, 404, 404),
    ("account_email_verification_sent", "GET", "/accounts/confirm-email/", 200, 200, 200),
    ("account_confirm_email", "GET", "/accounts/confirm-email/made-up/", 200, 200, 200),
    ("account_change_password", "GET", "/accounts/password/change/", SIGN_IN, 200, 200),
    ("account_set_password", "GET", "/accounts/password/set/", SIGN_IN, 302, 302),
    ("account_reset_password", "GET", "/accounts/password/reset/", 200, 200, 200),
    ("account_reset_password_done", "GET", "/accounts/password/reset/done/", 200, 200, 200),
    ("account_reset_password_from_key", "GET", "/accounts/password/reset/key/1-a/", 200, 200, 200),
    (
        "account_reset_password_from_key_done",
        "GET",
        "/accounts/password/reset/key/done/",
        200,
        200,
        200,
    ),
    ("mfa_index", "GET", "/accounts/second-step/", SIGN_IN, 302, 302),
    ("mfa_authenticate", "GET", "/accounts/second-step/sign-in/", 302, 302, 302),
    # These ask for the password first.
    ("mfa_activate_totp", "GET", "/accounts/second-step/app/", SIGN_IN, 302, 302),
    ("mfa_deactivate_totp", "GET", "/accounts/second-step/app/remove/", SIGN_IN, 404, 404),
    ("mfa_view_recovery_codes", "GET", "/accounts/second-step/codes/", SIGN_IN, 404, 404),
    ("mfa_generate_recovery_codes", "GET", "/accounts/second-step/codes/new/", SIGN_IN, 302, 302),
    ("mfa_add_webauthn", "GET", "/accounts/second-step/passkeys/add/", SIGN_IN, 302, 302),
    ("mfa_remove_webauthn", "GET", "/accounts/second-step/passkeys/1/remove/", SIGN_IN, 302, 302),
    ("account_confirm_login_code", "GET", "/accounts/login/code/confirm/", 302, 302, 302),
]
PEOPLE = ("anonymous", "alice", "mallory")


def routes(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}"


@pytest.fixture
def things(alice: User, mallory: User) -> dict[str, str]:
    """What the addresses of the table name, all of it Alice's."""
    make_soreness(alice)
    make_check_result(alice, "plank")
    plan = make_plan(alice)
    return {
        "alice": str(alice.pk),
        "run": str(make_run(alice).uid),
        "deleted": str(make_check_in(alice, days_ago(1), deleted_at=timezone.now()).uid),
        "deleted_run": str(make_run(alice, deleted_at=timezone.now()).uid),
        "export": str(Export.objects.create(person=alice, state=ExportState.DONE).uid),
        "import": str(Import.objects.create(runner=alice, state=ImportState.DONE).uid),
        "plan": str(plan.uid),
        "item": str(plan.items.get().pk),
        "feed": plan.feed_token,
        "session": make_session(alice).handle,
        "reminder": Reminder.objects.create(runner=alice, at="07:00").token,
    }


@pytest.mark.parametrize(
    ("route", "method", "address", "person", "expected"),
    [
        pytest.param(*row[:3], person, expected, id=f"{row[1]} {row[0]} as {person}")
        for row in TABLE
        for person, expected in zip(PEOPLE, row[3:], strict=True)
    ],
)
@pytest.mark.usefixtures("noon")
def test_access(
    client: Client,
    things: dict[str, str],
    route: str,
    method: str,
    address: str,
    person: str,
    expected: int | str,
) -> None:
    if person != "anonymous":
        client.force_login(User.objects.get(email=f"{person}@example.org"))
    address = address.replace("<day>", str(TODAY))
    address = re.sub(r"<(\w+)>", lambda name: things[name[1]], address)

    response = client.generic(method, address)

    to_sign_in = response.status_code == 302 and response["Location"].startswith("/accounts/login/")
    assert (SIGN_IN if to_sign_in and expected == SIGN_IN else response.status_code) == expected
