"""
What waits for whom, from every thread, by due time or arrival: one statement, a union of index scans paged by keyset.

Written in SQL because each branch must begin at its own index and stop after one page, however many rows there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from qianxian.cadres.rules import Actor, Role
from qianxian.kernel.worktime import BEIJING

from ..models import Matter
from ..rules.life import Stage

PAGE = 20
MOST_COUNTED = 100
MOST_FOUND = 2000
MOST_PLACES = 60
COLUMNS = (
    "id", "code", "title", "kind", "channel", "topic_id", "place_id", "owner_id", "owner_posting_id", "stage", "ground",
    "deadline_class", "received_at", "due_at", "contact_due_at", "signed_at", "contacted_at", "resolved_at",
    "standing_still", "supervised",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thread:
    """One kind of waiting: the rows of `source` in which `part` waits since `arrived` until `due`."""

    code: str
    rank: int
    source: str
    due: str = "m.due_at"
    arrived: str = "m.received_at"
    part: str = "m.id"


IN_WORK = f"m.stage < {Stage.RESOLVED:d}"
ABOVE_OWNER = "(%(supervises)s OR (m.answers_to_id = %(unit)s AND m.owner_id <> %(unit)s))"
IN_AREA = "m.place_id >= %(area)s AND m.place_id < %(area_end)s"
_OF = "qianxian_{} p JOIN qianxian_matter m ON m.id = p.matter_id WHERE "
OWN = Thread("own", 1, f"qianxian_matter m WHERE m.owner_id = %(unit)s AND {IN_WORK}")
POSTING = Thread(
    "posting",
    2,
    f"qianxian_matter m WHERE m.owner_posting_id = %(posting)s AND m.owner_id <> %(unit)s AND {IN_WORK}",
)
HELP = Thread(
    "help",
    3,
    _OF.format("help") + f"p.unit_id = %(unit)s AND p.answered_at IS NULL AND {IN_WORK}",
    "p.due_at",
    "p.asked_at",
    "p.id",
)
WHISTLE = Thread(
    "whistle",
    4,
    "qianxian_arrival p JOIN qianxian_whistle w ON w.id = p.whistle_id JOIN qianxian_matter m ON m.id = w.matter_id "
    "WHERE p.unit_id = %(unit)s AND p.work = '' AND w.closed_at IS NULL",
    "p.required_at",
    "w.blown_at",
    "p.id",
)
SUPERVISION = Thread(
    "supervision",
    5,
    _OF.format("supervision") + "p.answered_at IS NULL AND (m.owner_id = %(unit)s OR m.owner_posting_id = %(posting)s)",
    "p.due_at",
    "p.opened_at",
    "p.id",
)
EXTENSION = Thread(
    "extension",
    6,
    _OF.format("extension") + f"p.decided_at IS NULL AND {IN_WORK} AND {ABOVE_OWNER} AND {IN_AREA}",
    "m.due_at",
    "p.asked_at",
    "p.id",
)
OBJECTION = Thread(
    "objection",
    7,
    _OF.format("objection") + f"p.upheld IS NULL AND {IN_WORK} AND {ABOVE_OWNER} AND {IN_AREA}",
    "p.due_at",
    "p.made_at",
    "p.id",
)
UNSETTLED = Thread(
    "unsettled",
    8,
    f"qianxian_matter m WHERE m.stage = {Stage.ASSIGNED:d} AND m.ground IN ('silent', 'contested') AND {IN_AREA}",
)
PLEA = Thread("plea", 9, _OF.format("plea") + f"p.decided_at IS NULL AND {IN_AREA}", "p.asked_at", "p.asked_at", "p.id")
ABOVE = Thread(
    "above",
    10,
    _OF.format("coordination") + f"p.unit_id = %(unit)s AND p.answered_at IS NULL AND {IN_WORK}",
    "p.due_at",
    "p.asked_at",
    "p.id",
)
AWAITED = Thread(
    "awaited",
    11,
    _OF.format("coordination") + f"p.asker_id = %(unit)s AND p.answered_at IS NULL AND {IN_WORK}",
    "p.due_at",
    "p.asked_at",
    "p.id",
)
UNIT = Thread("unit", 1, "qianxian_matter m WHERE m.owner_id = %(unit)s")
DISTRICT = Thread("area", 1, f"qianxian_matter m WHERE {IN_AREA} AND {IN_WORK}")
FOUND = Thread("found", 1, "qianxian_matter m WHERE true")


def threads_of(actor: Actor) -> tuple[Thread, ...]:
    """Return the threads from which something can wait for an actor."""
    if actor.role is Role.STEWARD:
        return ()
    asked = (HELP, WHISTLE)
    if actor.role is Role.WORKER:
        return asked
    owned = (OWN, *((POSTING,) if actor.posting else ()), *asked, ABOVE, AWAITED, SUPERVISION)
    decided = (EXTENSION, OBJECTION) if actor.area else ()
    return (*owned, *decided, *((UNSETTLED, PLEA) if actor.role is Role.SUPERVISOR else ()))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to; empty strings narrow nothing; `state` is one of `STATES`."""

    state: str = ""
    topic: str = ""
    place: str = ""
    urgent: bool = False
    overdue: bool = False
    words: str = ""
    code: str = ""

    def __bool__(self) -> bool:
        return self != Narrowing()


