"""Who may sign in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from runners.models import User


class AccountBackend(AuthenticationBackend):
    """Sign-in by e-mail. Demo accounts have a public password: they work only while trying out.

    Django asks `user_can_authenticate` for every request of a session as well, so turning
    `DEBUG` off ends the sessions of demo accounts too.
    """

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        allowed = super().user_can_authenticate(user)
        return allowed and isinstance(user, User) and (settings.DEBUG or not user.is_demo)
