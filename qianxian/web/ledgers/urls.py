"""Addresses of the ledgers."""

from django.urls import path

from qianxian.web.ledgers import blanks, definitions, listing, matrix, page, versions

urlpatterns = [
    path("ledgers/", listing.ledgers, name="ledgers"),
    path("ledgers/matrix/", matrix.matrix, name="ledger_matrix"),
    path("ledgers/blank/", blanks.blank, name="ledger_blank"),
    path("ledgers/new/", definitions.new, name="ledger_new"),
    path("ledgers/frozen/<str:code>/", versions.fetch, name="ledger_frozen"),
    path("ledgers/pull/<str:token>/", versions.pull, name="ledger_pull"),
    path("ledgers/<str:code>/", page.ledger, name="ledger"),
    path("ledgers/<str:code>/sign/", page.sign, name="ledger_sign"),
    path("ledgers/<str:code>/freeze/", versions.freeze, name="ledger_freeze"),
    path("ledgers/<str:code>/stop/", definitions.stop, name="ledger_stop"),
    path("ledgers/<str:code>/definition/", definitions.definition, name="ledger_definition"),
]
