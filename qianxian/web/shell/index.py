"""Keyed indexes of what must be found again and not be read: a phone, a typed name, a code."""

from django.utils.crypto import salted_hmac


def phone_index(phone: str) -> str:
    """Return the blind index of a phone number."""
    return _index("phone", phone)


def name_index(username: str) -> str:
    """Return the index of a name typed at sign-in: a password typed in the wrong field must not be kept."""
    return _index("sign-in name", username.strip().casefold())


def code_hash(phone: str, code: str) -> str:
    """Return the hash of a code, of use for this phone only."""
    return _index("one-time code", f"{phone}:{code}")


def _index(purpose: str, value: str) -> str:
    return salted_hmac(f"qianxian.web.{purpose}", value, algorithm="sha256").hexdigest()
