import re
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from qianxian.web.models import FailedSignIn, OneTimeCode, SignIn
from qianxian.web.shell import allowance
from qianxian.web.shell.resident import PENDING
from qianxian.web.shell.sign_in import BEGAN, SEEN

pytestmark = pytest.mark.django_db
PASSWORD = "柳岸的灯亮了 2026"
NUMBER = "13800000001"


def enter(client: Client, password: str = PASSWORD, username: str = "lin", **more):
    return client.post("/login/", {"username": username, "password": password, **more})


def move_session(client: Client, key: str, back: timedelta) -> None:
    session = client.session
    session[key] = (datetime.fromisoformat(session[key]) - back).isoformat()
    session.save()


# Sign-in


def test_staff_sign_in_once_and_come_to_the_page_they_asked_for(client, staff):
    staff()
    response = client.get("/account/sign-ins/")
    assert response.url == "/login/?next=/account/sign-ins/"
    assert enter(client, next="/account/sign-ins/").url == "/account/sign-ins/"
    assert "就是这里" in client.get("/account/sign-ins/").content.decode()


def test_a_sign_in_never_leads_to_another_site(client, staff):
    staff()
    assert enter(client, next="https://elsewhere.example/").url == "/"


def test_a_sign_in_changes_the_key_of_the_session(client, staff):
    staff()
    client.post("/me/", {"phone": NUMBER})
    before = client.session.session_key
    enter(client)
    assert client.session.session_key != before


def test_a_wrong_password_is_told_in_one_sentence_that_does_not_say_which_part_was_wrong(client, staff):
    staff()
    known, unknown = enter(client, "wrong"), enter(client, "wrong", username="nobody")
    assert known.status_code == unknown.status_code == 422
    assert all("用户名或密码不对" in answer.content.decode() for answer in (known, unknown))


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client, staff):
    staff()
    for _attempt in range(5):
        enter(client, "wrong")
    assert "分钟后再试" in enter(client).content.decode()
    FailedSignIn.objects.update(at=timezone.now() - timedelta(minutes=15))
    assert enter(client).status_code == 302


def test_a_colleague_at_the_same_address_is_not_shut_out_by_five_mistakes(client, staff):
    staff()
    staff(username="gao")
    for _attempt in range(5):
        enter(client, "wrong")
    assert enter(client, username="gao").status_code == 302


def test_an_address_that_tries_twenty_names_must_wait(client, staff):
    staff()
    for number in range(20):
        enter(client, "wrong", username=f"name-{number}")
    assert "分钟后再试" in enter(client).content.decode()


def test_a_typed_name_is_not_kept_for_it_may_be_a_password(client):
    enter(client, "x", username=PASSWORD)
    assert PASSWORD not in str(list(FailedSignIn.objects.values()))


def test_an_account_that_has_left_is_out_at_the_next_page(client, staff):
    account = staff()
    enter(client)
    type(account).objects.update(is_active=False)
    assert client.get("/account/sign-ins/").url.startswith("/login/")


# Sessions


def test_half_an_hour_without_use_ends_a_session_and_says_so(client, staff):
    staff()
    enter(client)
    move_session(client, SEEN, timedelta(minutes=30))
    response = client.get("/account/sign-ins/", follow=True)
    assert "30 分钟没有操作" in response.content.decode()
    assert SignIn.objects.count() == 0


def test_work_keeps_a_session_alive_until_half_a_day_is_over(client, staff):
    staff()
    enter(client)
    move_session(client, SEEN, timedelta(minutes=29))
    assert client.get("/account/sign-ins/").status_code == 200
    move_session(client, SEEN, timedelta(minutes=29))
    assert client.get("/account/sign-ins/").status_code == 200
    move_session(client, BEGAN, timedelta(hours=12))
    assert client.get("/account/sign-ins/").status_code == 302


def test_a_form_posted_after_the_session_ended_leads_back_to_the_form(client, staff):
    staff()
    response = client.post("/burden/", {"kind": "rank"}, headers={"referer": "http://testserver/account/sign-ins/?a=1"})
    assert response.url == "/login/?next=/account/sign-ins/%3Fa%3D1"


