"""
One demand through the HTTP interface, beside a bare INSERT of its four rows by psycopg in the same run.

Processor time of the server's and the database's processes together; the client's own is not counted for the
interface, and is counted for the bare INSERT, as there it is the program. The goal is at most four times the floor.
"""

import json
import os
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.ground import cpu, database, family, pages, platform, table

WARM, COUNTED, CLIENTS = 300, 2_000, (1, 4)
TABLES = {
    "qianxian_matter": "id",
    "qianxian_requester": "matter_id",
    "qianxian_entry": "id",
    "qianxian_submission": "matter_id",
}
FROM_HTTP = dict.fromkeys(TABLES, "true") | {"qianxian_entry": "verb = 'receive'"}
WORDS = "三号楼楼上每天半夜跳操，邻里噪声严重，已经和物业说过两次，没有人管，请尽快处理。第{}次反映。"


def main() -> None:
    with platform() as home:
        served = [over_http(home, clients) for clients in CLIENTS]
        floor = bare(home)
    head = ("", "a second", "server ms", "database ms", "CPU ms each", "times the floor")
    rows = [
        (f"HTTP, {clients} at a time", *figures(row), f"{total(row) / total(floor):.2f}")
        for clients, row in zip(CLIENTS, served, strict=True)
    ]
    rows.append(("bare INSERT, 1 at a time", *figures(floor), ""))
    table(f"intake: {COUNTED} demands, each one transaction (goal, 1 at a time: at most 4)", head, rows)


Figures = tuple[float, float, float]


def total(row: Figures) -> float:
    return row[1] + row[2]


def figures(row: Figures) -> tuple[str, ...]:
    return (
        f"{COUNTED / row[0]:.0f}",
        f"{row[1] / COUNTED * 1e3:.2f}",
        f"{row[2] / COUNTED * 1e3:.2f}",
        f"{total(row) / COUNTED * 1e3:.2f}",
    )


def over_http(home: Path, clients: int) -> Figures:
    name = f"bench-{clients}"
    made = [sys.executable, "-m", "qianxian", "keys", "create", name, "--unit", "gov", "--area", "990101"]
    secret = subprocess.run(made, check=True, capture_output=True, text=True).stdout.strip()
    with pages(home) as (port, server):
        first = clients * 1_000_000
        bring(port, secret, clients, range(first, first + WARM))
        servers, bases = family(server.pid), database(home)
        before, start = (cpu(servers), cpu(bases)), time.perf_counter()
        bring(port, secret, clients, range(first + WARM, first + WARM + COUNTED))
        return time.perf_counter() - start, cpu(servers) - before[0], cpu(bases) - before[1]


def bring(port: int, secret: str, clients: int, numbers: range) -> None:
    """Bring demands by so many clients at a time, each in a thread of its own."""
    threads = [threading.Thread(target=client, args=(port, secret, numbers[n::clients])) for n in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def client(port: int, secret: str, numbers: range) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    for number in numbers:
        body = {
            "words": WORDS.format(number), "topic": "020101", "place": "990101001001", "kind": "complaint",
            "name": "林晓禾", "phone": f"138{number:08}",
        }  # fmt: skip
        connection.request("POST", "/api/matters", json.dumps(body), {**headers, "Idempotency-Key": f"bench-{number}"})
        answer = connection.getresponse()
        if answer.status != 201:
            raise RuntimeError(f"{answer.status}: {answer.read().decode()}")
        answer.read()


def bare(home: Path) -> Figures:
    """Write the same rows once more, under new numbers, by prepared statements; nothing is decided."""
    from qianxian.config import home as homes  # noqa: PLC0415

    settings = homes.database_settings(homes.current())
    with psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], password=settings["PASSWORD"], host=settings["HOST"]
    ) as connection:
        connection.execute("SELECT set_config('qianxian.everything', 'yes', false)")
        sets = [rows_of(connection, name, key) for name, key in TABLES.items()]
        connection.commit()
        write(connection, sets, range(WARM))
        mine, bases = [os.getpid()], database(home)
        before, start = (cpu(mine), cpu(bases)), time.perf_counter()
        write(connection, sets, range(WARM, WARM + COUNTED))
        return time.perf_counter() - start, cpu(mine) - before[0], cpu(bases) - before[1]


def rows_of(connection: "psycopg.Connection[Any]", name: str, key: str) -> tuple[str, list[list[str | None]]]:
    """Return the statement that writes one row of a table, and rows as text with numbers of their own."""
    columns = [column.name for column in connection.execute(f"SELECT * FROM {name} LIMIT 0").description or ()]
    drawn = name in ("qianxian_entry", "qianxian_submission")  # the database draws their numbers
    kept = [column for column in columns if not (drawn and column == "id")]
    read = ", ".join(told(column) for column in kept)
    rows = [
        list(row) for row in connection.execute(f"SELECT {read} FROM {name} WHERE {FROM_HTTP[name]} ORDER BY {key}")
    ]
    marks = ", ".join("%s" for _ in kept)
    return f"INSERT INTO {name} ({', '.join(kept)}) VALUES ({marks})", rows[-(WARM + COUNTED) :]


def told(column: str) -> str:
    """Return how a column is read so that its row can be written beside the first."""
    fresh = {"id": "(id + 10000000)::text", "matter_id": "(matter_id + 10000000)::text", "key": "'b' || key"}
    return fresh.get(column, "'B' || substr(code, 2)" if column == "code" else f"{column}::text")


def write(
    connection: "psycopg.Connection[Any]", sets: list[tuple[str, list[list[str | None]]]], numbers: range
) -> None:
    with connection.cursor() as cursor:
        for number in numbers:
            for statement, rows in sets:
                cursor.execute(statement, rows[number], prepare=True)
            connection.commit()


if __name__ == "__main__":
    main()
