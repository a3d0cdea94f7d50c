"""Pages of residents: nothing typed is lost, nothing is taken in twice, nobody else judges."""

from datetime import timedelta

import pytest
from django.test import Client

from qianxian.cadres.queries import reaching_everything
from qianxian.collection.models import Submission
from qianxian.deliberation.rules import may_judge
from qianxian.matters import actions as matters
from qianxian.matters.models import Attachment, Matter
from qianxian.matters.rules.codes import in_groups, plain_code
from qianxian.matters.rules.life import Result, Stage
from qianxian.register import actions as register
from qianxian.web.acting import now
from tests.pages import PHONE, code_for, filled, key_of, page_of, picture, say, stored
from tests.town import (
    CATS,
    CENTRE,
    HOUSING,
    LIUAN,
    NOISE,
    PLACES,
    POLICE,
    START,
    STREET_OFFICE,
    build,
    post_secretary,
)

WORDS = "楼上半夜拖椅子，敲门也不开，请管一管。"
OTHER_PHONE = "19900008899"


@pytest.fixture
def resident(db, settings) -> Client:
    settings.DEMONSTRATION = True
    build()
    return Client()


def count() -> int:
    with reaching_everything():
        return Matter.objects.count()


def resolve(matter, result=Result.SOLVED, reply="已上门劝导"):
    with reaching_everything():
        matters.resolve(matter.pk, result=result, reply=reply, evidence="当事人已承诺", actor=POLICE, at=now())


# Before anything is sent


def test_words_suggest_topics_and_show_the_pieces_that_led_there(resident):
    shown = resident.post("/report/topics/", {"words": "楼上邻里噪声太大"}).content.decode()
    assert f'value="{NOISE}" checked' in shown
    assert "邻里噪声</mark>" in shown


def test_a_topic_that_was_picked_stays_picked_while_the_words_go_on(resident):
    shown = resident.post("/report/topics/", {"words": "楼上邻里噪声太大", "topic": "-"}).content.decode()
    assert 'value="-" checked' in shown


def test_words_of_danger_show_at_once_the_numbers_to_dial(resident):
    shown = resident.post("/report/topics/", {"words": "楼下正在着火"}).content.decode()
    assert 'role="alert"' in shown
    assert 'href="tel:119"' in shown


def test_no_words_foresee_nobody(resident):
    assert "写上几句" in resident.post("/report/owner/", {"words": "", "place": LIUAN}).content.decode()


def test_a_form_that_was_not_shown_who_answers_is_shown_that_first(resident):
    form = filled(WORDS, topic=NOISE, key=key_of(resident), code=code_for(resident))
    del form["seen"]
    answer = resident.post("/report/", form)
    assert (answer.status_code, count()) == (200, 0)
    assert 'name="seen" value="1"' in answer.content.decode()


# Faults lose nothing


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"place": ""}, "请选一个社区"),
        ({"place": "000000"}, "不在"),
        ({"phone": "12345"}, "请填 11 位手机号"),
        ({"code": ""}, "还差一步"),
        ({"code": "000000"}, "验证码"),
        ({"attached": picture("毒.exe", b"MZ" + b"0" * 60)}, "只收照片"),
        ({"attached": [picture(f"{n}.png") for n in range(4)]}, "最多附 3 个"),
        ({"kind": "ransom"}, "ransom"),
    ],
)
def test_a_fault_gets_its_sentence_and_loses_no_word(resident, fault, sentence):
    answer = resident.post("/report/", filled(WORDS, **fault))
    page = answer.content.decode()
    assert (answer.status_code, count()) == (422, 0)
    assert WORDS in page
    assert sentence in page


def test_words_that_are_too_long_come_back_whole(resident):
    page = resident.post("/report/", filled("长" * 5001)).content.decode()
    assert "控制在 5000 字以内" in page
    assert "长" * 5001 in page


def test_a_one_time_code_is_good_for_one_use(resident):
    code = code_for(resident)
    assert resident.post("/report/", filled(WORDS, code=code)).status_code == 302
    answer = Client().post("/report/", filled("另一件事，别的地方。", code=code))
    assert (answer.status_code, count()) == (422, 1)
    assert "每个验证码只能用一次" in answer.content.decode()
    assert "另一件事，别的地方。" in answer.content.decode()


def test_too_many_codes_for_one_phone_are_refused_in_a_sentence(resident):
    for _attempt in range(5):
        code_for(resident)
    page = resident.post("/report/", {"phone": PHONE, "step": "code", "words": WORDS}).content.decode()
    assert "短时间内获取验证码太多次了" in page
    assert WORDS in page


