import os

import django
from django.core.handlers.wsgi import WSGIHandler

from config.private_files import UMASK

os.umask(UMASK)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from config.readable import Request  # noqa: E402  # it needs the settings


class Handler(WSGIHandler):
    request_class = Request


application = Handler()
