"""The standard itself."""

import sys
from pathlib import Path

from benchmarks.standard import COLUMNS, TODAY
from qianxian.collection import frames
from qianxian.standard.bulk.run import run


def main(source: Path, out: Path) -> None:
    with frames.opened(source) as opened:
        run(opened.parts, opened.headers, COLUMNS, out, today=TODAY, key=str(source), profile=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
