"""Addresses of the register as it is revised."""

from django.urls import path

from qianxian.web.drafting import bringing, comparing, deeds, draft, lines, overview, replay

urlpatterns = [
    path("register/", overview.overview, name="register_drafts"),
    path("register/begin/", overview.begin, name="register_begin"),
    path("register/restore/", overview.restore, name="register_restore"),
    path("register/compare/", comparing.compare, name="register_compare"),
    path("register/proposals/<int:proposal>/take/", lines.take, name="register_take"),
    path("register/drafts/<int:number>/", draft.page, name="register_draft"),
    path("register/drafts/<int:number>/lines/", lines.listing, name="register_lines"),
    path("register/drafts/<int:number>/line/", lines.line, name="register_line"),
    path("register/drafts/<int:number>/import/", bringing.bring, name="register_bring"),
    path("register/drafts/<int:number>/replay/", replay.replay, name="register_replay"),
    path("register/drafts/<int:number>/<str:deed>/", deeds.do, name="register_deed"),
]
