"""Addresses of the register."""

from django.urls import path

from qianxian.web.records import corrections, handouts, listing, mine, page, pairs, writing

urlpatterns = [
    path("records/", listing.records, name="records"),
    path("records/pairs/", pairs.pairs, name="record_pairs"),
    path("records/pairs/<int:number>/", pairs.decide, name="record_pair"),
    path("records/corrections/", corrections.corrections, name="record_corrections"),
    path("records/corrections/<int:number>/", corrections.answer, name="record_correction"),
    path("records/exports/", handouts.handouts, name="record_handouts"),
    path("records/exports/ask/", handouts.ask, name="record_handout_ask"),
    path("records/exports/<str:code>/decide/", handouts.decide, name="record_handout_decide"),
    path("records/exports/<str:code>/", handouts.fetch, name="record_handout"),
    path("records/new/<str:entity>/", writing.new, name="record_new"),
    path("records/<str:code>/", page.record, name="record"),
    path("records/<str:code>/read/", page.read, name="record_read"),
    path("records/<str:code>/write/<str:group>/", writing.write, name="record_write"),
    path("records/<str:code>/give/", writing.give, name="record_give"),
    path("records/<str:code>/give/<int:number>/back/", writing.take_back, name="record_take_back"),
    path("records/<str:code>/correct/", corrections.ask, name="record_ask_correction"),
    path("mine/record/", mine.my_record, name="my_record"),
    path("mine/record/<str:code>/correct/", mine.correct, name="my_record_correct"),
]
