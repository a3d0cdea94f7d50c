"""Rules of the code that proves a phone: six digits, five minutes, five tries, one use."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LASTS = timedelta(minutes=5)
TRIES = 5
MOBILE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True)
class Code:
    """One code as it was sent."""

    code_hash: str
    expires_at: datetime
    tries: int = 0
    used_at: datetime | None = None


class Verdict(Enum):
    """What may be said of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"
    EXPIRED = "expired"
    TRIED_OUT = "tried_out"
    NONE = "none"


SENTENCES: dict[Verdict, str | Promise] = {
    Verdict.WRONG: _("验证码不对，请看清短信再输一次。"),
    Verdict.USED: _("这个验证码已经用过了，每个验证码只能用一次。请重新获取。"),
    Verdict.EXPIRED: _("验证码已过 5 分钟，失效了。请重新获取。"),
    Verdict.TRIED_OUT: _("输错 5 次，这个验证码已作废。请重新获取。"),
    Verdict.NONE: _("还没有给这个号码发过验证码。请先点“获取验证码”。"),
}


def judge(code: Code | None, typed_hash: str, at: datetime) -> Verdict:
    """Return what a typed code is worth at `at`; a used one is named as used before anything else."""
    if code is None:
        return Verdict.NONE
    if code.used_at is not None:
        return Verdict.USED
    if at >= code.expires_at:
        return Verdict.EXPIRED
    if code.tries >= TRIES:
        return Verdict.TRIED_OUT
    return Verdict.RIGHT if typed_hash == code.code_hash else Verdict.WRONG


def mobile(typed: str) -> str | None:
    """Return the eleven digits of a mainland mobile number, however they were typed, or None."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", typed))
    digits = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)
    return digits if MOBILE.fullmatch(digits) else None


def masked(phone: str) -> str:
    """Return a number that its owner recognises and nobody else can call."""
    return f"{phone[:3]}****{phone[-4:]}"
