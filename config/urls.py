from django.urls import include, path

from runners.accounts.confirmation import ConfirmAddressView

urlpatterns = [
    path("", include("runners.urls")),
    path("", include("guidance.urls")),
    # In the place of allauth's, which confirms for whoever clicks.
    path(
        "accounts/confirm-email/<str:key>/",
        ConfirmAddressView.as_view(),
        name="account_confirm_email",
    ),
    path("accounts/", include("allauth.account.urls")),
]
