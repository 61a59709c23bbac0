from django.urls import include, path

handler400 = "runners.views.errors.bad_request"

urlpatterns = [
    path("", include("runners.urls")),
    path("", include("guidance.urls")),
    path("accounts/", include("allauth.account.urls")),
]
