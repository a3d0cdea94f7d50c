"""The lines that save lives, to be dialled and not written to (北京市接诉即办工作条例 10)."""

from django.utils.translation import gettext_lazy as _

NUMBERS = (
    ("110", _("报警")),
    ("119", _("火警、救援")),
    ("120", _("急救")),
    ("122", _("交通事故")),
)
