"""The entry of live events for an ASGI server: a page that waits for news holds no thread of the pages' server."""

import os
from importlib import import_module

import django

from .process import die_with_server, open_many_files

LIVE = "qianxian.web.live"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianxian.config.settings")
die_with_server()
open_many_files()  # an open page is one
django.setup()
application = import_module(LIVE).application
