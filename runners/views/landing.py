"""What a stranger sees: the landing page, privacy, and a look around as the demo runner."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from runners import demo
from runners.http import PublicRequest
from runners.models import User


def demo_runner() -> User | None:
    """Ana, where there is demo data and trying out is on."""
    if not settings.DEBUG:
        return None
    return User.objects.filter(is_demo=True, email=demo.EMAIL).first()


@login_not_required
@require_safe
def landing(request: PublicRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("guidance:today")
    return render(request, "runners/landing.html", {"demo_runner": demo_runner()})


@login_not_required
@require_safe
def privacy(request: PublicRequest) -> HttpResponse:
    host = {"host_name": settings.HOST_NAME, "host_contact": settings.HOST_CONTACT}
    return render(request, "runners/privacy.html", host)


@login_not_required
@require_POST
def look_around(request: PublicRequest) -> HttpResponse:
    runner = demo_runner()
    if runner is None:
        raise Http404
    login(request, runner, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("guidance:today")
