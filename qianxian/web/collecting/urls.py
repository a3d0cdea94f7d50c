"""Addresses of forms."""

from django.urls import path

from . import answers, designing, filling, listing, openrosa, publishing

urlpatterns = [
    path("openrosa/formList", openrosa.form_list, name="openrosa_forms"),
    path("openrosa/submission", openrosa.submission, name="openrosa_submission"),
    path("openrosa/forms/<str:code>/<int:number>/form.xml", openrosa.form, name="openrosa_form"),
    path("openrosa/forms/<str:code>/<int:number>/manifest", openrosa.manifest, name="openrosa_manifest"),
    path("openrosa/forms/<str:code>/<int:number>/media/<str:name>", openrosa.file, name="openrosa_file"),
    path("forms/", listing.forms, name="collecting"),
    path("forms/design/", designing.design, name="collecting_design"),
    path("forms/bring/", publishing.bring, name="collecting_bring"),
    path("forms/bring/<str:token>/", publishing.check, name="collecting_check"),
    path("forms/<str:code>/", listing.form, name="collecting_form"),
    path("forms/<str:code>/turn/", listing.turn, name="collecting_turn"),
    path("forms/<str:code>/fill/", filling.fill, name="collecting_fill"),
    path("forms/<str:code>/editions/<int:number>/", listing.workbook, name="collecting_workbook"),
    path("forms/<str:code>/answers/", answers.answers, name="collecting_answers"),
    path("forms/<str:code>/answers/<int:number>/", answers.answer, name="collecting_answer"),
    path("forms/<str:code>/answers/<int:number>/settle/", answers.settle, name="collecting_settle"),
    path("forms/<str:code>/answers/<int:number>/files/<str:name>", answers.file, name="collecting_file"),
]