def test_a_part_of_a_page_asked_for_after_the_session_ended_moves_the_whole_page(client):
    response = client.get(
        "/account/sign-ins/", headers={"hx-request": "true", "hx-current-url": "http://testserver/burden/"}
    )
    assert response.headers["HX-Redirect"] == "/login/?next=/burden/"


def test_leaving_everywhere_else_leaves_only_this_session(client, staff):
    staff()
    other = Client()
    enter(other)
    enter(client)
    client.post("/account/sign-ins/end/")
    assert other.get("/account/sign-ins/").status_code == 302
    assert client.get("/account/sign-ins/").status_code == 200


def test_a_new_password_ends_every_other_session_and_none_of_its_own(client, staff):
    staff()
    other = Client()
    enter(other)
    enter(client)
    new = "钟楼下的石榴树又开花了 9"
    client.post("/account/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert other.get("/account/sign-ins/").status_code == 302
    assert client.get("/account/sign-ins/").status_code == 200
    assert enter(Client(), new).status_code == 302


def test_a_password_set_by_another_must_be_changed_before_anything_else(client, staff):
    account = staff()
    type(account).objects.update(must_change_password=True)
    enter(client)
    assert client.get("/account/sign-ins/").url == "/account/password/"
    client.post(
        "/account/password/",
        {"old_password": PASSWORD, "new_password1": "石榴树 又开花了 2027", "new_password2": "石榴树 又开花了 2027"},
    )
    assert client.get("/account/sign-ins/").status_code == 200


@pytest.mark.parametrize("weak", ["short", "password1234", "123456789012", "qwertyuiop123"])
def test_a_weak_password_is_refused_in_the_readers_language(client, staff, weak):
    staff()
    enter(client)
    response = client.post(
        "/account/password/", {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    )
    assert response.status_code == 422
    assert re.search("密码", response.content.decode())


def test_leaving_lets_the_browser_forget_every_draft(client, staff):
    staff()
    enter(client)
    assert 'data-accepts="*"' in client.post("/logout/", follow=True).content.decode()
    assert Session.objects.filter(session_key=client.session.session_key).count() <= 1


# Residents


@pytest.fixture
def demonstration(settings):
    settings.DEMONSTRATION = True


def shown_code(client: Client) -> str:
    page = client.post("/me/", {"phone": NUMBER}).content.decode()
    return re.search(r"data-shown-code>(\d{6})<", page)[1]


def test_a_resident_enters_by_phone_and_code(client, demonstration):
    response = client.post("/me/code/", {"code": shown_code(client)}, follow=True)
    assert "138****0001" in response.content.decode()


def test_neither_phone_nor_code_can_be_read_from_the_tables(client, demonstration):
    code = shown_code(client)
    kept = str([*OneTimeCode.objects.values(), client.session[PENDING]])
    assert NUMBER not in kept
    assert code not in kept


def test_a_used_code_is_refused_and_named_as_used(client, demonstration):
    code = shown_code(client)
    client.post("/me/code/", {"code": code})
    response = client.post("/me/code/", {"code": code})
    assert response.status_code == 422
    assert "已经用过了" in response.content.decode()


def test_five_wrong_codes_spoil_the_right_one(client, demonstration):
    code = shown_code(client)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _attempt in range(5):
        client.post("/me/code/", {"code": wrong})
    assert "已作废" in client.post("/me/code/", {"code": code}).content.decode()


def test_an_old_code_is_refused_and_named_as_old(client, demonstration):
    code = shown_code(client)
    OneTimeCode.objects.update(
        made_at=timezone.now() - timedelta(minutes=6), expires_at=timezone.now() - timedelta(minutes=1)
    )
    assert "失效了" in client.post("/me/code/", {"code": code}).content.decode()


def test_a_newer_code_ends_the_older_one(client, demonstration):
    older, newer = shown_code(client), shown_code(client)
    if older != newer:
        assert "不对" in client.post("/me/code/", {"code": older}).content.decode()
    assert client.post("/me/code/", {"code": newer}).status_code == 302


def test_outside_of_the_demonstration_no_page_shows_a_code(client, settings):
    settings.DEMONSTRATION = False
    assert "data-shown-code" not in client.post("/me/", {"phone": NUMBER}).content.decode()


def test_the_sixth_code_in_ten_minutes_is_refused_with_a_page(client):
    for _attempt in range(5):
        assert client.post("/me/", {"phone": NUMBER}).status_code == 200
    response = client.post("/me/", {"phone": NUMBER})
    assert response.status_code == 429
    assert "请稍等一会儿" in response.content.decode()


def test_an_allowance_opens_again_when_its_time_is_over():
    now = timezone.now()
    spent = [
        allowance.spend("try", "somebody", most=2, per=timedelta(minutes=1), at=now + timedelta(seconds=s))
        for s in (0, 1, 2, 60, 61, 62)
    ]
    assert spent == [True, True, False, True, True, False]


def test_one_statement_counts_an_allowance(django_assert_num_queries):
    with django_assert_num_queries(1):
        allowance.spend("try", "somebody", most=2, per=timedelta(minutes=1), at=timezone.now())


# Refusals


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/nowhere/", 404, "没有找到这一页"),
        ("/logout/", 405, "这里不能这样操作"),
        ("/language/setlang/nowhere", 404, "没有找到这一页"),
    ],
)
def test_what_is_refused_is_a_page_of_the_product(client, path, status, sentence):
    response = client.get(path)
    assert response.status_code == status
    assert sentence in response.content.decode()
    assert "回首页" in response.content.decode()


