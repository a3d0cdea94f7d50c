from django.http import HttpRequest, HttpResponse


def bring(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse("")
