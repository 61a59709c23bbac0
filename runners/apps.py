from django.apps import AppConfig
from django.conf import settings

from runners.web.logs import log_what_breaks


class RunnersConfig(AppConfig):
    name = "runners"

    def ready(self) -> None:
        if not settings.DEBUG:
            log_what_breaks()
