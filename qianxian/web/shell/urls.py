"""Addresses of the frame."""

from django.urls import URLPattern, URLResolver, include, path

from qianxian.web.shell import outbox, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sw.js", outbox.worker, name="service_worker"),
    path("manifest.webmanifest", outbox.manifest, name="manifest"),
    path("outbox/key/", outbox.key, name="outbox_key"),
    path("", views.home, name="home"),
    path("language/", include("django.conf.urls.i18n")),
    path("print/", views.print_size, name="print_size"),
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("account/password/", views.password_change, name="password_change"),
    path("account/sign-ins/", views.sign_ins, name="sign_ins"),
    path("account/sign-ins/end/", views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("me/", views.resident_enter, name="resident_enter"),
    path("me/code/", views.resident_code, name="resident_code"),
    path("me/leave/", views.resident_leave, name="resident_leave"),
    path("burden/", views.report_burden, name="report_burden"),
]
