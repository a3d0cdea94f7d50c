"""Telling the browser that a form has arrived, so that it forgets what it kept of it."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

EVERYTHING = "*"


def accept(request: HttpRequest, draft: str, sentence: str | Promise) -> None:
    """Show `sentence` on the next page and let the browser forget the form marked data-draft="{draft}"."""
    messages.success(request, str(sentence), extra_tags=draft)
