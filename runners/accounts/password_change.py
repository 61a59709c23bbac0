"""A new password by whoever knows the old one: other devices are signed out, and a mail says so."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from runners.accounts import known_devices
from runners.accounts.emails import links, written
from runners.mail import outbox
from runners.models import SecurityEventKind, Session, User
from runners.web.visitor import note
from runners.writes import lock


class NewPasswordForm(ChangePasswordForm):
    user: User

    def save(self) -> None:
        """Whoever knew the old one is known on this device by the new one."""
        request: HttpRequest = get_adapter().request
        change_password(self.cleaned_data["password1"], by=self.user, request=request)
        self.user.refresh_from_db(fields=["password"])
        known_devices.remember(request, self.user)


def change_password(password: str, *, by: User, request: HttpRequest | None = None) -> None:
    """The session of the request goes on. Raises PersonGone.

    The password is hashed before: that takes half a second, in which nobody else could write.
    """
    hashed = make_password(password)
    here = request.session.session_key if request else None
    with transaction.atomic():
        lock(by)
        User.objects.filter(pk=by.pk).update(password=hashed)
        Session.objects.of(by).exclude(session_key=here).delete()
        note(SecurityEventKind.PASSWORD_CHANGED, request, by)
        outbox.queue(written("account/email/password_changed", by.email, links(request)))