STATES = {
    "sign": f"m.signed_at IS NULL AND m.stage IN ({Stage.ASSIGNED:d}, {Stage.SETTLED:d})",
    "contact": f"m.contacted_at IS NULL AND m.stage IN ({Stage.ASSIGNED:d}, {Stage.SETTLED:d})",
    "resolve": f"m.contacted_at IS NOT NULL AND m.stage IN ({Stage.ASSIGNED:d}, {Stage.SETTLED:d})",
    "undispatched": f"m.stage = {Stage.RECEIVED:d}",
    "paused": "m.standing_still",
    "resolved": f"m.stage = {Stage.RESOLVED:d}",
    "closed": f"m.stage > {Stage.RESOLVED:d}",
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place between two rows where a page begins."""

    moment: datetime
    rank: int
    part: int

    def __str__(self) -> str:
        return f"{self.moment.isoformat()}~{self.rank}~{self.part}"


def cursor(text: str) -> Cursor | None:
    """Return the cursor that an address holds, None where it holds none that can be read."""
    moment, _, rest = text.partition("~")
    rank, _, part = rest.partition("~")
    try:
        read = datetime.fromisoformat(moment)
        number = int(part)
        return Cursor(read if read.tzinfo else read.replace(tzinfo=BEIJING), int(rank), number if number < 2**63 else 0)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page: by `due` or `arrived`, falling or rising, after or before a cursor, or the last one."""

    by: str = "due"
    falling: bool = False
    after: Cursor | None = None
    before: Cursor | None = None
    last: bool = False
    size: int = PAGE

    @property
    def backwards(self) -> bool:
        return self.last or self.before is not None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row: a matter, the thread from which it waits, and until when."""

    thread: str
    rank: int
    moment: datetime
    due: datetime
    part: int
    matter: Mapping[str, Any]

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.moment, self.rank, self.part)


@dataclass(frozen=True)
class Page:
    """One page of rows, and the cursors before and after it where there is more."""

    rows: list[Waiting] = field(default_factory=list)
    before: Cursor | None = None
    after: Cursor | None = None


def waiting(actor: Actor, threads: Sequence[Thread], narrowing: Narrowing, paging: Paging, at: datetime) -> Page:
    """Return one page of what waits in these threads; one statement."""
    if not threads:
        return Page()
    parameters = _parameters(actor, narrowing, at)
    found = _found(narrowing, parameters)
    branches = " UNION ALL ".join(_branch(thread, narrowing, paging, parameters) for thread in threads)
    down = paging.falling != paging.backwards
    order = ", ".join(f"{name}{' DESC' if down else ''}" for name in ("moment", "rank", "part"))
    statement = f"{found} SELECT * FROM ({branches}) AS waits ORDER BY {order} LIMIT {paging.size + 1}"  # noqa: S608
    with connection.cursor() as reading:
        reading.execute(statement, parameters)
        rows = [_row(row) for row in reading.fetchall()]
    return _page(rows, paging)


def _page(rows: list[Waiting], paging: Paging) -> Page:
    more, rows = len(rows) > paging.size, rows[: paging.size]
    if paging.backwards:
        rows.reverse()
    if not rows:
        return Page()
    earlier = more if paging.backwards else paging.after is not None
    later = not paging.last if paging.backwards else more
    return Page(rows, rows[0].cursor if earlier else None, rows[-1].cursor if later else None)


def _row(row: Sequence[Any]) -> Waiting:
    thread, rank, moment, due, part, *values = row
    return Waiting(thread, rank, moment, due, part, dict(zip(COLUMNS, values, strict=True)))


def _branch(thread: Thread, narrowing: Narrowing, paging: Paging, parameters: dict[str, Any]) -> str:
    """Return one index scan of at most a page."""
    moment = thread.due if paging.by == "due" else thread.arrived
    columns = ", ".join(f"m.{name}" for name in COLUMNS)
    conditions = [*_narrowed(narrowing, thread), *_keyset(thread, moment, paging, parameters)]
    if narrowing.words:
        conditions.append("m.id IN (SELECT id FROM found)")
    down = " DESC" if paging.falling != paging.backwards else ""
    where = "".join(f" AND {condition}" for condition in conditions)
    return (
        f"(SELECT '{thread.code}' AS thread, {thread.rank} AS rank, {moment} AS moment, {thread.due} AS due, "  # noqa: S608
        f"{thread.part} AS part, {columns} FROM {thread.source}{where} "
        f"ORDER BY {moment}{down}, {thread.part}{down} LIMIT {paging.size + 1})"
    )


def _keyset(thread: Thread, moment: str, paging: Paging, parameters: dict[str, Any]) -> list[str]:
    """Rows of one thread beyond the cursor: those of a thread that comes later at the same moment are beyond it too."""
    edge = paging.before or paging.after
    if edge is None or paging.last:
        return []
    parameters |= {"edge_moment": edge.moment, "edge_part": edge.part}
    sign = "<" if paging.falling != paging.backwards else ">"
    if thread.rank == edge.rank:
        return [f"({moment}, {thread.part}) {sign} (%(edge_moment)s, %(edge_part)s)"]
    beyond = (thread.rank > edge.rank) == (sign == ">")
    return [f"{moment} {sign}{'=' if beyond else ''} %(edge_moment)s"]


def _narrowed(narrowing: Narrowing, thread: Thread) -> list[str]:
    return [
        condition
        for asked, condition in (
            (narrowing.state, STATES.get(narrowing.state, "true")),
            (narrowing.topic, "m.topic_id >= %(topic)s AND m.topic_id < %(topic_end)s"),
            (narrowing.place, "m.place_id >= %(place)s AND m.place_id < %(place_end)s"),
            (narrowing.urgent, "m.deadline_class = 'urgent'"),
            (narrowing.overdue, f"{thread.due} < %(at)s"),
            (narrowing.code, "m.code = %(code)s"),
            (narrowing.words, "strpos(lower(m.title || ' ' || m.words), %(words)s) > 0"),
        )
        if asked
    ]


def _found(narrowing: Narrowing, parameters: dict[str, Any]) -> str:
    """Matters that hold these pairs of characters: the newest in my unit's hands, and the newest in my area."""
    if not narrowing.words:
        return ""
    parameters["pairs"] = pairs(narrowing.words)
    scopes = [f"u:{parameters['unit']}", *([f"p:{parameters['area']}"] if parameters["area"] else [])]
    halves = []
    for number, scope in enumerate(scopes):
        parameters[f"scope{number}"] = [*parameters["pairs"], scope]
        halves.append(
            f"(SELECT matter_id AS id FROM qianxian_matter_words WHERE pairs @> %(scope{number})s::text[] "  # noqa: S608
            f"ORDER BY matter_id DESC LIMIT {MOST_FOUND})"
        )
    return f"WITH found AS MATERIALIZED ({' UNION '.join(halves)})"


def pairs(words: str) -> list[str]:
    """Return the pairs of neighbouring characters of some words, as the index of words keeps them."""
    bare = words.lower()
    return sorted({bare[place : place + 2] for place in range(len(bare) - 1)})


def _parameters(actor: Actor, narrowing: Narrowing, at: datetime) -> dict[str, Any]:
    words = narrowing.words.strip().lower()
    return {
        "unit": actor.unit,
        "posting": actor.posting,
        "area": actor.area,
        "area_end": actor.area + ":",
        "supervises": actor.role is Role.SUPERVISOR,
        "at": at,
        "topic": narrowing.topic,
        "topic_end": narrowing.topic + ":",
        "place": narrowing.place,
        "place_end": narrowing.place + ":",
        "code": narrowing.code,
        "words": words,
    }


def counts(actor: Actor, threads: Sequence[Thread], at: datetime) -> dict[str, int]:
    """Return how many wait in each thread, counted up to a hundred; one statement."""
    if not threads:
        return {}
    counted = " UNION ALL ".join(
        f"SELECT '{thread.code}', count(*) FROM (SELECT 1 FROM {thread.source} LIMIT {MOST_COUNTED}) AS counted"  # noqa: S608
        for thread in threads
    )
    with connection.cursor() as reading:
        reading.execute(counted, _parameters(actor, Narrowing(), at))
        return dict(reading.fetchall())


def area_threads(area: str, places: Iterable[str]) -> tuple[Thread, ...]:
    """
    Return the open matters of an area: an index scan for each of its places, one of the district where they are many.

    :param places: the codes of all places; those inside the area are taken
    """
    inside = sorted(code for code in places if code.startswith(area)) if area else []
    if len(inside) > MOST_PLACES:
        return (DISTRICT,)
    return tuple(
        replace(DISTRICT, rank=rank, source=f"qianxian_matter m WHERE m.place_id = '{code}' AND {IN_WORK}")
        for rank, code in enumerate(inside, 1)
        if code.isdigit()
    )


def reported_threads(area: str, places: Iterable[str]) -> tuple[Thread, ...]:
    """Return the matters of an area that staff registered for somebody, closed ones too."""
    inside = sorted(code for code in places if area and code.startswith(area) and code.isdigit())[:MOST_PLACES]
    told = "m.channel IN ('worker', 'walk_in', 'phone')"
    return tuple(
        replace(
            DISTRICT, code="reported", rank=rank, source=f"qianxian_matter m WHERE m.place_id = '{code}' AND {told}"
        )
        for rank, code in enumerate(inside, 1)
    )


def number_of(code: str) -> int:
    """
    Return the number of a matter by its tracking code.

    :raises Matter.DoesNotExist: if there is none within reach
    """
    return Matter.objects.only("id").get(code=code.strip().upper()).pk


def numbers_of(codes: Iterable[str]) -> dict[str, int]:
    """Return the numbers of those matters that are within reach, in the order of the codes."""
    found = dict(Matter.objects.filter(code__in=list(codes)).values_list("code", "id"))
    return {code: found[code] for code in codes if code in found}
