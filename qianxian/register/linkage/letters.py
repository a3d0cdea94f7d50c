"""Every element in ASCII: Chinese in pinyin, dates and numbers as digits; equality of characters stays beside it.

No engine's string distance is ever used on Chinese: DuckDB counts bytes where Spark counts characters.
"""

import re
from functools import cache, lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from qianxian.standard import phones
from qianxian.standard.moments import moment
from qianxian.standard.text import half_width

TWO = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 轩辕 令狐 长孙 宇文 慕容 司徒 司空 夏侯 端木 南宫 独孤 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 万俟"
SURNAMES_OF_TWO = frozenset(TWO.split())
SPOKEN_AS_SURNAME = {
    "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "曾": "zeng", "区": "ou", "朴": "piao", "盖": "ge", "任": "ren",
    "尉迟": "yuchi", "单于": "chanyu", "万俟": "moqi", "澹台": "tantai", "覃": "qin", "冼": "xian", "缪": "miao",
    "繁": "po", "折": "she", "种": "chong", "乐": "yue", "员": "yun", "黑": "he", "翟": "zhai", "晁": "chao",
}  # fmt: skip
HAN = re.compile(r"[\u3400-\u9fff]")
BETWEEN_NUMBERS = re.compile(r"(?<=\d)(号楼|号院|号|栋|幢|座|单元|楼|层|室|弄|#)")
OTHER_THAN_LETTERS = re.compile(r"[^a-z0-9]+")
CITIZEN = re.compile(r"\d{17}[\dX]|\d{15}")
NOTHING = frozenset({"", "无", "不详", "未知", "暂无", "null", "none", "nan", "na", "n/a", "-", "/", "0"})


def plain(raw: str) -> str:
    """Return a cell as it is read: half width, no outer spaces; empty where it says that nothing is known."""
    text = half_width(raw).strip()
    return "" if text.lower() in NOTHING else text


@cache
def _simple() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=16384)
def _sound(character: str) -> str:
    return lazy_pinyin(character, style=Style.NORMAL, errors="ignore")[0] if HAN.match(character) else character


def simplified(text: str) -> str:
    """Return traditional characters as simplified ones."""
    return str(_simple().convert(text)) if HAN.search(text) else text


def spoken(text: str) -> str:
    """Return text in lower-case letters and digits, Chinese in pinyin without tones, nothing between."""
    return OTHER_THAN_LETTERS.sub("", "".join(map(_sound, simplified(text))).lower())


def parts_of_name(raw: str) -> tuple[str, str]:
    """Return surname and given name in letters; a name in letters is taken as given name first, surname last."""
    name = simplified(re.sub(r"[\s·•.]+", " ", plain(raw)).strip())
    if not HAN.search(name):
        words = [spoken(word) for word in name.split()]
        return (words[-1], "".join(words[:-1])) if len(words) > 1 else (words[0] if words else "", "")
    joined = name.replace(" ", "")
    size = 2 if joined[:2] in SURNAMES_OF_TWO and len(joined) > 2 else 1
    surname, given = joined[:size], joined[size:]
    return SPOKEN_AS_SURNAME.get(surname) or spoken(surname), spoken(given)


def initials(raw: str) -> str:
    """Return the first letters of a name's syllables (林晓禾: lxh), by which people search."""
    name = simplified(plain(raw))
    surname = name[:2] if name[:2] in SURNAMES_OF_TWO and len(name) > 2 else name[:1]
    first = "".join(_sound(one)[:1] for one in surname) if len(surname) > 1 else SPOKEN_AS_SURNAME.get(surname, "")[:1]
    return ((first or _sound(surname)[:1]) + "".join(_sound(one)[:1] for one in name[len(surname) :])).lower()


def birth(raw: str) -> str:
    """Return a date of birth as eight digits where it can be read, else the digits that are there."""
    text = plain(raw)
    read = moment(text) if text else None
    return f"{read.year:04}{read:%m%d}" if read else re.sub(r"\D", "", text)[:8]


def number(raw: str) -> str:
    """Return a number of a document: letters and digits; a citizen number of 15 digits with its century and check."""
    bare = re.sub(r"[^0-9A-Z]", "", plain(raw).upper())
    if re.fullmatch(r"\d{15}", bare) and moment(f"19{bare[6:12]}"):
        return with_check(f"{bare[:6]}19{bare[6:]}")
    return bare


def with_check(body: str) -> str:
    """Return 17 digits with their check character (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def birth_in(citizen_number: str) -> str:
    """Return the date of birth that a citizen number holds, '' where it is none."""
    if len(citizen_number) != 18 or not CITIZEN.fullmatch(citizen_number):
        return ""
    return citizen_number[6:14]


def phone(raw: str) -> str:
    text = plain(raw)
    return phones.phone(text) or re.sub(r"\D", "", text) if text else ""


def digits(raw: str) -> str:
    """Return the numbers of an address in their order: 6号楼402室 is 6-402."""
    return "-".join(number.lstrip("0") or "0" for number in re.findall(r"\d+", plain(raw)))


def address(raw: str) -> str:
    """Return an address in letters without the words between its numbers, so that 6号楼2单元402室 meets 6栋2-402."""
    return spoken(BETWEEN_NUMBERS.sub("-", plain(raw)))


def in_order(letters: str) -> str:
    """Return the letters of a word in alphabetical order: words with two letters exchanged become equal."""
    return "".join(sorted(letters))
