"""Who may sign in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from runners.models import User


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Sign-in by e-mail. Demo accounts have a public password: they work only while trying out.

    Django asks `user_can_authenticate` for every request of a session as well, so turning
    `DEBUG` off ends the sessions of demo accounts too.
    """

    def user_can_authenticate(self, user: User | None) -> bool:
        allowed: bool = super().user_can_authenticate(user)
        return allowed and user is not None and (settings.DEBUG or not user.is_demo)
