"""Marked addresses of our own invention, with names that only somebody taught can know for what they are."""

import random

PLACES = [("浙江省", "杭州市", "西湖区"), ("江苏省", "苏州市", "吴中区"), ("湖北省", "武汉市", "武昌区")]
ROADS = ["槐安路", "柳岸街", "滨河大道"]
ESTATES = ["听涛", "云起时", "柳岸花园", "春江公寓"]
QUARTERS = ["上岸头", "下湾里"]
"""Villages without a word that says so."""


def invented(count: int, seed: int = 1) -> str:
    """Return so many addresses as a file of characters with their tags."""
    by = random.Random(seed)
    return "\n".join("".join(_lines(kind, text) for kind, text in _one(by)) for _ in range(count))


def _one(by: random.Random) -> list[tuple[str, str]]:
    province, city, county = by.choice(PLACES)
    found = [("prov", province)] * by.randint(0, 1) + [("city", city)] * by.randint(0, 1) + [("district", county)]
    if by.random() < 0.5:
        found.append(("community", by.choice(QUARTERS)))
    else:
        found += [("road", by.choice(ROADS)), ("roadno", f"{by.randint(1, 400)}号")]
    found.append(("poi", by.choice(ESTATES)))
    if by.random() < 0.5:
        return [*found, ("houseno", f"{by.randint(1, 30)}幢"), ("roomno", f"{by.randint(1, 9)}0{by.randint(1, 4)}室")]
    return [
        *found,
        ("houseno", str(by.randint(1, 30))),
        ("redundant", "-"),
        ("roomno", f"{by.randint(1, 9)}0{by.randint(1, 4)}"),
    ]


def _lines(kind: str, text: str) -> str:
    return "".join(f"{sign} {'I' if place else 'B'}-{kind}\n" for place, sign in enumerate(text))
