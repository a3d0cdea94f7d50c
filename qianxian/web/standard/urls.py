"""Addresses of the data standard."""

from django.urls import path

from . import tables, views

urlpatterns = [
    path("standard/", views.listing, name="standard"),
    path("standard/elements/<str:code>/", views.one, name="standard_element"),
    path("standard/tables/", tables.listing, name="standard_tables"),
    path("standard/tables/<slug:name>/", tables.one, name="standard_table"),
]
