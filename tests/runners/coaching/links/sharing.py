"""Where an athlete reads and changes what coaches see."""

from runners.models import CoachLink

PAGE = "/settings/sharing/"


def page_of(link: CoachLink) -> str:
    return f"{PAGE}{link.pk}/"
