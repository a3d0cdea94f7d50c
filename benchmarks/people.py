"""Rows of people of our own invention, dirty as real lists are; the same rows for the same seed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

HEADERS = (
    "身份证号", "姓名", "性别", "出生日期", "民族", "婚姻状况", "学历", "政治面貌", "联系电话", "现住址", "与户主关系", "月收入",
)  # fmt: skip
FAULTY, UNTIDY = 0.05, 0.10
"""Parts of the cells that are wrong, and that are right but written untidily."""
FAMILY = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕")
GIVEN = list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建国志文海燕春梅建军鹏飞雪婷浩宇子轩一诺欣怡")
STREETS = ["幸福路", "建设街", "和平里", "文化巷", "槐树胡同", "滨河东路", "新华大道", "胜利南街"]
PLACES = ["110101", "310104", "440106", "510104", "420106", "610104", "330106", "230103"]
WORDS: dict[str, list[str]] = {
    "性别": ["男", "女"],
    "民族": ["汉族", "满族", "回族", "壮族", "01", "汉"],
    "婚姻状况": ["1", "2", "3", "4"],
    "学历": ["初中毕业", "普通高中毕业", "大学本科毕业", "大学专科毕业", "小学毕业", "21", "71"],
    "政治面貌": ["群众", "中国共产党党员", "共青团员", "13", "01"],
    "与户主关系": ["户主", "妻", "长子", "女", "02", "12"],
}
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])


def people(count: int, seed: int = 1) -> pl.DataFrame:
    """Return rows of twelve columns, all texts."""
    random = np.random.default_rng(seed)
    frame = _tidy(count, random)
    return frame.with_columns(_dirty(frame[header], random) for header in HEADERS)


def write(path: Path, count: int, *, rows_at_once: int = 500_000) -> None:
    """Write rows as CSV in UTF-8, part by part, so that memory does not grow with them."""
    with path.open("wb") as file:
        for number, start in enumerate(range(0, count, rows_at_once)):
            part = people(min(rows_at_once, count - start), seed=number + 1)
            part.write_csv(file, include_header=not start)


def _tidy(count: int, random: np.random.Generator) -> pl.DataFrame:
    days = np.datetime64("1935-01-01") + random.integers(0, 31_000, count)
    birth = pl.Series(days.astype("datetime64[D]"))
    male = random.integers(0, 2, count)
    body = (
        pl.Series(np.array(PLACES)[random.integers(0, len(PLACES), count)])
        + birth.dt.strftime("%Y%m%d")
        + pl.Series(random.integers(1, 99, count)).cast(pl.String).str.zfill(2)
        + pl.Series(random.integers(0, 5, count) * 2 + male).cast(pl.String)
    )
    digits = np.frombuffer("".join(body.to_list()).encode(), np.uint8).reshape(count, 17) - 48
    signs = pl.Series(np.array(list("10X98765432"))[(digits @ WEIGHTS) % 11])
    pick = lambda words: pl.Series(np.array(words)[random.integers(0, len(words), count)])  # noqa: E731
    number = lambda low, high: pl.Series(random.integers(low, high, count)).cast(pl.String)  # noqa: E731
    return pl.DataFrame({
        "身份证号": body + signs,
        "姓名": pick(FAMILY) + pick(GIVEN) + pick(GIVEN),
        "性别": pl.Series(np.array(["女", "男"])[male]),
        "出生日期": birth.dt.strftime("%Y-%m-%d"),
        **{header: pick(words) for header, words in WORDS.items() if header != "性别"},
        "联系电话": pick(["138", "139", "186", "159", "177"]) + number(10_000_000, 99_999_999),
        "现住址": pick(STREETS) + number(1, 400) + "号" + number(1, 30) + "号楼" + number(101, 2900) + "室",
        "月收入": number(900, 30_000),
    }).select(HEADERS)  # fmt: skip


Change = Callable[[str], str]


def _wide(cell: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in cell)


UNTIDY_WAYS: dict[str, list[Change]] = {
    "身份证号": [_wide, lambda c: c.lower(), lambda c: f" {c[:6]} {c[6:]}", lambda c: "'" + c],
    "姓名": [lambda c: c[0] + " " + c[1:], lambda c: c + "\u3000"],
    "出生日期": [
        lambda c: c.replace("-", "/"),
        lambda c: c.replace("-", ""),
        _wide,
        lambda c: "{}年{}月{}日".format(*c.split("-")),
    ],
    "联系电话": [_wide, lambda c: f"{c[:3]}-{c[3:7]}-{c[7:]}", lambda c: "+86 " + c],
    "现住址": [_wide, lambda c: c.replace("号", "号 ", 1), lambda c: c + "\u200b"],
    "月收入": [lambda c: c + "元", lambda c: c + ".00", _wide],
}
FAULTY_WAYS: dict[str, list[Change]] = {
    "身份证号": [lambda c: c[:17] + ("1" if c[17] != "1" else "2"), lambda c: f"{c[0]}.{c[1:6]}E+17", lambda c: c[:-1],
             lambda c: c[:10] + "1331" + c[14:], lambda c: c[:6] + "********" + c[14:]],
    "姓名": [lambda c: c + "1", lambda c: c[0] + "某某", lambda c: c[:2] + "?"],
    "出生日期": [lambda c: c[:5] + "13-40", lambda c: c[2:].replace("-", "."), lambda c: c[:7], lambda _: "不清楚了"],
    "联系电话": [lambda c: c[:-1], lambda c: c + "1", lambda _: "见附件"],
    "现住址": [lambda c: c * 12],
    "月收入": [lambda c: c + "左右", lambda _: "1.2E+4"],
}  # fmt: skip


def _dirty(column: pl.Series, random: np.random.Generator) -> pl.Series:
    header = column.name
    untidy = UNTIDY_WAYS.get(header, [_wide, lambda c: " " + c, lambda c: c + "\t"])
    faulty = FAULTY_WAYS.get(header, [lambda c: c + "？", lambda _: "待核实"])
    chance = random.random(len(column))
    places = np.flatnonzero(chance < FAULTY + UNTIDY)
    ways = random.integers(0, 60, len(places))
    old = column.gather(places).to_list()
    new = [
        (faulty[way % len(faulty)] if chance[place] < FAULTY else untidy[way % len(untidy)])(cell)
        for place, way, cell in zip(places, ways, old, strict=True)
    ]
    return column.scatter(places, new)
