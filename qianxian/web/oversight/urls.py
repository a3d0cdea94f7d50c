"""Addresses of the street's desk and the supervisor's, and of the rates that are public."""

from django.urls import path

from qianxian.web.oversight import board, listing, outline, public, rates, rulings, themes, waiting, whistles

urlpatterns = [
    path("oversight/", waiting.waiting, name="oversight_waiting"),
    path("oversight/matters/", listing.matters, name="oversight_matters"),
    path("oversight/whistles/", whistles.whistles, name="oversight_whistles"),
    path("oversight/whistles/<int:number>/", whistles.whistle, name="oversight_whistle"),
    path("oversight/whistles/<int:number>/close/", whistles.close, name="oversight_close_whistle"),
    path("oversight/arrivals/<int:number>/rate/", whistles.rate, name="oversight_rate_arrival"),
    path("oversight/rates/", rates.rates, name="oversight_rates"),
    path("oversight/rates/publish/", rates.publish, name="oversight_publish"),
    path("oversight/rulings/", rulings.rulings, name="oversight_rulings"),
    path("oversight/board/", board.show, name="oversight_board"),
    path("oversight/map/", outline.outline, name="oversight_map"),
    path("oversight/themes/", themes.growing, name="oversight_themes"),
    path("oversight/themes/declare/", themes.declare, name="oversight_declare_theme"),
    path("oversight/themes/<int:number>/conclude/", themes.conclude, name="oversight_conclude_theme"),
    path("themes/", themes.declared, name="themes"),
    path("rates/", public.published, name="published_rates"),
]
