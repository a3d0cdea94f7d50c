from django.urls import path

from . import views

urlpatterns = [
    path("learned/", views.upload, name="learned_upload"),
    path("learned/own", views.from_own, name="learned_own"),
    path("learned/<str:token>/match", views.match, name="learned_match"),
    path("learned/<str:token>/", views.result, name="learned_result"),
    path("learned/<str:token>/use", views.use, name="learned_use"),
    path("learned/<str:token>/take", views.take, name="learned_take"),
    path("learned/<str:token>/proposals.xlsx", views.proposals_book, name="learned_proposals"),
    path("learned/<str:token>/<str:name>.xlsx", views.sheet, name="learned_sheet"),
]
