"""A browser by the names that people know."""

from django.utils.translation import gettext as _

# The first that occurs: WeChat, Edge and the rest all claim to be Chrome, and Chrome claims to be Safari.
BROWSERS = {"MicroMessenger": "微信 WeChat", "Edg": "Edge", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "Windows": "Windows",
    "Linux": "Linux",
}


def browser_words(announced: str) -> str:
    """Return such as "Chrome · Windows" for what a browser announces of itself."""
    known = (next((name for sign, name in names.items() if sign in announced), None) for names in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, known)) or _("不明浏览器")
