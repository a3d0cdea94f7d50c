"""Every address of the web, by the people who use it."""

from django.urls import URLPattern, URLResolver

from qianxian.web.api import urls as api
from qianxian.web.shell import urls as shell

urlpatterns: list[URLPattern | URLResolver] = [*shell.urlpatterns, *api.urlpatterns]
