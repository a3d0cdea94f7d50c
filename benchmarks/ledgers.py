"""
All ledgers of one community: read once, worked out, and written as workbooks.

The peer writes the same cells, which it is given, by openpyxl in its fastest way (write-only, no styles, no query).

    python -m benchmarks.ledgers [RESIDENTS]
"""

import io
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.ground import platform

RESIDENTS, PLACE, PERIOD = 7000, "990101001003", "2026-11"


def measure(residents: int) -> None:
    """Fill one community and print the figures of both."""
    import django  # noqa: PLC0415

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from qianxian.cadres.queries import reaching_everything  # noqa: PLC0415
    from qianxian.ledgers import queries, sheets  # noqa: PLC0415
    from qianxian.ledgers.rules.derivation import derive  # noqa: PLC0415
    from qianxian.ledgers.rules.periods import period  # noqa: PLC0415
    from qianxian.web.demonstration import peopling, population  # noqa: PLC0415

    at, when = timezone.now(), period(PERIOD)
    with reaching_everything():
        peopling._keepers(at)
        peopling._community(PLACE, list(population.households(PLACE, residents, at.date())), at)
        every = queries.own_definitions()

        def ours() -> tuple[int, int]:
            frames = queries.frames_of(PLACE, when, at)
            written = [(one, *sheets.workbook_of(one, frames, area="新苑社区", period=PERIOD)) for one in every]
            return sum(rows for _, _, rows in written), sum(rows * len(one.columns) for one, _, rows in written)

        (rows, cells), (seconds, processor) = _timed(ours)
        frames = queries.frames_of(PLACE, when, at)
        tables = [list(zip(*derive(one, frames, PERIOD).columns, strict=True)) for one in every]
        _, (theirs, their_processor) = _timed(lambda: [_openpyxl(table) for table in tables])
    print(f"{len(every)} ledgers of {residents} residents: {rows} rows, {cells} cells")
    for name, wall, spent in (
        ("ours, reading and all", seconds, processor),
        ("openpyxl, cells given", theirs, their_processor),
    ):
        pace = f"{rows / wall:9.0f} rows/s {cells / wall:9.0f} cells/s"
        print(f"  {name:24} {wall:6.2f} s {pace}  of the processor {spent:5.2f} s")


def _openpyxl(table: list[Any]) -> int:
    from openpyxl import Workbook  # noqa: PLC0415

    book, held = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in table:
        sheet.append(row)
    book.save(held)
    return len(held.getvalue())


def _timed(call: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Return the answer, and the seconds by the clock and by the processor: on a busy machine they differ."""
    began, spent = time.perf_counter(), time.process_time()
    answer = call()
    return answer, (time.perf_counter() - began, time.process_time() - spent)


if __name__ == "__main__":
    with platform():
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else RESIDENTS)
