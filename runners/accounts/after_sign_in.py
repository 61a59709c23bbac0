"""What allauth asks of Limber: where a sign-in leads, and the link of a mail."""

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from runners.accounts.emails import AccountMails
from runners.accounts.registration import Registers
from runners.accounts.sign_in_limits import SignInLimits
from runners.models import User
from runners.web.going_on import KEPT_AS, first_page


class AccountAdapter(Registers, SignInLimits, AccountMails):
    def is_safe_url(self, url: str) -> bool:
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse(first_page(cast(User, request.user)))

    def get_reauthentication_methods(self, user: object) -> list[dict[str, str]]:
        """The password alone, which every account has."""
        return [{"id": "reauthenticate", "url": reverse("account_reauthenticate")}]

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: object) -> str:
        url = super().get_email_confirmation_url(request, emailconfirmation)
        to = request.session.get(KEPT_AS)
        return f"{url}?{urlencode({'next': to})}" if to else url
