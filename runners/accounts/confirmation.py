"""Confirming an address: by whoever opens the mail and also knows the account's password.

Somebody else may have signed up with the address and wait for its owner to click. The owner does
not know that password, and chooses a new one, which ends what the other one began.
"""

from typing import Any, cast

from allauth.account.forms import ReauthenticateForm
from allauth.account.internal.flows.email_verification import verify_email_and_resume
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import EmailAddress, Login
from allauth.account.views import ConfirmEmailView
from django.http import Http404, HttpResponse


class PasswordForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the page says it with a button


class ConfirmAddressView(ConfirmEmailView):
    """Signed in to the account: one button. Else the password, which signs in as well."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.object = self.get_object()
        except Http404:  # sent again, perhaps
            self.object = None
            return self.render_to_response(self.get_context_data(), status=404)
        address: EmailAddress = self.object.email_address
        if self.request.user.pk == address.user_id:
            return super().post(*args, **kwargs)
        form = PasswordForm(self.request.POST, user=address.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        confirmed, _ = verify_email_and_resume(self.request, self.object)
        if confirmed is None:
            return cast(HttpResponse, self.respond(False))
        login = Login(user=confirmed.user, email=confirmed.email, redirect_url=self.get_next_url())
        return perform_password_login(self.request, {"email": confirmed.email}, login)

    def logout_other_user(self, confirmation: object) -> None:
        """A click signs nobody out: to sign in by the password does."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**{"form": None, **kwargs})
        if self.object and self.request.user.pk != self.object.email_address.user_id:
            context["form"] = context["form"] or PasswordForm(user=self.object.email_address.user)
        return context
