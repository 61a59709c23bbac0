import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler

from config.private_files import UMASK

os.umask(UMASK)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from django.urls import get_resolver  # noqa: E402  # these need the settings

from config.frames import with_room  # noqa: E402
from config.readable import Request  # noqa: E402


class Handler(WSGIHandler):
    request_class = Request

    def __call__(self, *args: Any) -> Any:
        return with_room(super().__call__, *args)


application = Handler()
_ = get_resolver().url_patterns  # all pages: else the first visitor of a process waits for them
