from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from runners.web.logs import log_what_breaks


class RunnersConfig(AppConfig):
    name = "runners"

    def ready(self) -> None:
        import_module("runners.accounts.second_step.actions")  # it listens to allauth
        if not settings.DEBUG:
            log_what_breaks()
