"""
The lists as streets, departments and communities really keep them, read into articles or faults; nothing is guessed.

A workbook holds several sheets; above each table stand a title and merged headers, inside it headings and numbers. What
a sheet is shows in its columns, then in its title (list of duties of towns and streets: 基本履职, 配合履职, 上级部门收回;
department: 权责清单; community: 自治, 协助, 负面; handbook 2.1).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qianxian.register.rules import Directory, Kind, Organisation, Unknown, plain

from . import lists
from .articles import Duty, Power
from .crosswalks import Labels
from .settings import SETTINGS
from .sheets import Cells, Fault, Form, Sheet, Table, cell_at, form_of, is_flat, taken_apart
from .topic_tree import TopicTree

BASIS, NUMBER = 200, 32
NEAR = 3
POWER_KINDS: dict[str, tuple[Power, ...]] = {
    "许可": (Power.DECISION,), "处罚": (Power.ENFORCEMENT,), "强制": (Power.ENFORCEMENT, Power.ENTRY),
    "征收": (Power.FUNDS,), "给付": (Power.FUNDS,), "检查": (Power.ENFORCEMENT, Power.ENTRY),
    "确认": (Power.DECISION,), "奖励": (Power.FUNDS,), "裁决": (Power.DECISION,), "其他": (Power.AFFAIRS,),
}  # fmt: skip
"""The ten kinds of power of a 权责清单 and the powers of the register that each brings (2.1; our reading of them)."""

SHORT = {
    Form.BASIC: "基本", Form.ASSISTING: "配合", Form.TAKEN_BACK: "收回", Form.DEPARTMENT: "权责",
    Form.SELF_GOVERNMENT: "自治", Form.COMMUNITY_ASSIST: "协助", Form.NEGATIVE: "负面",
}  # fmt: skip
GIVES: dict[Form, tuple[Duty | None, tuple[Power, ...]]] = {
    Form.BASIC: (Duty.LEAD, ()),
    Form.SELF_GOVERNMENT: (None, (Power.AFFAIRS,)),
    Form.COMMUNITY_ASSIST: (Duty.ASSIST, ()),
    Form.NEGATIVE: (None, ()),
}
"""What a line gives by being on its list: a committee runs its own affairs, which is no duty to answer demands."""
HOLDERS = {
    Form.BASIC: {Kind.STREET}, Form.ASSISTING: {Kind.STREET}, Form.TAKEN_BACK: {Kind.STREET},
    Form.SELF_GOVERNMENT: {Kind.COMMITTEE}, Form.COMMUNITY_ASSIST: {Kind.COMMITTEE}, Form.NEGATIVE: {Kind.COMMITTEE},
    Form.DEPARTMENT: {Kind.DEPARTMENT, Kind.STREET, Kind.ENTERPRISE, Kind.CENTRE, Kind.MASS, Kind.PARTY},
}  # fmt: skip
"""What kind of body keeps a list of each form."""

WRAPPED = re.compile(
    r"^对(?P<what>.+?)(?:行为|情形)?的?(?:行政)?(?:处罚|强制|许可|检查|监督检查|确认|奖励|裁决|征收|给付)$"
)
LAW = re.compile(
    r"《[^》]+》(?:第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五])?(?:第[一二三四五六七八九十\d]+[款项])*)?"
)
EVERY = frozenset({"全部", "各社区", "全部社区", "所有社区", "各社区村", "各村居"})
LEADING = re.compile(r"[（(]?牵头[)）]?")


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a sheet: its form (None where it is no list), whose it is, and how many rows led to articles."""

    name: str
    form: Form | None
    header_row: int = 0
    body: str = ""
    rows: int = 0
    articles: int = 0
    left_aside: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook read: columns of articles, faults, and what became of each sheet. With faults nothing is taken."""

    columns: tuple[dict[str, Any], ...]
    faults: tuple[Fault, ...]
    sheets: tuple[Told, ...]

    @property
    def lists(self) -> set[tuple[str, str]]:
        """The lists (kind, body) of which lines came."""
        return {(one["list_kind"], one["body_id"]) for one in self.columns}


@dataclass(frozen=True)
class Known:
    """What sheets are read against; `valid_from` is that of lines which name no day, `body` of sheets that name none."""

    directory: Directory
    tree: TopicTree
    labels: Labels
    valid_from: datetime
    body: str = ""


def read(sheets: Iterable[Sheet], known: Known) -> Reading:
    """Return the articles of a workbook, or what is wrong with it, row by row."""
    columns, faults, told = list[dict[str, Any]](), list[Fault](), list[Told]()
    for sheet in sheets:
        reader = _reader(sheet, known)
        if reader is None:
            told.append(Told(sheet.name, None, left_aside=len(sheet.rows)))
            continue
        found = reader.read()
        columns += found
        faults += reader.faults
        told.append(
            Told(
                sheet.name,
                reader.form,
                reader.table.header_row,
                reader.holder,
                reader.rows,
                len(found),
                reader.left_aside,
            )
        )
    faults += _given_twice(columns)
    return Reading(tuple(columns), tuple(faults), tuple(told))


def _given_twice(columns: Sequence[dict[str, Any]]) -> list[Fault]:
    seen, faults = set[str](), list[Fault]()
    for one in columns:
        sheet, row = one.pop("_at")
        if one["number"] in seen:
            faults.append(Fault(sheet, row, 0, "编号", "given_twice", one["number"]))
        seen.add(one["number"])
    return faults


def _reader(sheet: Sheet, known: Known) -> "_Flat | _List | None":
    table = taken_apart(sheet)
    if table is None:
        return None
    if is_flat(table.headers):
        return _Flat(table, known)
    form = form_of(table)
    return _List(table, form, known) if form else None


class _Flat:
    """A sheet whose columns are those of the register itself."""

    def __init__(self, table: Table, known: Known):
        self.table, self.known, self.form = table, known, Form.FLAT
        self.faults, self.holder, self.left_aside = list[Fault](), "", 0
        self.rows = len(table.body)

    def read(self) -> list[dict[str, Any]]:
        rows = [self._row(cells) for _, cells in self.table.body]
        columns, faults = lists.read(rows, self.known.directory, self.known.tree.topics)
        for fault in faults:
            number = self.table.body[fault.row - 2][0]
            place = next(
                (p for p, h in enumerate(self.table.headers) if h.strip() in lists.COLUMNS[fault.column]), 0
            )  # fmt: skip
            near = self._near(fault)
            code = f"{fault.column}_{fault.code}" if fault.code == "unknown" else fault.code
            header = cell_at(self.table.headers, place)
            self.faults.append(Fault(self.table.sheet.name, number, place, header, code, fault.value, near))
        good = [n for n, _ in enumerate(self.table.body, start=2) if n not in {fault.row for fault in faults}]
        at = [(self.table.sheet.name, self.table.body[n - 2][0]) for n in good]
        return [one | {"ruling": "", "_at": where} for one, where in zip(columns, at, strict=True)]

    def _row(self, cells: Cells) -> dict[str, str]:
        row = {header.strip(): cell.strip() for header, cell in zip(self.table.headers, cells, strict=False)}
        for key, say in (("topic", self._topic), ("place", self._place), ("setting", _setting)):
            for name in lists.COLUMNS[key]:
                if row.get(name):
                    row[name] = say(row[name]) or row[name]
        for name in lists.COLUMNS["valid_from"]:
            if name in row and not row[name]:
                row[name] = self.known.valid_from.date().isoformat()
        if not any(row.get(name) for name in lists.COLUMNS["valid_from"]):
            row["valid_from"] = self.known.valid_from.date().isoformat()
        return row

    def _topic(self, label: str) -> str:
        found = self.known.labels.topics(label)
        return found[0] if len(found) == 1 else ""

    def _place(self, name: str) -> str:
        found = self.known.directory.place_named(name)
        return found.code if found else ""

    def _near(self, fault: lists.RowFault) -> tuple[str, ...]:
        return _near(fault.value, self.known) if fault.column == "topic" else ()


class _List:
    """A list in one of the forms of offices."""

    def __init__(self, table: Table, form: Form, known: Known):
        self.table, self.form, self.known = table, form, known
        self.faults = list[Fault]()
        self.rows = self.left_aside = 0
        self.holder = self._holder()
        self.row, self.faulty = 0, False
        self.cells: Cells = ()

    def read(self) -> list[dict[str, Any]]:
        """Return the articles of every row; a heading inside the table and a note below it are left aside."""
        found = list[dict[str, Any]]()
        for row, cells in self.table.body:
            self.row, self.cells = row, cells
            if not self._is_line():
                self.left_aside += 1
                continue
            self.rows += 1
            self.faulty = False
            articles = [one | {"_at": (self.table.sheet.name, row)} for one in self._articles()]
            found += [] if self.faulty else articles
        return found

    def _is_line(self) -> bool:
        filled = {cell.strip() for cell in self.cells if cell.strip()}
        return bool(self._cell("item")) and (len(filled) > 1 or "serial" not in self.table.positions)

    def _cell(self, key: str) -> str:
        place = self.table.positions.get(key)
        return " ".join(cell_at(self.cells, place).split()) if place is not None else ""

    def _fault(self, key: str, code: str, value: str = "", candidates: tuple[str, ...] = ()) -> None:
        place = self.table.positions.get(key, self.table.positions.get("item", 0))
        self.faulty = True
        self.faults.append(
            Fault(self.table.sheet.name, self.row, place, cell_at(self.table.headers, place), code, value, candidates)
        )

    def _articles(self) -> Iterator[dict[str, Any]]:
        """Yield the articles of a row: one for each body that it binds and each topic that it means."""
        bound, topics = list(self._bound()), self._topics()
        basis, setting, serial = self._basis(), self._setting(), self._serial()
        for mark, body, duty, powers in bound:
            for place, topic in enumerate(topics, start=1):
                end = f"-{place}" if len(topics) > 1 else ""
                yield {
                    "number": f"{self._keeper(body, mark)}{SHORT[self.form]}-{serial}{mark}{end}"[-NUMBER:],
                    "list_kind": self.form.value,
                    "body_id": body.code,
                    "duty": duty.value if duty else "",
                    "powers": [power.value for power in powers],
                    "benefits": [],
                    "topic_id": topic,
                    "place_id": self._place(body),
                    "setting": setting,
                    "valid_from": self.known.valid_from,
                    "valid_to": None,
                    "basis": basis,
                    "deadline_class": "",
                    "delegation": "",
                    "ruling": "",
                }

    def _keeper(self, body: Organisation, mark: str) -> str:
        """Return under whose name a line is numbered: its body's, or that of the street whose list names an upper body."""
        by_street = self.form is Form.TAKEN_BACK or mark
        return self.known.directory.organisations[self.holder].short if by_street and self.holder else body.short

    def _bound(self) -> Iterator[tuple[str, Organisation, Duty | None, tuple[Power, ...]]]:
        """Yield whom a row binds: a mark for the number, the body, its duty, its powers."""
        if self.form is Form.TAKEN_BACK:
            yield from (("", body, Duty.LEAD, ()) for body in self._one_leader("taker"))
        elif self.form is Form.ASSISTING:
            yield from (("", body, Duty.ASSIST, ()) for body in self._holders())
            leaders = self._leaders("upper")
            yield from ((f"-主{n or ''}", body, duty, ()) for n, (body, duty) in enumerate(leaders))
        elif self.form is Form.DEPARTMENT:
            powers = self._powers()
            duty = Duty.LEAD if self._cell("duty") else None
            yield from (("", body, duty, powers) for body in self._holders())
        else:
            duty, powers = GIVES[self.form]
            yield from (("", body, duty, powers) for body in self._holders())

    def _holders(self) -> list[Organisation]:
        """Return the bodies of a row: those of its own column, else that of the sheet."""
        named = self._cell("body")
        if plain(named) in EVERY and self.form in (Form.SELF_GOVERNMENT, Form.COMMUNITY_ASSIST, Form.NEGATIVE):
            bodies = self.known.directory.organisations.values()
            return sorted((body for body in bodies if body.kind is Kind.COMMITTEE), key=lambda body: body.code)
        if named:
            return [body for name in _parts(named) if (body := self._organisation("body", name))]
        if not self.holder:
            self._fault("body", "no_body", self.table.title or self.table.sheet.name)
            return []
        return [self.known.directory.organisations[self.holder]]

    def _one_leader(self, key: str) -> list[Organisation]:
        return [body for body, duty in self._leaders(key) if duty is Duty.LEAD]

    def _leaders(self, key: str) -> list[tuple[Organisation, Duty]]:
        """Return the upper bodies of a row with their duties: one leads; of several it must be said which."""
        names = _parts(self._cell(key))
        if not names:
            self._fault(key, "empty")
            return []
        marked = [name for name in names if LEADING.search(name)]
        if len(names) > 1 and len(marked) != 1:
            self._fault(key, "several_leads", self._cell(key))
            return []
        leading = marked[0] if marked else names[0]
        found = [(self._organisation(key, LEADING.sub("", name)), name == leading) for name in names]
        return [(body, Duty.LEAD if leads else Duty.ASSIST) for body, leads in found if body]

    def _organisation(self, key: str, name: str) -> Organisation | None:
        try:
            return self.known.directory.organisation(name)
        except Unknown:
            self._fault(key, "body_unknown", name, _near_bodies(name, self.known.directory))
            return None

    def _topics(self) -> list[str]:
        """Return the topics that a row means: those that somebody wrote beside it, else the one that its name names."""
        written = self._cell("topic")
        labels = _parts(written) if written else [self._cell("item")]
        return [topic for label in labels if (topic := self._topic("topic" if written else "item", label))]

    def _topic(self, key: str, label: str) -> str:
        wrapped = WRAPPED.match(label)
        found = self.known.labels.topics(label.split(" ")[0]) if key == "topic" else self.known.labels.topics(label)
        if not found and wrapped:
            found = self.known.labels.topics(wrapped["what"])
        if len(found) == 1:
            return found[0]
        candidates = tuple(f"{code} {self.known.tree.topics[code].name}" for code in found) or _near(label, self.known)
        self._fault(key, "topic_unclear" if found else "topic_unknown", label, candidates)
        return ""

    def _powers(self) -> tuple[Power, ...]:
        named = self._cell("power").replace("行政", "")
        kind = next((kind for kind in POWER_KINDS if kind in named), "")
        if not kind:
            self._fault("power", "power_unknown", self._cell("power"), tuple(POWER_KINDS))
        return POWER_KINDS.get(kind, ())

    def _basis(self) -> str:
        held = self._cell("basis")
        if self.form is Form.TAKEN_BACK and self._cell("method"):
            held = held or f"{self._own_basis()}（工作方式：{self._cell('method')}）"
        held = held or self._own_basis()
        if len(held) > BASIS:
            held = "；".join(dict.fromkeys(LAW.findall(held)))
        if not held or len(held) > BASIS:
            self._fault("basis", "too_long", self._cell("basis")[:40])
        return held

    def _own_basis(self) -> str:
        title = re.sub(r"[《》]", "", self.table.title or self.table.sheet.name)
        return f"《{title}》第{self._cell('serial') or self.row}项"

    def _serial(self) -> str:
        serial = self._cell("serial") or str(self.row)
        return f"{int(serial):03}" if serial.isdecimal() else serial

    def _setting(self) -> str:
        held = self._cell("setting")
        if held and not _setting(held):
            self._fault("setting", "setting_unknown", held, tuple(SETTINGS.values()))
        return _setting(held)

    def _place(self, body: Organisation) -> str:
        named = self._cell("place")
        if named:
            place = self.known.directory.places.get(named) or self.known.directory.place_named(named)
            if place is None:
                self._fault("place", "place_unknown", named)
            return place.code if place else ""
        if self.form in (Form.ASSISTING, Form.TAKEN_BACK) and self.holder:
            return self.known.directory.organisations[self.holder].place
        return body.place

    def _holder(self) -> str:
        """Return whose list a sheet is: the body of its kind that title or name of the sheet name, else the given one."""
        text = plain(self.table.title + self.table.sheet.name)
        bodies = self.known.directory.organisations
        found = {
            code: len(name)
            for name, code in self.known.directory.names.items()
            if len(name) > 2 and name in text and bodies[code].kind in HOLDERS[self.form]
        }
        if found:
            best = max(found.values())
            longest = [code for code, length in found.items() if length == best]
            return longest[0] if len(longest) == 1 else self.known.body
        return self.known.body if self.known.body in bodies else ""


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、,，;；|\n]+", cell) if part.strip()]


def _setting(held: str) -> str:
    named: Mapping[str, str] = {plain(name): code for code, name in SETTINGS.items()}
    return held if held in SETTINGS else named.get(plain(held), "")


def _near(label: str, known: Known) -> tuple[str, ...]:
    return tuple(f"{code} {known.tree.topics[code].name}" for code in known.labels.near(label, NEAR))


def _near_bodies(name: str, directory: Directory) -> tuple[str, ...]:
    """Return bodies whose name shares most with what stands there."""
    letters = set(plain(name)) - set("区市县局街道办事处中心")
    shared = {body.name: len(letters & set(body.name)) for body in directory.organisations.values()}
    return tuple(sorted((one for one in shared if shared[one] > 1), key=lambda one: (-shared[one], one)))[:NEAR]
