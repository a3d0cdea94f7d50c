from django.urls import path

from . import views

urlpatterns = [
    path("imports/", views.upload, name="import_upload"),
    path("imports/<str:token>/match", views.match, name="import_match"),
    path("imports/<str:token>/", views.result, name="import_result"),
    path("imports/<str:token>/result.xlsx", views.download, name="import_download"),
]
