"""New codes on paper, in the place of the old ones."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from post_office.models import Email
from pytest_django import DjangoCaptureOnCommitCallbacks

from runners.models import User
from tests.runners.accounts.second_step.app import enter, half_way, is_in

PAGE = "/accounts/second-step/codes/new/"


def test_the_old_ones_work_no_more(
    sure: Client,
    with_app: User,
    mail_server: object,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    [old, *_others] = RecoveryCodes.activate(with_app).generate_codes()
    assert "New codes on paper?" in sure.get(PAGE).text

    with django_capture_on_commit_callbacks(execute=True):
        sure.post(PAGE)

    client = half_way(with_app)
    enter(client, old)
    assert not is_in(client)
    [new, *_others] = RecoveryCodes.activate(with_app).generate_codes()
    enter(client, new)
    assert is_in(client)
    assert "new codes on paper" in Email.objects.get().message


def test_without_a_second_step_there_are_none(sure: Client) -> None:
    assert "belong to an app or a passkey" in sure.post(PAGE).text
