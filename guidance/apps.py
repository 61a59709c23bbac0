from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured

from guidance.knowledge import KnowledgeError, current_knowledge


class GuidanceConfig(AppConfig):
    name = "guidance"

    def ready(self) -> None:
        """Read the knowledge at the start: a wrong file must not wait for the first visitor."""
        try:
            current_knowledge()
        except KnowledgeError as problem:
            raise ImproperlyConfigured(str(problem)) from None
