"""What every request passes through, whichever apps there are."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth_middleware
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect


class ContentSecurityPolicyMiddleware(MiddlewareMixin):
    """Sends `settings.SECURE_CSP`. Django 6 has this built in, with the same setting."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        policy = "; ".join(
            f"{directive} {' '.join(values)}" for directive, values in settings.SECURE_CSP.items()
        )
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


class PermissionsPolicyMiddleware(MiddlewareMixin):
    """Sends `settings.PERMISSIONS_POLICY`, unless a view has sent another one with its page."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class LoginRequiredMiddleware(auth_middleware.LoginRequiredMiddleware):
    """Sign-in is the default; public views say `@login_not_required`."""

    def handle_no_permission(  # type: ignore[override]  # a redirect of its own kind
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        response = super().handle_no_permission(request, view_func)
        if getattr(request, "htmx", False):
            # htmx would follow a plain redirect and swap the sign-in page into a panel.
            return HttpResponseClientRedirect(response.url)
        return response
