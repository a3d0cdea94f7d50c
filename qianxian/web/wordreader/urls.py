from django.urls import path

from . import views

urlpatterns = [
    path("words/", views.home, name="words"),
    path("words/drop", views.drop, name="words_drop"),
    path("words/<str:token>/match", views.match, name="words_match"),
    path("words/<str:token>/", views.result, name="words_result"),
    path("words/<str:token>/use", views.use, name="words_use"),
]
