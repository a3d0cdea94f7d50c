"""Addresses of the desks."""

from django.urls import path

from qianxian.web.desk import matter, offline, phone, views

urlpatterns = [
    path("outbox/", offline.page, name="outbox"),
    path("desk/", views.desk, name="desk"),
    path("desk/batch/", views.batch, name="desk_batch"),
    path("desk/export/", views.export, name="desk_export"),
    path("desk/register/", phone.register, name="desk_register"),
    path("desk/register/<str:code>/", phone.registered, name="desk_registered"),
    path("desk/matters/<str:code>/", matter.matter, name="desk_matter"),
    path("desk/matters/<str:code>/requester/", matter.requester, name="desk_requester"),
    path("desk/matters/<str:code>/attachments/<int:number>/", matter.attachment, name="desk_attachment"),
    path("desk/matters/<str:code>/<slug:deed>/", matter.deed, name="desk_deed"),
]
