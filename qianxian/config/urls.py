"""The addresses, and the pages of what goes wrong."""

from qianxian.web.urls import urlpatterns

handler400 = "qianxian.web.shell.errors.bad_request"
handler403 = "qianxian.web.shell.errors.forbidden"
handler404 = "qianxian.web.shell.errors.not_found"
handler500 = "qianxian.web.shell.errors.broken"

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
