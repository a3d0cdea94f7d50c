"""`qianxian dispatch` on a file of its own invention: rows a second, processor time, and the memory of the command."""

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.ground import platform, table

ROWS = 10_000
KINDS = (
    "楼上每天半夜跳操，邻里噪声严重，孩子睡不着",
    "路口井盖松动，车一过就响，怕出事",
    "小区门口天天有人占道摆摊，婴儿车过不去",
    "暖气不热，家里只有十二度，老人受不了",
    "公交站牌倒了一个月没有人扶",
)
PLACES = ("柳岸社区", "钟楼社区", "新苑社区", "上塘村")


def main() -> None:
    with platform() as home:
        first = run(write(home / "工单.csv"))
        again = run(home / "工单.csv")
    head = ("", "rows", "seconds", "rows a second", "CPU s of the command", "largest MB")
    table(f"dispatch: {ROWS} rows into PostgreSQL", head, [("first run", *first), ("second run", *again)])


def write(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("编号", "诉求内容", "社区", "姓名", "电话", "时间"))
        for number in range(ROWS):
            words = f"{KINDS[number % len(KINDS)]}。{number // 60}号楼{number % 60}室反映，请尽快处理。"
            rows.writerow((number, words, PLACES[number % 4], "林晓禾", f"138{number:08}", "2026-03-01 09:00"))
    return path


def run(path: Path) -> tuple[str, ...]:
    command = [sys.executable, "-m", "qianxian", "dispatch", str(path), "--json"]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    told = json.loads(process.stdout.read()) if process.stdout else {}
    _, _, used = os.wait4(process.pid, 0)
    spent = time.perf_counter() - start
    if told["rows"] != ROWS:
        raise RuntimeError(told)
    return (
        str(told["rows"]),
        f"{spent:.1f}",
        f"{ROWS / spent:.0f}",
        f"{used.ru_utime:.1f}",
        f"{used.ru_maxrss / 1024:.0f}",
    )


if __name__ == "__main__":
    main()
