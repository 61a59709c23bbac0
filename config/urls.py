from django.urls import include, path

urlpatterns = [
    path("", include("runners.urls")),
    path("", include("guidance.urls")),
    path("accounts/", include("allauth.account.urls")),
]
