"""The seal of this platform, under every key that it holds."""

from django.conf import settings

from qianxian.kernel.sealing import Ring


def ring() -> Ring:
    """Return the seal under the newest key, which opens what older keys have sealed; a new key is seen at once."""
    return Ring(settings.SEAL_KEYS())
