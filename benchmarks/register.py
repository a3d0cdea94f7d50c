"""Entering 100,000 rows of 20 columns into the register, again, and with a changed column: rows a second and memory.

The floor beside it copies the same cells into one bare table of texts, without sealing, index, history or wall.
"""

import os
import resource
import sys
import time
from datetime import date
from itertools import islice

from benchmarks.ground import platform, table

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
MORE = {
    "person.native_place": "云溪区", "person.occupation": "职员", "person.workplace": "云溪纺织厂", "person.military": "1",
    "resident.registration_nature": "1", "resident.residence_match": "01", "person.email": "NOBODY@EXAMPLE.COM",
}  # fmt: skip


def main() -> None:
    with platform():
        code = "from benchmarks.register import measure; measure()"
        os.spawnlp(os.P_WAIT, sys.executable, sys.executable, "-c", code, str(ROWS))


def rows() -> list[dict[str, str]]:
    from qianxian.web.demonstration.population import households  # noqa: PLC0415  (the home is named by now)

    found = (
        {**one.values, **MORE}
        for number in range(100)
        for home in households(
            f"9901010010{number % 4 + 1:02d}" if number < 4 else f"99010100100{number % 4 + 1}",
            4000 + number,
            date(2026, 1, 1),
        )
        for one in home.members
    )
    return list(islice(found, ROWS))


def measure() -> None:
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from qianxian.cadres.queries import reaching_everything  # noqa: PLC0415
    from qianxian.register.actions import records  # noqa: PLC0415
    from qianxian.register.rules.records import Incoming  # noqa: PLC0415

    held = rows()
    head = ("", "rows", "columns", "seconds", "rows a second", "CPU s of this process", "largest MB")
    lines = []

    def timed(name: str, work: object) -> None:
        started, cpu = time.perf_counter(), time.process_time()
        work()  # type: ignore[operator]
        spent = time.perf_counter() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        lines.append(
            (
                name,
                len(held),
                len(held[0]),
                f"{spent:.1f}",
                f"{len(held) / spent:.0f}",
                f"{time.process_time() - cpu:.1f}",
                memory,
            )
        )

    def enter(key: str, **changed: str) -> None:
        batch = records.open_batch(source="benchmark", key=key, actor="benchmark", at=timezone.now())
        incoming = (
            Incoming(str(number), "990101001001", {code: (value, value) for code, value in {**row, **changed}.items()})
            for number, row in enumerate(held)
        )
        for _tally in records.enter_persons(batch, incoming, actor="benchmark", at=timezone.now()):
            pass

    with reaching_everything():
        timed("entered", lambda: enter("first"))
        timed("the same again", lambda: enter("again"))
        timed("one column changed", lambda: enter("changed", **{"person.occupation": "退休"}))
    timed("floor: bare table", lambda: copied(connection, held))
    table(f"register: {len(held)} rows", head, lines)


def copied(connection: object, held: list[dict[str, str]]) -> None:
    columns = list(held[0])
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"CREATE TEMP TABLE bare ({', '.join(f'c{n} text' for n in range(len(columns)))})")
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for row in held:
                copy.write_row([row.get(column, "") for column in columns])


if __name__ == "__main__":
    main()
