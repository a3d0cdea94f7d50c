"""
A population that does not exist: names, households, homes, ages by the pyramid; always the same for the same community.

Citizen numbers begin with the place code of the demonstration district, which GB/T 2260 gives to nobody, and telephones
with 199000, so that no real person is ever met.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from qianxian.register.linkage.letters import with_check

NAMES_AND_WEIGHTS = (
    "王7 李7 张7 刘5 陈5 杨4 赵3 黄3 周3 吴3 徐2 孙2 胡2 朱2 高2 林2 何2 郭2 马2 罗1 梁1 宋1 郑1 谢1 韩1 唐1 冯1 于1 董1 萧1 "
    "程1 曹1 袁1 邓1 许1 傅1 沈1 曾1 彭1 吕1 苏1 卢1 蒋1 蔡1 贾1 丁1 魏1 薛1 叶1 阎1 余1 潘1 杜1 戴1 夏1 钟1 汪1 田1 任1 姜1 "
    "范1 方1 石1 姚1 谭1 廖1 邹1 熊1 金1 陆1 郝1 孔1 白1 崔1 康1 毛1 邱1 秦1 江1 史1 顾1 侯1 邵1 孟1 龙1 万1 段1 欧阳1 上官1"
)
SURNAMES = NAMES_AND_WEIGHTS.split()
GIVEN = {
    ("1", 0): "建国 志强 国华 福生 德全 金水 永贵 长林 春生 树根 明德 庆云 云山 宝山 兴旺 玉柱 文斌 广才 保田 世昌",
    ("2", 0): "桂英 秀兰 玉珍 淑华 凤英 素芬 春花 金凤 玉兰 月娥 惠珍 翠英 淑珍 秀英 兰芝 菊香 巧云 瑞芳 玉梅 凤仙",
    ("1", 1): "伟 军 勇 志刚 建军 海涛 晓东 卫东 立新 永强 国栋 文军 宏伟 俊杰 振华 明辉 小龙 学文 家明 少峰",
    ("2", 1): "丽 敏 静 红梅 晓燕 海燕 丽娟 春梅 雪梅 艳红 小红 玉洁 文静 美玲 秋菊 慧敏 晓霞 亚楠 建华 志红",
    ("1", 2): "浩然 子轩 宇航 俊宇 天佑 博文 一鸣 梓豪 思远 嘉树 明轩 泽宇 文博 昊天 奕辰 瑞霖 景行 书豪 家乐 云舟",
    ("2", 2): "欣怡 梓涵 雨桐 诗涵 思琪 若溪 佳怡 紫萱 梦瑶 可欣 语晨 静姝 安然 书瑶 昕妍 晓禾 沐晴 知夏 清妍 念慈",
}  # fmt: skip
STREETS = {
    "990101001001": ("柳岸里", "沿河路", "河清巷"), "990101001002": ("钟楼北街", "鼓楼巷", "文庙街"),
    "990101001003": ("云锦台", "新苑路", "锦程大道"), "990101001201": ("上塘老街", "塘西", "麦场"),
}  # fmt: skip
PYRAMID = ((0, 15, 17), (15, 35, 23), (35, 60, 38), (60, 80, 18), (80, 97, 4))
"""Years from, years to, percent: roughly the census of 2020 with the ageing since."""
HAN_SHARE = 0.94
OTHER_NATIONS = ("03", "11", "15", "08", "06")
ADULT, RETIRES, OLD = 18, 60, 60
ONE_MEMBER, TWO, THREE, FOUR = 0.25, 0.55, 0.80, 0.93
"""Shares of households of one, of up to two, three and four members."""


@dataclass
class Invented:
    """One person, by codes of the data standard; `relation` is that to the head of the household (GB/T 4761)."""

    values: dict[str, str]
    relation: str
    extra: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Household:
    """Those who live together in one home."""

    number: str
    place: str
    building: str
    entrance: str
    room: str
    address: str
    members: list[Invented]


def households(place: str, residents: int, on: date, skip: int = 0) -> Iterator[Household]:
    """
    Yield the households of a community until so many residents are there.

    :param skip: so many residents are there already; their households are passed over and come no second time
    """
    chance, streets = Random(place), STREETS.get(place, ("幸福路", "和平街", "建设巷"))  # noqa: S311
    counted, number = 0, 0
    while counted < residents:
        number += 1
        home = _home(place, streets, number, chance, on)
        counted += len(home.members)
        if counted > skip:
            yield home


def _home(place: str, streets: tuple[str, ...], number: int, chance: Random, on: date) -> Household:
    street = streets[number % len(streets)]
    building, entrance = number // (3 * 24) + 1, number // 12 % 4 + 1
    room = f"{number // 2 % 6 + 1}{number % 2 + 1:02d}"
    address = f"{street}{building}号楼{entrance}单元{room}室"
    code = f"{place[-6:]}{number:05d}"
    found = Household(code, place, f"{street}{building}号楼", str(entrance), room, address, [])
    found.members.extend(_family(place, number, address, chance, on))
    return found


def _family(place: str, number: int, address: str, chance: Random, on: date) -> list[Invented]:
    size = 1 + sum(chance.random() > share for share in (ONE_MEMBER, TWO, THREE, FOUR))
    age, sex = _age(chance, least=22), chance.choice("12")
    surname = _surname(chance)
    members = [_person(place, number, surname, sex, age, "02", address, chance, on)]
    if size > 1:
        other = "2" if sex == "1" else "1"
        married = _person(
            place, number, _surname(chance), other, max(20, age + chance.randint(-4, 3)), "10", address, chance, on
        )
        members.append(married)
    for _child in range(size - 2):
        child_sex, child_age = chance.choice("12"), age - chance.randint(22, 34)
        if child_age >= 0:
            relation = "20" if child_sex == "1" else "30"
            members.append(_person(place, number, surname, child_sex, child_age, relation, address, chance, on))
        else:
            parent = chance.choice("12")
            members.append(
                _person(
                    place,
                    number,
                    surname,
                    parent,
                    min(96, age + chance.randint(22, 32)),
                    "51" if parent == "1" else "52",
                    address,
                    chance,
                    on,
                )
            )
    for one in members[:2] if size > 1 else ():
        one.values["person.marital"] = "20"
    return members


def _age(chance: Random, least: int) -> int:
    while True:
        ((first, last, _),) = chance.choices(PYRAMID, [share for *_, share in PYRAMID])
        age = chance.randrange(first, last)
        if age >= least:
            return age


def _surname(chance: Random) -> str:
    (found,) = chance.choices(SURNAMES, [int(one[-1]) for one in SURNAMES])
    return found[:-1]


def _person(
    place: str, household: int, surname: str, sex: str, age: int, relation: str, address: str, chance: Random, on: date
) -> Invented:
    born = on - timedelta(days=age * 365 + age // 4 + chance.randrange(365))
    era = 0 if age >= 58 else 1 if age >= 30 else 2
    given = chance.choice(GIVEN[sex, era].split())
    order = (household * 8 + chance.randrange(8)) % 500
    number = with_check(f"990101{born:%Y%m%d}{order * 2 + (sex == '1'):03d}"[:17])
    values = {
        "person.name": surname + given, "person.sex": sex, "person.birth_date": f"{born:%Y-%m-%d}",
        "person.citizen_number": number, "person.living_address": address, "person.living_place": place,
        "person.registered_address": address if chance.random() < 0.8 else f"外地县{chance.randint(1, 9)}号",
        "person.ethnicity": "01" if chance.random() < HAN_SHARE else chance.choice(OTHER_NATIONS),
        "person.marital": "10" if age < 24 else chance.choice(("10", "30", "40")),
        "person.education": _education(age, chance), "person.political": "13",
        "person.occupation_status": _status(age, chance), "resident.head_relation": relation,
        "person.residence_kind": "1",
    }  # fmt: skip
    if age >= 14:
        values["person.phone"] = f"199000{chance.randrange(10000, 100000)}"
    extra = dict(_special(age, chance, on)) | _party(values, age, chance, on)
    return Invented(values, relation, extra | dict(_working(number, age, on)))


def _education(age: int, chance: Random) -> str:
    if age < 7:
        return "90"
    if age < 13:
        return "80"
    if age < 16:
        return "70"
    return chance.choice(("80", "70", "70", "60") if age > 60 else ("70", "60", "40", "20", "20"))


def _status(age: int, chance: Random) -> str:
    if age < ADULT:
        return "31"
    return "80" if age >= RETIRES else chance.choice(("24", "17", "13", "54", "51", "70"))


def _party(values: dict[str, str], age: int, chance: Random, on: date) -> dict[str, dict[str, str]]:
    if age < 25 or chance.random() > 0.09:
        return {}
    values["person.political"] = "01"
    joined = on - timedelta(days=chance.randrange(365, (age - 22) * 365))
    return {"party_member": {"party_member.state": "1", "party_member.joined_on": f"{joined:%Y-%m-%d}"}}


def _working(number: str, age: int, on: date) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what is registered of work and of helping others; drawn by the number, so that nobody else is changed."""
    chance = Random(number)  # noqa: S311
    day = f"{on - timedelta(days=chance.randrange(30, 900)):%Y-%m-%d}"
    if ADULT <= age < RETIRES and chance.random() < 0.3:
        state = chance.choices("123", (7, 1, 2))[0]
        yield "employment", {"employment.state": state} | ({"employment.registered_on": day} if state == "2" else {})
    if ADULT <= age < 75 and chance.random() < 0.08:
        hours = str(chance.randrange(2, 260))
        yield "volunteer", {"volunteer.state": "1", "volunteer.registered_on": day, "volunteer.hours": hours}


def _special(age: int, chance: Random, on: date) -> Iterator[tuple[str, dict[str, str]]]:
    if age >= OLD and chance.random() < 0.18:
        yield "elder", {"elder.care": "1", "elder.visits": str(chance.choice((1, 2, 4)))}
    if chance.random() < 0.02:
        yield (
            "relief",
            {
                "relief.kind": "1",
                "relief.amount": str(chance.randrange(600, 1100, 20)),
                "relief.from": f"{on - timedelta(days=chance.randrange(90, 1200)):%Y-%m-%d}",
            },
        )
    if chance.random() < 0.015:
        yield "disabled", {"disabled.kind": str(chance.randint(1, 4)), "disabled.grade": str(chance.randint(1, 4))}
