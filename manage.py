#!/usr/bin/env python
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config.private_files import UMASK

if __name__ == "__main__":
    os.umask(UMASK)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        # First, for one clear line instead of a traceback: the environment, then the knowledge.
        import config.settings  # noqa: F401

        django.setup()
    except ImproperlyConfigured as problem:
        sys.exit(f"Limber cannot start: {problem}")
    execute_from_command_line(sys.argv)
