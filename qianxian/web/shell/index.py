"""Keyed indexes of what must be found again and not be read: a typed name, a code.

The index of a phone is that of its matters: `qianxian.matters.actions.intake.index_of`.
"""

from django.utils.crypto import salted_hmac


def name_index(username: str) -> str:
    """Return the index of a name typed at sign-in: a password typed in the wrong field must not be kept."""
    return _index("sign-in name", username.strip().casefold())


def code_hash(phone_index: str, code: str) -> str:
    """Return the hash of a code, of use for this phone only."""
    return _index("one-time code", f"{phone_index}:{code}")


def _index(purpose: str, value: str) -> str:
    return salted_hmac(f"qianxian.web.{purpose}", value, algorithm="sha256").hexdigest()