def test_before_the_first_edition_the_form_says_so_and_keeps_the_words(db, settings):
    settings.DEMONSTRATION = True
    for code, name, level in PLACES:
        register.enter_place(code=code, name=name, level=level, valid_from=START, actor="test", at=START)
    client = Client()
    answer = client.post("/report/", filled(WORDS, code=code_for(client)))
    assert (answer.status_code, count()) == (503, 0)
    assert "还没有公布权责利清单" in answer.content.decode()
    assert WORDS in answer.content.decode()


def test_script_in_words_is_shown_as_words(resident):
    page = page_of(resident, say(resident, "<script>alert(1)</script>楼上太吵", topic=NOISE))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;楼上太吵" in page


# Once


def test_the_same_form_sent_twice_is_one_matter_with_its_pictures_once(resident):
    form = filled(WORDS, topic=NOISE, key=key_of(resident), code=code_for(resident))
    first = resident.post("/report/", form | {"attached": picture()})
    second = resident.post("/report/", form | {"attached": picture()})
    assert (first.url, count()) == (second.url, 1)
    with reaching_everything():
        assert (Submission.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_form_whose_words_were_changed_after_it_was_sent_is_another_demand(resident):
    form = filled(WORDS, topic=NOISE, key=key_of(resident), code=code_for(resident))
    first = resident.post("/report/", form)
    second = resident.post("/report/", form | {"words": "现在换成装修，电钻从早打到晚。"})
    assert (first.url == second.url, count()) == (False, 2)


def test_two_tabs_that_say_the_same_lead_the_second_to_the_first(resident):
    first = say(resident, WORDS, topic=NOISE)
    second = say(resident, WORDS, topic=NOISE)
    assert (second.exit, second.merged_into_id) == ("E3", first.pk)
    assert f'href="/m/{first.code}/"' in page_of(resident, second)


def test_neither_name_nor_phone_is_kept_with_the_raw_form(resident):
    say(resident, WORDS, topic=NOISE, name="周小满")
    with reaching_everything():
        raw = str(Submission.objects.get().raw)
    assert PHONE not in raw
    assert "周小满" not in raw


def test_a_topic_left_as_suggested_is_taken_with_the_demand(resident):
    assert say(resident, "楼上邻里噪声太大").topic_id == NOISE


def test_none_of_the_suggested_topics_leaves_it_to_the_street(resident):
    matter = say(resident, "楼上邻里噪声太大", topic="-")
    assert (matter.topic_id, matter.ground, matter.owner_id) == (None, "silent", "st")


# Tracking


@pytest.mark.parametrize("typed", ["{0}", " {1} ", "{2}", "{3}"])
def test_a_code_is_found_however_it_is_typed(resident, typed):
    code = say(resident, WORDS, topic=NOISE).code
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    answer = Client().post("/track/", {"code": typed.format(code, in_groups(code), code.lower(), full_width)})
    assert answer.url == f"/m/{code}/"


@pytest.mark.parametrize(
    ("typed", "code"), [("26O3O2 abcd efgh", "260302ABCDEFGH"), ("2603l2-abcdefgh", "260312ABCDEFGH"), ("", "")]
)
def test_letters_in_the_date_of_a_code_are_read_as_digits(typed, code):
    assert plain_code(typed) == code


def test_an_unknown_code_is_said_to_be_unknown_and_stays_in_the_field(resident):
    answer = resident.post("/track/", {"code": "260302ABCDEFGH"})
    assert answer.status_code == 422
    assert "没有查到这个编号" in answer.content.decode()
    assert 'value="260302ABCDEFGH"' in answer.content.decode()


def test_whoever_guesses_codes_is_stopped(resident):
    answers = [resident.get(f"/m/260302ABCDEF{n:02}/").status_code for n in range(61)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_a_stranger_does_not_find_a_matter_by_its_number(resident):
    matter = say(resident, WORDS, topic=NOISE)
    assert Client().get(f"/m/{matter.pk}/").status_code == 404


def test_my_matters_are_those_of_the_phone_that_was_proved(resident):
    say(resident, WORDS, topic=NOISE)
    other = Client()
    say(other, "别的楼也有噪声，装修不停。", phone=OTHER_PHONE, topic=NOISE)
    page = resident.get("/mine/").content.decode()
    assert "楼上半夜拖椅子" in page
    assert "别的楼也有噪声" not in page


def test_my_matters_ask_for_a_phone_first(resident):
    assert Client().get("/mine/").url.startswith("/me/?next=")


def test_the_page_shows_the_arithmetic_of_the_deadline(resident):
    page = page_of(resident, say(resident, WORDS, topic=NOISE))
    lines = page[page.index("data-arithmetic") :].partition("</ol>")[0]
    assert "交办，时限7日" in lines
    assert lines.count("<li") == 10


def test_the_story_names_units_and_no_member_of_staff(resident):
    matter = say(resident, WORDS, topic=NOISE)
    with reaching_everything():
        matters.sign(matter.pk, actor=POLICE, at=now())
        matters.ask_help(
            matter.pk, unit="zj", what="核对房屋结构", due_at=now() + timedelta(hours=4), actor=POLICE, at=now()
        )
        matters.whistle(
            matter.pk, kind="demand", units=["zj"], what="晚上八点到现场", required_at=now() + timedelta(hours=1),
            actor=STREET_OFFICE, at=now(),
        )  # fmt: skip
        matters.ask_extension(matter.pk, amount=2, reason="住户外出", actor=POLICE, at=now())
        matters.decide_extension(matter.pk, granted=True, told="住户周末才回来，延两天。", actor=CENTRE, at=now())
    story = page_of(resident, matter).partition('id="story"')[2]
    told = ("承办单位已签收", "请住建局：核对房屋结构", "要求住建局在", "住户周末才回来，延两天。")
    assert [said for said in told if said not in story] == []
    assert "account:" not in story


def test_a_resident_sees_which_unit_read_name_and_phone_and_what_for(resident):
    matter = say(resident, WORDS, topic=NOISE, name="周小满")
    with reaching_everything():
        matters.read_requester(matter.pk, purpose="contact", words="约时间上门", actor=POLICE, at=now())
    story = page_of(resident, matter).partition('id="story"')[2]
    assert "查看了您的姓名和电话" in story
    assert "约时间上门" in story
    assert "公安分局" in story


# Judging


def test_a_resident_judges_and_the_matter_is_closed(resident):
    matter = say(resident, WORDS, topic=NOISE)
    resolve(matter)
    answer = resident.post(f"/m/{matter.code}/rate/", {"solved": "yes", "satisfaction": "satisfied", "comment": "快"})
    after = stored(matter.code)
    assert (answer.status_code, after.stage, after.solved, after.satisfaction) == (302, Stage.CLOSED, True, "satisfied")
    assert "您的评价：已解决" in page_of(resident, matter)


def test_a_judgement_without_its_two_answers_is_asked_for_again(resident):
    matter = say(resident, WORDS, topic=NOISE)
    resolve(matter)
    answer = resident.post(f"/m/{matter.code}/rate/", {"comment": "我的话还在"})
    assert answer.status_code == 422
    assert "请选一项" in answer.content.decode()
    assert "我的话还在" in answer.content.decode()


def test_a_matter_is_judged_once(resident):
    matter = say(resident, WORDS, topic=NOISE)
    resolve(matter)
    judgement = {"solved": "no", "satisfaction": "dissatisfied"}
    resident.post(f"/m/{matter.code}/rate/", judgement)
    again = resident.post(f"/m/{matter.code}/rate/", judgement | {"solved": "yes"})
    assert (again.status_code, stored(matter.code).solved) == (409, False)


@pytest.mark.parametrize("deed", ["rate", "material", "follow-up"])
def test_whoever_has_the_code_and_not_the_phone_looks_on_and_does_nothing(resident, deed):
    matter = say(resident, WORDS, topic=NOISE)
    resolve(matter)
    stranger = Client()
    page = page_of(stranger, matter)
    assert "请先验证反映时用的手机号" in page
    answer = stranger.post(f"/m/{matter.code}/{deed}/", {"solved": "yes", "satisfaction": "satisfied", "words": "x"})
    assert (answer.status_code, stored(matter.code).stage) == (403, Stage.RESOLVED)


def test_staff_do_not_judge_for_a_resident(resident):
    matter = say(resident, WORDS, topic=NOISE)
    resolve(matter)
    post_secretary()
    resident.post("/login/", {"username": "secretary", "password": "x"})
    assert "工作人员不能代评" in page_of(resident, matter)
    answer = resident.post(f"/m/{matter.code}/rate/", {"solved": "yes", "satisfaction": "satisfied"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("requester", "proved", "staff", "may"),
    [
        ("a", "a", False, True),
        ("a", "b", False, False),
        ("a", "", False, False),
        ("", "", False, True),
        ("", "", True, False),
        ("a", "a", True, False),
    ],
)
def test_only_who_brought_it_may_judge(requester, proved, staff, may):
    assert may_judge(requester=requester, proved=proved, staff=staff) is may


def test_a_refusal_is_shown_as_a_refusal_and_not_as_done(resident):
    matter = say(resident, WORDS, topic=NOISE)
    resolve(matter, Result.REFUSED, "不属于受理范围")
    page = page_of(resident, matter)
    listed = resident.get("/mine/").content.decode()
    assert "答复不能办理" in listed
    assert "按时办结" not in listed
    assert "承办单位答复不能办理" in page
    assert "不能办理不算解决" in page
    assert "已办结" not in page.partition('id="steps"')[2].partition("</section>")[0]
    assert "按时办结" not in page


def test_a_follow_up_goes_upward_and_once(resident):
    matter = say(resident, WORDS, topic=NOISE)
    resolve(matter)
    resident.post(f"/m/{matter.code}/rate/", {"solved": "no", "satisfaction": "dissatisfied"})
    first = resident.post(f"/m/{matter.code}/follow-up/", {"words": "当晚又吵了。"})
    again = resident.post(f"/m/{matter.code}/follow-up/", {"words": "当晚又吵了。"})
    following = stored(first.url.split("/")[2])
    assert (first.url, count()) == (again.url, 2)
    assert (following.follows_id, following.owner_id, following.ground) == (
        matter.pk,
        matter.answers_to_id,
        "follow_up",
    )
    assert f'href="/m/{following.code}/"' in page_of(resident, matter)
    assert f'href="/m/{matter.code}/"' in page_of(resident, following)


def test_a_matter_in_work_is_not_gone_on_with(resident):
    matter = say(resident, WORDS, topic=NOISE)
    answer = resident.post(f"/m/{matter.code}/follow-up/", {"words": "快一点"})
    assert (answer.status_code, count()) == (409, 1)
    assert "办理状态已经变化" in answer.content.decode()


def test_who_disagrees_with_an_exit_goes_on_to_somebody_higher(resident):
    matter = say(resident, "我家楼下正在着火，浓烟很大。")
    answer = resident.post(f"/m/{matter.code}/follow-up/", {"words": "火灭了，楼道烧黑了没人清理。"})
    following = stored(answer.url.split("/")[2])
    assert (following.exit, following.stage, following.owner_id) == ("", Stage.ASSIGNED, matter.answers_to_id)


def test_material_reaches_the_matter_with_its_words_and_pictures(resident):
    matter = say(resident, WORDS, topic=NOISE)
    resident.post(f"/m/{matter.code}/material/", {"words": "昨晚十一点又响了", "attached": picture("录.png")})
    page = page_of(resident, matter)
    assert "补充说明.txt" in page
    assert "录.png" in page
    with reaching_everything():
        number = Attachment.objects.get(media_type="text/plain").pk
    file = resident.get(f"/m/{matter.code}/files/{number}/")
    assert file.content.decode() == "昨晚十一点又响了"
    assert file.headers["Content-Disposition"] == "attachment"
    assert resident.get(f"/m/{matter.code}/files/999999/").status_code == 404


def test_nothing_is_added_to_what_is_answered_already(resident):
    matter = say(resident, WORDS, topic=NOISE)
    resolve(matter)
    answer = resident.post(f"/m/{matter.code}/material/", {"words": "晚了一步"})
    assert answer.status_code == 409
    with reaching_everything():
        assert Attachment.objects.count() == 0


# Entrances


def test_each_community_has_an_entrance_a_poster_and_a_code_to_scan(resident):
    assert "柳岸社区" in resident.get(f"/c/{LIUAN}/").content.decode()
    assert "扫码反映诉求" in resident.get(f"/c/{LIUAN}/poster/").content.decode()
    drawn = resident.get(f"/c/{LIUAN}/qr.svg")
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<svg")
    assert resident.get("/c/990101009009/").status_code == 404


def test_the_entrance_of_a_community_chooses_it_in_the_form(resident):
    assert f'<option value="{LIUAN}" selected>' in resident.get(f"/report/?place={LIUAN}").content.decode()


def test_silence_keeps_nobody_from_working(resident):
    matter = say(resident, "院里流浪猫越来越多。", topic=CATS)
    with reaching_everything():
        matters.adjudicate(
            matter.pk, to="zj", article="物业条例", reason="小区内由物业主管部门", actor=CENTRE, at=now()
        )
        matters.sign(matter.pk, actor=HOUSING, at=now())
    page = page_of(resident, matter)
    assert "已裁定由住建局负责，不再变动" in page
    assert "今后由住建局负责" in page
