"""What an address asks for, fit to be handed to the database."""

from django.http import HttpRequest


def asked(request: HttpRequest, name: str, otherwise: str = "") -> str:
    """Return a word of the address without the space around it; the character NUL is nothing that anybody types."""
    return str(request.GET.get(name, otherwise)).replace("\0", "").strip()
