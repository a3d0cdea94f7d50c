"""What is kept of the ways in is kept no longer than it is of use (PIPL 19)."""

from datetime import datetime, timedelta

from qianxian.web.models import Allowance, Delivery, FailedSignIn, OneTimeCode, SignIn
from qianxian.web.shell.lockout import LONGEST

KEPT = timedelta(days=1)
A_PHONE_IN_A_DRAWER = timedelta(days=90)


def forget(at: datetime) -> None:
    """Remove codes, failures and allowances of the day before, sign-ins whose session is over, and old keys of forms."""
    OneTimeCode.objects.filter(expires_at__lte=at - KEPT).delete()
    FailedSignIn.objects.filter(at__lte=at - KEPT).delete()
    Allowance.objects.filter(opened_at__lte=at - KEPT).delete()
    Delivery.objects.filter(taken_at__lte=at - A_PHONE_IN_A_DRAWER).delete()
    SignIn.objects.filter(began_at__lte=at - LONGEST).delete()
