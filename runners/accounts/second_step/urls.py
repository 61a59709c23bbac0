"""Of allauth's pages those that Limber has, by the names by which allauth asks for them."""

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.urls import path, reverse_lazy
from django.views.generic import RedirectView

SECURITY = reverse_lazy("runners:security")

urlpatterns = [
    path("", RedirectView.as_view(url=SECURITY), name="mfa_index"),
    path("sign-in/", AuthenticateView.as_view(), name="mfa_authenticate"),
    path("app/", ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("app/remove/", DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path("codes/", ViewRecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("codes/new/", GenerateRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("passkeys/add/", AddWebAuthnView.as_view(), name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/remove/",
        RemoveWebAuthnView.as_view(success_url=SECURITY),
        name="mfa_remove_webauthn",
    ),
]
