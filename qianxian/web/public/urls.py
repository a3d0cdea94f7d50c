"""Addresses of the register as everybody may read it."""

from django.urls import path

from qianxian.web.public import articles, who

urlpatterns = [
    path("who/", who.who, name="who"),
    path("who/topics/", who.tree, name="who_topics"),
    path("who/open/", who.open_spots, name="who_open"),
    path("articles/", articles.articles, name="articles"),
    path("articles.xlsx", articles.export, name="articles_export"),
    path("articles/<int:edition>/<path:number>/", articles.article, name="article"),
]
