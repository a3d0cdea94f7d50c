"""The list 等我办 at 1,000, 100,000 and 1,000,000 matters: statements, CPU and time of each page in every order.

The database is of its own and is dropped at the end. Row-level security is on, as for every reader. A well-known peer
needs 125 statements and 200 ms of CPU for a list of 20 rows, at any size.

    python benchmarks/desk_list.py [--sizes 1000,100000,1000000] [--repeat 15] [--explain]
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianxian.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from qianxian.cadres.queries import reach  # noqa: E402
from qianxian.config import home, postgres  # noqa: E402
from qianxian.web.demonstration import district  # noqa: E402

NAME = "qianxian_desk_list"
MOST_STATEMENTS = 6
READERS = {
    "department": ("gu.chengye", ("", "view=unit", "q=楼道渗水", "q=楼道渗水&everywhere=1", "topic=02", "overdue=1")),
    "worker": ("lin.xiaoman", ("", "view=area", "view=reported")),
    "street": ("wen.ruoxi", ("", "view=area")),
    "supervisor": ("hu.zhengqing", ("", "view=area", "thread=unsettled")),
}
ORDERS = ("due", "-due", "arrived", "-arrived")
FILL = """
WITH places AS (SELECT array_agg(code ORDER BY code) AS held FROM qianxian_place WHERE length(code) = 15),
     topics AS (SELECT array_agg(code ORDER BY code) AS held FROM qianxian_topic WHERE length(code) = 6),
     units AS (SELECT array_agg(code ORDER BY code) AS held, array_agg(kind ORDER BY code) AS kinds
               FROM qianxian_organisation WHERE kind IN ('department', 'street', 'enterprise')),
     rows AS (
        SELECT n, places.held[1 + n % array_length(places.held, 1)] AS place,
            topics.held[1 + (n * 7) % array_length(topics.held, 1)] AS topic,
            CASE WHEN n % 10 = 0 THEN 'cg' WHEN n % 10 = 1 THEN 'st-qinghe'
                ELSE units.held[1 + (n / 10) % array_length(units.held, 1)] END AS owner,
            n % 5 < 2 AS open, now() - make_interval(mins => n % 500000) AS received
        FROM generate_series(%(first)s, %(last)s) AS n, places, topics, units
     )
INSERT INTO qianxian_matter (
    id, code, kind, channel, title, words, fingerprint, topic_id, place_id, setting, address, requester_index, stage,
    owner_id, owner_kind, answers_to_id, involved, ground, article_id, edition, answer, deadline_class, calendar,
    received_at, dispatched_at, contact_due_at, due_at, standing_still, signed_at, contacted_at, resolved_at, closed_at,
    result, reply, evidence, exit, ending, satisfaction, comment, removed, supervised)
SELECT n, 'B' || lpad(n::text, 13, '0'), 'complaint', CASE n % 4 WHEN 0 THEN 'worker' ELSE 'phone' END,
    '第' || n || '号楼道里的事', '第' || n || '号楼道里的事，请来看看。'
        || CASE WHEN n % 997 = 0 THEN '楼道渗水' ELSE '' END,
    md5(n::text), topic, place, '', '', '', CASE WHEN open THEN 20 ELSE 60 END, owner,
    (SELECT kind FROM qianxian_organisation WHERE code = owner), 'gov', ARRAY[owner, 'gov', 'st-qinghe'],
    CASE WHEN n % 20 = 1 THEN 'silent' ELSE 'article' END,
    (SELECT min(id) FROM qianxian_article), 1, '{}', 'general', 'shipped', received, received,
    received + interval '1 day', received + interval '7 days' + make_interval(secs => n % 3600), false,
    CASE WHEN n % 3 = 0 THEN received END, NULL, NULL, CASE WHEN open THEN NULL ELSE received END,
    '', '', '', '', '', '', '', false, false
