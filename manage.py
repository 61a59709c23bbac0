#!/usr/bin/env python
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        import config.settings  # noqa: F401  # first, for one clear line instead of a traceback
    except ImproperlyConfigured as problem:
        sys.exit(f"Limber cannot start: {problem}")
    execute_from_command_line(sys.argv)
