"""
Addresses taken apart by rules, beside a floor: the same patterns looked for in the same texts, and nothing made of them.

Also how long the division tree takes to load, and what it holds in memory; and, where the folder of shared data is at
hand, how well rules do on real addresses (it is not part of the project: where it is absent that line says so).
"""

import time
import tracemalloc
from pathlib import Path

from benchmarks.ground import table
from qianxian.standard.addresses import corpus, divisions
from qianxian.standard.addresses.rules import BESIDE, END, NUMBER, rules

ADDRESSES = 20_000
DEV = Path(__file__).parents[2] / "shared/data/addresses/dev.txt"


def main() -> None:
    loaded, held = load()
    texts = [
        f"浙江省杭州市西湖区文新街道槐安路{n}号柳岸花园{n % 30 + 1}幢{n % 4 + 1}单元{n % 18 + 1}0{n % 4 + 1}室"
        for n in range(ADDRESSES)
    ]
    ours = rate(texts, rules)
    floor = rate(texts, lambda text: [list(one.finditer(text)) for one in (NUMBER, END, BESIDE)])
    rows = [
        ["division tree", f"{loaded * 1000:.0f} ms", f"{held / 2**20:.0f} MB" if divisions.at_hand() else "not made"],
        ["rules", f"{ours:,.0f} addresses/s", f"{ours / floor:.2f} of the floor"],
        ["floor: patterns only", f"{floor:,.0f} addresses/s", ""],
        ["rules on real addresses", real(), "goal 0.75"],
    ]
    table("addresses taken apart by rules", ["", "figure", "beside"], rows)


def load() -> tuple[float, int]:
    """Return seconds and bytes of loading the tree, measured apart since counting bytes takes time."""
    began = time.perf_counter()
    divisions.tree()
    seconds = time.perf_counter() - began
    divisions.tree.cache_clear()
    tracemalloc.start()
    divisions.tree()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return seconds, held


def rate(texts: list[str], function) -> float:
    began = time.perf_counter()
    for text in texts:
        function(text)
    return len(texts) / (time.perf_counter() - began)


def real() -> str:
    if not DEV.exists():
        return "skipped: the folder of shared data is absent"
    return f"F1 {corpus.score(corpus.read(DEV), rules)[0].f1:.3f}"


if __name__ == "__main__":
    main()
