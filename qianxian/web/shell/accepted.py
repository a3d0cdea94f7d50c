"""Telling the browser that a form has arrived, so that it forgets what it kept of it."""

from django.contrib import messages
from django.http import HttpRequest

EVERYTHING = "*"


def accept(request: HttpRequest, draft: str, sentence: str) -> None:
    """Show `sentence` on the next page and let the browser forget the form marked data-draft="{draft}"."""
    messages.success(request, sentence, extra_tags=draft)
