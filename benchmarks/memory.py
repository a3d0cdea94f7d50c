"""Memory of a web worker, after its start and after a thousand requests: what it holds, and its fair share of that."""

import re
import urllib.request
from pathlib import Path

from benchmarks.ground import family, pages, platform, table

REQUESTS = 1_000
ASKED = ("/api/openapi.json", "/", "/login", "/api/openapi.json")


def main() -> None:
    with platform() as home, pages(home) as (port, server):
        start = held(family(server.pid))
        for number in range(REQUESTS):
            urllib.request.urlopen(f"http://127.0.0.1:{port}{ASKED[number % len(ASKED)]}", timeout=10).read()
        after = held(family(server.pid))
    rows = (("after the start", *start), (f"after {REQUESTS} requests", *after))
    table("memory of the pages' server, one worker and its parent", ("", "RSS MB", "PSS MB"), rows)


def held(processes: list[int]) -> tuple[str, str]:
    texts = [Path(f"/proc/{process}/smaps_rollup").read_text() for process in processes]
    return tuple(f"{sum(_kilobytes(text, name) for text in texts) / 1024:.0f}" for name in ("Rss", "Pss"))  # type: ignore[return-value]


def _kilobytes(text: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()
