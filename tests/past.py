"""A dispatch history of our own invention: three streets, habits that can be learned, noise, and rows that say nothing."""

import csv
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.learning.records import Record

STREETS = {
    "东湖街道": ("柳岸社区", "钟楼社区"),
    "西岭街道": ("上塘社区", "新苑社区"),
    "南桥街道": ("临水社区", "望山社区"),
}
BEGIN = datetime(2025, 3, 1, 8, tzinfo=BEIJING)
HEAD = ("编号", "时间", "渠道", "大类", "小类", "街道", "社区", "承办单位")


def habit(topic: str, street: str, community: str, turn: random.Random) -> str:
    """Return the unit to which a topic usually goes: a department, the street's own team, at times the community."""
    if topic == "占道经营":
        return f"{street}综合执法队" + ("" if turn.random() < 0.7 else f"（{street}办事处）")
    if topic == "积存垃圾":
        return community if turn.random() < 0.3 else f"{street}综合执法队"
    if topic == "行道树":
        return turn.choice(["城市管理局", f"{street}综合执法队"])
    return {"工业噪声": "环境保护局", "施工噪声": "环境保护局", "井盖": "水务公司"}[topic]


TOPICS = {
    "占道经营": "市容",
    "积存垃圾": "市容",
    "行道树": "绿化",
    "工业噪声": "环保",
    "施工噪声": "环保",
    "井盖": "市政",
}


def records(count: int = 400, seed: int = 7) -> list[Record]:
    """Return so many records in order of time."""
    turn = random.Random(seed)
    made = []
    for number in range(count):
        street = turn.choice(list(STREETS))
        community, topic = turn.choice(STREETS[street]), turn.choice(list(TOPICS))
        unit = habit(topic, street, community, turn)
        at = BEGIN + timedelta(minutes=37 * number)
        made.append(Record(number + 2, (TOPICS[topic], topic), street, community, unit, channel="热线", at=at))
    return made


def line(record: Record) -> tuple[str, ...]:
    at = record.at.strftime("%Y-%m-%d %H:%M:%S") if record.at else ""
    return (str(record.row), at, record.channel, *record.topics, record.street, record.community, record.unit)


def write(path: Path, rows: Iterable[Record], encoding: str = "utf-8-sig") -> Path:
    """Write records as a hotline would send them."""
    with path.open("w", encoding=encoding, newline="") as out:
        written = csv.writer(out)
        written.writerow(HEAD)
        written.writerows(map(line, rows))
    return path