def test_a_refusal_speaks_the_readers_language(client):
    client.cookies["django_language"] = "en"
    assert "This page was not found" in client.get("/nowhere/").content.decode()


def test_a_program_is_refused_in_json():
    answer = Client().get("/api/nowhere", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (404, 404)


def test_a_form_without_its_token_is_refused_with_a_way_back(staff):
    strict = Client(enforce_csrf_checks=True)
    response = enter(strict)
    assert response.status_code == 403
    assert "您填的内容还在" in response.content.decode()


def test_a_body_beyond_the_cap_is_refused_before_it_is_read(client, settings):
    settings.LARGEST_BODY = 1000
    response = client.post("/login/", {"username": "x" * 2000, "password": "y"})
    assert response.status_code == 413
    assert "内容太大" in response.content.decode()


def test_text_beyond_the_cap_is_refused_in_the_same_words(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = client.post("/login/", {"username": "x" * 2000, "password": "y"})
    assert response.status_code == 413


def test_script_in_text_comes_back_as_text(client):
    page = enter(client, username="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("body", [b"\xff\xfe\x00broken", b"username=%ff%fe&password=%00", b"%%%"])
def test_bytes_that_are_no_text_get_a_page_and_no_traceback(client, body):
    response = client.post("/login/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {400, 422}
    assert "千线" in response.content.decode()


# Every page


@pytest.mark.parametrize("path", ["/", "/login/", "/me/", "/nowhere/"])
def test_every_answer_forbids_foreign_and_inline_scripts(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/", "/login/", "/me/", "/nowhere/"])
def test_no_page_has_a_script_or_style_of_its_own_or_from_elsewhere(client, path):
    page = client.get(path).content.decode()
    assert (
        re.findall(
            r"<script(?![^>]*(?:\bsrc=|application/json))|<style|\sstyle=|\son\w+=|https?://(?!www\.w3\.org)", page
        )
        == []
    )


def test_pages_of_people_who_are_signed_in_stay_out_of_caches(client, staff):
    staff()
    enter(client)
    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_the_large_print_is_remembered(client):
    client.post("/print/", {"size": "large", "next": "/login/"})
    assert 'data-print="large"' in client.get("/login/").content.decode()


@pytest.mark.parametrize("role", ["worker", "department", "street", "supervisor", "steward"])
def test_every_staff_page_lets_a_burden_be_reported(client, staff, role):
    staff(role)
    enter(client)
    assert all(
        'action="/burden/"' in client.get(path).content.decode()
        for path in ("/", "/account/sign-ins/", "/account/password/")
    )


def test_a_burden_is_taken_in_with_the_page_on_which_it_was_felt(client, staff):
    account = staff()
    enter(client)
    client.post("/burden/", {"kind": "rank", "page": "/", "next": "/"})
    assert list(account.burden_reports.values_list("kind", "page")) == [("rank", "/")]


def test_a_page_of_the_frame_costs_three_statements(client, staff, django_assert_num_queries):
    staff()
    enter(client)
    client.get("/")
    with django_assert_num_queries(3):  # session, account with unit, reach
        client.get("/")
