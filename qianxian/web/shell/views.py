"""Pages of the frame: home, size of print, sign-in of staff and of residents, burden."""

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianxian.web.acting import actor_of
from qianxian.web.desk.burden import file_burden
from qianxian.web.models import BurdenReport, SignIn
from qianxian.web.shell.accepted import EVERYTHING, accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.allowance import require_allowance
from qianxian.web.shell.context import PRINT_COOKIE
from qianxian.web.shell.forms import BurdenForm, CodeForm, PhoneForm, SignInForm
from qianxian.web.shell.lockout import BY_ACCOUNT
from qianxian.web.shell.navigation import STAFF
from qianxian.web.shell.one_time_code import LASTS, SENTENCES, Verdict
from qianxian.web.shell.resident import Phone, ask_code, awaited, enter_by_code, leave
from qianxian.web.shell.sign_in import MustWait, end_elsewhere, forget_sign_in, note_sign_in, try_sign_in

if TYPE_CHECKING:
    from qianxian.cadres.models import Account

YEAR = 365 * 24 * 3600
CODES_BY_PHONE, CODES_BY_ADDRESS = 5, 30  # a whole community may come from one address


def next_page(request: HttpRequest) -> str:
    """Return the page to go on to: the one asked for when it is ours, else home."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if allowed else "/"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the front door."""
    return render(request, "shell/home.html")


@require_POST
def print_size(request: HttpRequest) -> HttpResponse:
    """Change between the standard and the large print and remember it for a year."""
    response = redirect(next_page(request))
    size = "large" if request.POST.get("size") == "large" else "normal"
    response.set_cookie(PRINT_COOKIE, size, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let staff in."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _signed_in(request, form):
        return redirect(next_page(request))
    return render(
        request, "accounts/login.html", {"form": form, "next": next_page(request)}, status=422 if form.errors else 200
    )


def _signed_in(request: HttpRequest, form: SignInForm) -> bool:
    try:
        account = try_sign_in(request, form.cleaned_data["username"], form.cleaned_data["password"], at=timezone.now())
    except MustWait as wait:
        minutes = max(1, round((wait.until - timezone.now()).total_seconds() / 60))
        form.add_error(
            None,
            _("输错次数太多，请 %(minutes)s 分钟后再试。忘了密码请找本单位的数据管理员重设。") % {"minutes": minutes},
        )
        return False
    if account is None:
        form.add_error(
            None, _("用户名或密码不对，请再试一次。连续输错 %(most)s 次要等 15 分钟。") % {"most": BY_ACCOUNT.failures}
        )
    return account is not None


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session and let the browser forget every draft."""
    forget_sign_in(request)
    logout(request)
    accept(request, EVERYTHING, _("已退出。"))
    return redirect("home")


@sensitive_post_parameters()
@for_roles(*STAFF)
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session ends with the old one."""
    account = cast("Account", request.user)
    form = PasswordChangeForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        account.must_change_password = False
        form.save()
        forget_sign_in(request)
        update_session_auth_hash(request, account)
        note_sign_in(request, account, at=timezone.now())
        end_elsewhere(request, account)
        messages.success(request, _("密码已修改，其他地方的登录都已退出。"))
        return redirect("home")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)


@for_roles(*STAFF)
@require_GET
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Show where this account is signed in."""
    held = SignIn.objects.filter(account=cast("Account", request.user)).order_by("-began_at")[:50]
    return render(request, "accounts/sign_ins.html", {"held": held, "here": request.session.session_key})


@for_roles(*STAFF)
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End every session of this account but this one."""
    count = end_elsewhere(request, cast("Account", request.user))
    messages.success(request, _("已退出其他 %(count)s 处登录。") % {"count": count})
    return redirect("sign_ins")


@require_http_methods(["GET", "POST"])
def resident_enter(request: HttpRequest) -> HttpResponse:
    """Ask a resident for the phone, and send a code to it."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone = Phone.of(form.cleaned_data["phone"])
        require_allowance(
            request, "one-time code", most=CODES_BY_ADDRESS, per=2 * LASTS, phone_index=phone.index,
            most_by_phone=CODES_BY_PHONE,
        )  # fmt: skip
        return _code_page(request, phone, CodeForm(), code=ask_code(request, phone, at=timezone.now()))
    return render(
        request,
        "accounts/resident_phone.html",
        {"form": form, "next": next_page(request)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def resident_code(request: HttpRequest) -> HttpResponse:
    """Take the code that came; a right one lets the resident in."""
    phone = awaited(request)
    if phone is None:
        messages.warning(request, _("请先填手机号，获取验证码。"))
        return redirect("resident_enter")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verdict = enter_by_code(request, phone, form.cleaned_data["code"], at=timezone.now())
        if verdict is Verdict.RIGHT:
            return redirect(next_page(request))
        form.add_error("code", str(SENTENCES[verdict]))
    return _code_page(request, phone, form)


def _code_page(request: HttpRequest, phone: Phone, form: CodeForm, code: str = "") -> HttpResponse:
    shown = code if settings.DEMONSTRATION else ""
    words = {"form": form, "masked": phone.masked, "shown_code": shown, "next": next_page(request)}
    return render(request, "accounts/resident_code.html", words, status=422 if form.errors else 200)


@require_POST
def resident_leave(request: HttpRequest) -> HttpResponse:
    """Forget the resident on this device."""
    leave(request)
    accept(request, EVERYTHING, _("已退出。"))
    return redirect("home")


@for_roles(*STAFF)
@require_http_methods(["GET", "POST"])
def report_burden(request: HttpRequest) -> HttpResponse:
    """Take in what should not have been asked of a member of staff."""
    form = BurdenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = _file_burden(request, form)
        done = _("报上去了，编号 %(code)s，会有单位限时答复。") % {"code": code} if code else _("记下了。")
        accept(request, "burden", done)
        return redirect(next_page(request))
    return render(
        request, "shell/burden.html", {"form": form, "next": next_page(request)}, status=422 if form.errors else 200
    )


@transaction.atomic
def _file_burden(request: HttpRequest, form: BurdenForm) -> str:
    """Keep the report, and bring a matter with an owner and a clock."""
    said, at = form.cleaned_data, timezone.now()
    report = BurdenReport.objects.create(
        account=cast("Account", request.user), at=at, kind=said["kind"], words=said["words"], page=said["page"]
    )
    kind = str(dict(BurdenForm.KINDS)[said["kind"]])
    return file_burden(**{**said, "kind": kind}, report=report.pk, actor=actor_of(request), at=at)
