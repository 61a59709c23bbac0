from allauth.account.views import PasswordResetDoneView
from django.urls import include, path

from runners.accounts import email_views, emails
from runners.accounts.confirmation import ConfirmAddressView
from runners.web.welcome import all_open_before_welcome, open_before_welcome

handler400 = "runners.web.error_views.bad_request"
handler500 = "runners.web.error_views.server_error"

urlpatterns = [
    path("", include("runners.urls")),
    path("", include("guidance.urls")),
    # In the place of allauth's page, which gives the old address up too early.
    path("accounts/email/", open_before_welcome(email_views.email), name="account_email"),
    path(
        "accounts/email/<slug:token>/",
        open_before_welcome(email_views.email_confirm),
        name="account_email_confirm",
    ),
    # In the place of allauth's, which confirms for whoever clicks.
    path(
        "accounts/confirm-email/<str:key>/",
        open_before_welcome(ConfirmAddressView.as_view()),
        name="account_confirm_email",
    ),
    # It says how long the link in the mail works.
    path(
        "accounts/password/reset/done/",
        open_before_welcome(
            PasswordResetDoneView.as_view(
                extra_context={"valid_days": emails.valid("account/email/password_reset_key").days}
            )
        ),
        name="account_reset_password_done",
    ),
    path("accounts/", all_open_before_welcome(include("allauth.account.urls"))),
    path(
        "accounts/second-step/",
        all_open_before_welcome(include("runners.accounts.second_step.urls")),
    ),
]
