"""Addresses of the gate, the calendar and the certificates desk."""

from django.urls import path

from qianxian.web.errands import calendar, certificates, community, public, requests

urlpatterns = [
    path("errands/", requests.requests, name="errands"),
    path("errands/ask/", requests.ask, name="errand_ask"),
    path("errands/ask/<int:number>/take-back/", requests.take_back, name="errand_take_back"),
    path("errands/new/", requests.write, name="errand_new"),
    path("errands/refusals/", community.refusals, name="refusals"),
    path("errands/refusals/<int:number>/note/", community.note, name="refusal_note"),
    path("errands/<int:number>/", requests.errand, name="errand"),
    path("errands/<int:number>/edit/", requests.write, name="errand_edit"),
    path("errands/<int:number>/<slug:deed>/", requests.deed, name="errand_deed"),
    path("gate/", community.community, name="gate"),
    path("gate/refuse/", community.refuse_what_came, name="gate_refuse_what_came"),
    path("gate/refuse/<int:number>/", community.refuse, name="gate_refuse"),
    path("gate/undo/<int:number>/", community.undo, name="gate_undo"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/new/", calendar.meet, name="calendar_new"),
    path("calendar/merge/", calendar.merge, name="calendar_merge"),
    path("calendar/subscription/", calendar.subscription, name="calendar_subscription"),
    path("calendar/feed/<str:secret>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("calendar/<int:number>/", calendar.meeting, name="meeting"),
    path("calendar/<int:number>/minutes/", calendar.minute, name="meeting_minutes"),
    path("calendar/<int:number>/turn/", calendar.turn, name="meeting_turn"),
    path("calendar/<int:number>/cancel/", calendar.cancel, name="meeting_cancel"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/new/<slug:kind>/", certificates.issue, name="certificate_new"),
    path("certificates/<int:number>/", certificates.certificate, name="certificate"),
    path("certificates/<int:number>/revoke/", certificates.revoke, name="certificate_revoke"),
    path("v/<slug:token>/", certificates.verify, name="verify_certificate"),
    path("admitted/", public.admitted, name="admitted"),
    path("admitted/<int:number>/", public.admitted_one, name="admitted_one"),
]
