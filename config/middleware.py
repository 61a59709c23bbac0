"""What every request passes through, whichever apps there are."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth_middleware
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

ON_HOST = "__Host-"
OF_BEFORE = {"sessionid", "csrftoken", "device"}  # until 0.4


class HostCookiesMiddleware(MiddlewareMixin):
    """On the wire each cookie is called `__Host-…`: a browser takes one of that name from this host
    alone, over TLS, so that no other site of the domain can plant one. Inside, names are plain.

    One of before has no prefix. It counts where there is no other, and is put in the place of it.
    """

    def process_request(self, request: HttpRequest) -> None:
        sent = request.COOKIES
        plain = {name: value for name, value in sent.items() if not name.startswith(ON_HOST)}
        ours = {name.removeprefix(ON_HOST): sent[name] for name in sent.keys() - plain.keys()}
        request.COOKIES = {**plain, **ours}
        old = OF_BEFORE & (plain.keys() - ours.keys())
        request.old_cookies = {name: plain[name] for name in old}  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        for name, value in getattr(request, "old_cookies", {}).items():
            if name not in response.cookies and value:
                age = settings.SESSION_COOKIE_AGE
                response.set_cookie(name, value, max_age=age, httponly=True, samesite="Lax")
        for name in [*response.cookies]:
            cookie = response.cookies.pop(name)
            cookie.set(f"{ON_HOST}{name}", cookie.value, cookie.coded_value)
            cookie["secure"], cookie["path"], cookie["domain"] = True, "/", ""
            response.cookies[cookie.key] = cookie
        for name in getattr(request, "old_cookies", {}):
            response.delete_cookie(name)
        return response


class ContentSecurityPolicyMiddleware(MiddlewareMixin):
    """Sends `settings.SECURE_CSP`, and that no other site may embed what is answered.

    Django 6 has the first of it built in, with the same setting.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        policy = "; ".join(
            f"{directive} {' '.join(values)}" for directive, values in settings.SECURE_CSP.items()
        )
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Reporting-Endpoints", settings.REPORTING_ENDPOINTS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
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
