"""The pages' entry for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from .process import die_with_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianxian.config.settings")
die_with_server()
application = get_wsgi_application()
