from django.urls import include, path

from runners.accounts import email_views

handler400 = "runners.views.errors.bad_request"

urlpatterns = [
    path("", include("runners.urls")),
    path("", include("guidance.urls")),
    # In the place of allauth's page, which gives the old address up too early.
    path("accounts/email/", email_views.email, name="account_email"),
    path("accounts/email/<slug:token>/", email_views.email_confirm, name="account_email_confirm"),
    path("accounts/", include("allauth.account.urls")),
]