FROM rows
"""
# What awaits a decision is of the last days and does not grow with the archive: 300 at 100,000 matters and beyond.
PARTS = (
    """INSERT INTO qianxian_help (matter_id, unit_id, what, article, asked_at, due_at, answer)
       SELECT id, CASE id %% 3 WHEN 0 THEN 'cm-liuan' WHEN 1 THEN 'cg' ELSE 'st-qinghe' END, '请到场配合', '',
           received_at, due_at - interval '1 day', ''
       FROM qianxian_matter WHERE id BETWEEN %(first)s AND %(last)s AND id %% 10 = 6""",
    """INSERT INTO qianxian_extension (matter_id, amount, reason, asked_at, told)
       SELECT id, 1, '等配件', received_at, '' FROM qianxian_matter
       WHERE id BETWEEN %(first)s AND %(last)s AND id %% 1000 = 1 AND id <= 100000""",
    """INSERT INTO qianxian_objection (matter_id, unit_id, names_id, article, reason, made_at, due_at)
       SELECT id, owner_id, 'zj', '住建-001', '不属本单位', received_at, received_at + interval '1 day'
       FROM qianxian_matter WHERE id BETWEEN %(first)s AND %(last)s AND id %% 2000 = 5 AND id <= 100000""",
    """INSERT INTO qianxian_plea (matter_id, purpose, ground, reason, asked_at, decision)
       SELECT id, 'remove', 'withdrawn', '已撤回', received_at, '' FROM qianxian_matter
       WHERE id BETWEEN %(first)s AND %(last)s AND id %% 2000 = 10 AND id <= 100000""",
    """INSERT INTO qianxian_supervision (matter_id, cause, note, opened_at, due_at, answer)
       SELECT id, 'late', '请说明', received_at, due_at, '' FROM qianxian_matter
       WHERE id BETWEEN %(first)s AND %(last)s AND id %% 1000 = 20 AND id <= 100000""",
)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--sizes", default="1000,100000,1000000")
    asked.add_argument("--repeat", type=int, default=15)
    asked.add_argument("--explain", action="store_true", help="print the plan of every list at the last size")
    options = asked.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    console = Console(width=120)
    with postgres.at_hand(home.current(), trial=True), own_database():
        call_command("migrate", verbosity=0, interactive=False)
        district.enter(timezone.now())
        held, measured = 0, {}
        for size in sizes:
            with console.status(f"{size:,} matters"):
                began = time.perf_counter()
                fill(held + 1, size)
                console.print(f"{size:,} matters after {time.perf_counter() - began:.0f} s of filling")
                held, measured[size] = size, dict(measure(options.repeat))
        met = report(console, sizes, measured)
        if options.explain:
            explain(console)
    sys.exit(0 if met else 1)


@contextmanager
def own_database() -> Iterator[None]:
    """An empty database for this figure alone."""
    run_beside(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
    run_beside(f'CREATE DATABASE "{NAME}"')
    before = connection.settings_dict["NAME"]
    turn_to(NAME)
    try:
        yield
    finally:
        turn_to(before)
        run_beside(f'DROP DATABASE "{NAME}" WITH (FORCE)')


def run_beside(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def turn_to(name: str) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name


def fill(first: int, last: int) -> None:
    """Fill up to `last` matters; telling who listens is left out, keeping words is not."""
    reach(everything=True)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE qianxian_matter DISABLE TRIGGER changes_of_a_matter_are_told")
        for start in range(first, last + 1, 100_000):
            span = {"first": start, "last": min(last, start + 99_999)}
            for statement in (FILL.replace("%", "%%").replace("%%(", "%("), *PARTS):
                cursor.execute(statement, span)
        cursor.execute("ALTER TABLE qianxian_matter ENABLE TRIGGER changes_of_a_matter_are_told")
        cursor.execute("VACUUM ANALYZE")
    reach()


def pages() -> Iterator[tuple[str, str, str]]:
    """Yield each reader with every page that is measured: name of the page, account, address."""
    for role, (username, views) in READERS.items():
        for view in views:
            orders = orders_of(view)
            for order in orders:
                for end, cursor in (("first", ""), ("last", "&before=end")):
                    yield f"{role} {view or 'mine'} {order} {end}", username, f"/desk/?{view}&sort={order}{cursor}"


def orders_of(view: str) -> tuple[str, ...]:
    """Return the orders in which a list is offered; a narrowed one is measured in one of them."""
    if view.startswith(("q=", "topic", "overdue")):
        return ("-arrived",) if "everywhere" in view else ("due",)
    return ORDERS[2:] if view in ("view=unit", "view=reported") else ORDERS


def measure(repeat: int) -> Iterator[tuple[str, dict[str, float]]]:
    clients: dict[str, Client] = {}
    for name, username, address in pages():
        client = clients.setdefault(username, signed_in(username))
        yield name, figures(lambda: client.get(address), repeat)  # noqa: B023


def signed_in(username: str) -> Client:
    client = Client()
    answer = client.post("/login/", {"username": username, "password": district.PASSWORD})
    if answer.status_code != 302:
        raise SystemExit(f"{username}: not let in ({answer.status_code})")
    return client


def figures(ask: Callable[[], Any], repeat: int) -> dict[str, float]:
    ask()
    with CaptureQueriesContext(connection) as statements:
        answer = ask()
    asked = len(statements)
    if answer.status_code != 200:
        raise SystemExit(f"{answer.status_code} {answer.request['QUERY_STRING']}")
    walls, cpus = [], []
    for _ in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return {
        "statements": asked, "wall": min(walls) * 1000, "cpu": min(cpus) * 1000,
        "rows": answer.content.count(b"data-row"),
    }  # fmt: skip


def report(console: Console, sizes: list[int], measured: dict[int, dict[str, dict[str, float]]]) -> bool:
    """Print one line for each page; tell whether the goals are met."""
    table = Table(
        title="desk list: milliseconds of a page, best of all asked (CPU of the web process), statements, rows"
    )
    table.add_column("page")
    for size in sizes:
        table.add_column(f"{size:,}", justify="right")
    table.add_column("ratio", justify="right")
    met = True
    for name in measured[sizes[0]]:
        lines = [measured[size][name] for size in sizes]
        ratio = lines[-1]["wall"] / lines[0]["wall"]
        met &= all(line["statements"] <= MOST_STATEMENTS for line in lines)
        filtered = any(mark in name for mark in ("q=", "topic=", "overdue="))
        met &= ratio <= 2 or filtered
        cells = [
            f"{line['wall']:.1f} ({line['cpu']:.1f}) {line['statements']:.0f} {line['rows']:.0f}" for line in lines
        ]
        table.add_row(name, *cells, f"{ratio:.2f}{' !' if ratio > 2 else ''}")
    console.print(table)
    console.print(
        f"goals {'met' if met else 'MISSED'}: at most {MOST_STATEMENTS} statements; "
        "the largest no slower than twice the smallest"
    )
    console.print("peer: 125 statements and 200 ms of CPU for 20 rows at any size")
    return met


def explain(console: Console) -> None:
    for name, username, address in pages():
        client = signed_in(username)
        with CaptureQueriesContext(connection) as statements:
            client.get(address)
        lists = [found["sql"] for found in statements if "waits ORDER BY" in found["sql"]]
        known = next(found["sql"] for found in statements if "set_config" in found["sql"])
        with connection.cursor() as cursor:
            cursor.execute(known)
            for statement in lists:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, SUMMARY) {statement}")
                console.print(name, style="bold")
                console.print("\n".join(line for (line,) in cursor.fetchall()))


if __name__ == "__main__":
    main()
