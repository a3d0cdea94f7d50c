"""Every refusal is a page of the product: what happened, in one sentence, and a way on. Never a traceback."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Refusal:
    """A title, one sentence, and the way on: home, back, or login."""

    title: str | Promise
    sentence: str | Promise
    way: str = "home"


REFUSALS: dict[int, Refusal] = {
    400: Refusal(_("没看懂这次请求"), _("发来的内容不完整或格式不对，没有办成。请返回上一页检查后再试一次。"), "back"),
    403: Refusal(_("这一页不归您看"), _("您的岗位没有打开这一页的权限。如果工作需要，请找街道的数据管理员调整。")),
    404: Refusal(_("没有找到这一页"), _("网址可能抄错了，或者这件事已不在您能看的范围里。可以从首页重新找。")),
    405: Refusal(_("这里不能这样操作"), _("这个地址只能从页面上的按钮进入。请回到上一页，点按钮办理。"), "back"),
    409: Refusal(
        _("别人刚刚改过"),
        _("在您填写的时候，这件事已经有了新进展。请返回上一页刷新，看过再办；您填的内容还在。"),
        "back",
    ),
    413: Refusal(
        _("内容太大"),
        _(
            "一次提交最多 64 MB，这次的太大，没有收下。照片和 PDF 每个不超过 10 MB；您填的文字还在，返回上一页换个文件再交。"
        ),
        "back",
    ),
    429: Refusal(
        _("请稍等一会儿"), _("短时间内操作太多次了，请过几分钟再试。着急的事请直接拨打社区电话或 12345。"), "back"
    ),
    500: Refusal(
        _("系统出了差错"), _("这次没有办成，不是您操作的问题，差错已经记下。请过几分钟再试；您填的内容还在。"), "back"
    ),
    503: Refusal(_("系统正在维护"), _("系统暂时不能用，请过几分钟再试。着急的事请直接拨打社区电话或 12345。"), "back"),
}
CSRF = Refusal(
    _("页面打开太久了"),
    _("为了安全，这次提交没有收下：页面打开太久，或者您在别的标签页重新登录过。请返回上一页再交一次，您填的内容还在。"),
    "back",
)


def refuse(request: HttpRequest | None, status: int, refusal: Refusal | None = None, **words: Any) -> HttpResponse:
    """Answer with the page of a refusal, or with the same words as JSON where a program asked."""
    said = refusal or REFUSALS.get(status) or REFUSALS[500 if status >= 500 else 400]
    if request is not None and asks_for_json(request):
        return JsonResponse({"error": status, "title": str(said.title), "detail": str(said.sentence)}, status=status)
    page = render_to_string("errors/page.html", {"status": status, "refusal": said, **_print_size(request), **words})
    return HttpResponse(page, status=status)


def asks_for_json(request: HttpRequest) -> bool:
    """Return whether a program asked: an address of the API, or an Accept header that names JSON and not HTML."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "html" not in accept)


def _print_size(request: HttpRequest | None) -> dict[str, bool]:
    return {"large_print": request is not None and request.COOKIES.get("print") == "large"}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read; a body beyond the cap has its own sentence."""
    return refuse(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer one who is known and may not."""
    return refuse(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return refuse(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when the platform itself failed; touches neither database nor session."""
    return refuse(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old."""
    return refuse(request, 403, CSRF)


def has_own_page(response: HttpResponse) -> bool:
    """Return whether a refused answer already says something to the reader."""
    return bool(response.streaming or response.content) and not _is_bare(response)


def _is_bare(response: HttpResponse) -> bool:
    """Return whether the body is Django's own one-line text."""
    return not response.streaming and len(response.content) < 200 and b"<h1>" in response.content
