"""What is compared, in which steps, and by which keys records meet; equality and Levenshtein on ASCII only."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from . import letters
from .headers import Element, Kind

GIVEN, FAMILY, NAME, BIRTH, CITIZEN = "given_name", "family_name", "person_name", "birth_date", "citizen_number"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a comparison: its word, the condition in SQL that every engine has, and the column whose rare values weigh more."""

    word: str
    condition: str
    rare: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two values of one element are compared: the steps from the same to something else."""

    element: str
    columns: tuple[str, ...]
    steps: tuple[Step, ...]


Row = dict[str, str]


def derived(cells: Mapping[str, str], held: Iterable[Element]) -> Row:
    """
    Return the columns in ASCII of one record, '' where nothing is known.

    :param cells: what the record says, by code of the element
    :param held: the elements that the files have
    """
    row: Row = {}
    for element in held:
        row.update(SPELLED[element.kind](element.code, cells.get(element.code, "")))
    if CITIZEN in row and not row.get(BIRTH):
        row.update(_birth(BIRTH, letters.birth_in(row[CITIZEN])))
    if row.get(FAMILY) and row.get(GIVEN):
        row[NAME_KEY] = row[FAMILY] + row[GIVEN]
    return row


NAME_KEY = "name_key"


def with_names_alike(files: Iterable[list[Element]]) -> tuple[list[Element], bool]:
    """Return the elements of all files; True if names are to be put together, as some file has them whole."""
    listed = list(files)
    held = list(dict.fromkeys(element for elements in listed for element in elements))
    codes = [{element.code for element in elements} for elements in listed]
    apart = all({GIVEN, FAMILY} <= one for one in codes)
    if apart or not any({GIVEN, FAMILY, NAME} & one for one in codes):
        return [element for element in held if element.code != NAME], False
    rest = [element for element in held if element.code not in (GIVEN, FAMILY, NAME)]
    return [Element(NAME, Kind.NAME), *rest], True


def whole_name(cells: Mapping[str, str]) -> dict[str, str]:
    """Return what a record says with its name in one piece."""
    if cells.get(NAME) or not (cells.get(GIVEN) or cells.get(FAMILY)):
        return dict(cells)
    parts = (cells.get(FAMILY, ""), cells.get(GIVEN, ""))
    chinese = letters.HAN.search("".join(parts))
    return {**cells, NAME: "".join(parts) if chinese else " ".join((parts[1], parts[0])).strip()}


def _name(code: str, raw: str) -> Row:
    surname, given = letters.parts_of_name(raw)
    written = letters.simplified(letters.plain(raw).replace(" ", ""))
    whole = surname + given
    return {
        code: whole, f"{code}_written": written if letters.HAN.search(written) else whole,
        f"{code}_sorted": letters.in_order(whole), f"{code}_given": given, f"{code}_surname": surname,
    }  # fmt: skip


def _word(code: str, raw: str) -> Row:
    spoken = letters.spoken(letters.plain(raw))
    return {code: spoken, f"{code}_sorted": letters.in_order(spoken)}


def _birth(code: str, raw: str) -> Row:
    read = letters.birth(raw)
    return {code: read, f"{code}_year": read[:4], f"{code}_day": read[4:]}


def _mail(code: str, raw: str) -> Row:
    text = letters.plain(raw).lower()
    return {code: text if text.isascii() else "", f"{code}_sorted": letters.in_order(text)}


def _address(code: str, raw: str) -> Row:
    text = letters.plain(raw)
    spoken = letters.address(text)
    return {code: spoken, f"{code}_sorted": letters.in_order(spoken), f"{code}_numbers": letters.digits(text)}


def _body(code: str, raw: str) -> Row:
    text = letters.plain(raw)
    core = text
    for ending in ("有限责任公司", "股份有限公司", "有限公司", "分公司", "公司", "个体工商户", "经营部"):
        core = core.replace(ending, "")
    return {**_word(code, text), f"{code}_core": letters.spoken(core)}


SPELLED: dict[Kind, Callable[[str, str], Row]] = {
    Kind.NAME: _name,
    Kind.GIVEN: _word,
    Kind.SURNAME: _word,
    Kind.BIRTH: _birth,
    Kind.NUMBER: lambda code, raw: {code: (read := letters.number(raw)), f"{code}_sorted": letters.in_order(read)},
    Kind.CITIZEN: lambda code, raw: {code: (read := letters.number(raw)), f"{code}_tail": read[-4:]},
    Kind.PHONE: lambda code, raw: {code: (read := letters.phone(raw)), f"{code}_sorted": letters.in_order(read)},
    Kind.MAIL: _mail,
    Kind.ADDRESS: _address,
    Kind.PLACE: _word,
    Kind.FEW: lambda code, raw: {code: letters.spoken(letters.plain(raw))},
    Kind.BODY: _body,
}


def comparison(element: Element, codes: Iterable[str]) -> Comparison:
    """Return how an element is compared, where the files hold the elements of these codes."""
    code, kind = element.code, element.kind
    steps = STEPS[kind](code)
    other = {GIVEN: FAMILY, FAMILY: GIVEN}.get(code)
    if other and other in set(codes):
        exchanged = Step("exchanged", f"({code}_l = {other}_r OR {other}_l = {code}_r)")
        steps = (*steps[:2], exchanged, *steps[2:])
    return Comparison(code, tuple(_columns(element)), steps)


def _columns(element: Element) -> Iterable[str]:
    return SPELLED[element.kind](element.code, "")


def _same(code: str, *, rare: bool = True) -> Step:
    return Step("same", f"{code}_l = {code}_r", code if rare else "")


def _equal(code: str, part: str, word: str) -> Step:
    return Step(word, f"{code}_{part}_l = {code}_{part}_r AND {code}_{part}_l <> ''")


def _within(code: str, most: int) -> Step:
    return Step(f"within_{most}", f"levenshtein({code}_l, {code}_r) <= {most}")


def _share(code: str, share: float, word: str) -> Step:
    longer = f"greatest(length({code}_l), length({code}_r))"
    return Step(word, f"levenshtein({code}_l, {code}_r) <= {share} * {longer}")


def _word_steps(code: str) -> tuple[Step, ...]:
    return (
        _same(code), _equal(code, "sorted", "same_letters"), _within(code, 1), _share(code, 0.34, "third"),
        _share(code, 0.5, "half"),
    )  # fmt: skip


STEPS: dict[Kind, Callable[[str], tuple[Step, ...]]] = {
    Kind.NAME: lambda code: (
        Step("same", f"{code}_written_l = {code}_written_r", f"{code}_written"),
        Step("same_sound", f"{code}_l = {code}_r", code),
        _equal(code, "sorted", "same_letters"), _within(code, 1), _within(code, 2), _share(code, 0.34, "third"),
        _equal(code, "given", "same_given"),
    ),
    Kind.GIVEN: _word_steps,
    Kind.SURNAME: _word_steps,
    Kind.BIRTH: lambda code: (
        _same(code, rare=False), _within(code, 1), _equal(code, "day", "same_day"), _within(code, 2),
        _equal(code, "year", "same_year"),
    ),
    Kind.NUMBER: lambda code: (
        _same(code, rare=False), _equal(code, "sorted", "same_letters"), _within(code, 1), _within(code, 2),
        _share(code, 0.5, "half"),
    ),
    Kind.CITIZEN: lambda code: (_same(code, rare=False), _within(code, 1), _equal(code, "tail", "same_tail")),
    Kind.PHONE: lambda code: (
        _same(code), _equal(code, "sorted", "same_letters"), _within(code, 1), _within(code, 2),
    ),
    Kind.MAIL: lambda code: (
        _same(code, rare=False), _equal(code, "sorted", "same_letters"), _within(code, 1), _within(code, 2),
        _share(code, 0.5, "half"),
    ),
    Kind.ADDRESS: lambda code: (
        _same(code), _equal(code, "sorted", "same_letters"),
        Step("third_same_numbers", f"{code}_numbers_l = {code}_numbers_r AND {_share(code, 0.34, '').condition}"),
        _share(code, 0.34, "third"),
    ),
    Kind.PLACE: lambda code: (_same(code), _equal(code, "sorted", "same_letters"), _within(code, 1), _within(code, 2)),
    Kind.FEW: lambda code: (_same(code, rare=False),),
    Kind.BODY: lambda code: (
        _same(code, rare=False), Step("same_core", f"{code}_core_l = {code}_core_r AND {code}_core_l <> ''", f"{code}_core"),
        _equal(code, "sorted", "same_letters"), _within(code, 2), _share(code, 0.2, "fifth"), _share(code, 0.34, "third"),
    ),
}  # fmt: skip

STRONG = (Kind.CITIZEN, Kind.NUMBER, Kind.PHONE, Kind.MAIL)


def keys(held: Iterable[Element]) -> list[tuple[str, ...]]:
    """Return by which columns records may meet, the most telling first; the engine leaves out what would meet too often."""
    by_kind: dict[Kind, list[str]] = {}
    for element in held:
        by_kind.setdefault(element.kind, []).append(element.code)
    strong = [code for kind in STRONG for code in by_kind.get(kind, [])]
    names = [code for kind in (Kind.NAME, Kind.GIVEN, Kind.SURNAME) for code in by_kind.get(kind, [])]
    births = by_kind.get(Kind.BIRTH, [])
    places = [code for kind in (Kind.ADDRESS, Kind.PLACE) for code in by_kind.get(kind, [])]
    bodies = by_kind.get(Kind.BODY, [])
    found: list[tuple[str, ...]] = [(code,) for code in strong]
    found += [(f"{code}_core",) for code in bodies]
    found += [(name, birth) for name in names for birth in births]
    found += [(birth,) for birth in births] + [(name,) for name in names] + [(f"{name}_sorted",) for name in names]
    found += [(f"{code}_sorted",) for code in strong if code not in by_kind.get(Kind.CITIZEN, [])]
    found += [(f"{code}_tail", birth) for code in by_kind.get(Kind.CITIZEN, []) for birth in births]
    found += [(name, f"{birth}_{part}") for name in names for birth in births for part in ("year", "day")]
    found += [
        (f"{name}_{part}", birth)
        for name in by_kind.get(Kind.NAME, [])
        for birth in births
        for part in ("given", "surname")
    ]
    found += [(f"{name}_given", f"{birth}_year") for name in by_kind.get(Kind.NAME, []) for birth in births]
    found += [(place,) for place in places] + [(f"{place}_sorted",) for place in places]
    found += [(name, place) for name in names for place in places]
    found += [(f"{birth}_day", place) for birth in births for place in places]
    found += [
        (f"{place}_numbers", *birth)
        for place in by_kind.get(Kind.ADDRESS, [])
        for birth in ([f"{b}_year"] for b in births)
    ]
    return list(dict.fromkeys(found))


def sure(held: Iterable[Element]) -> list[tuple[str, ...]]:
    """Return the keys on which hardly anybody meets somebody else: from them the share of duplicates is first guessed."""
    listed = list(held)
    strong = [(element.code,) for element in listed if element.kind in (Kind.CITIZEN, Kind.NUMBER, Kind.MAIL)]
    codes = {element.code for element in listed}
    names = [code for code in (NAME, GIVEN, FAMILY) if code in codes]
    rest = [element.code for element in listed if element.kind in (Kind.PHONE, Kind.ADDRESS)]
    return [
        *strong, *((name, BIRTH) for name in names if BIRTH in codes), *((name, code) for name in names for code in rest),
        *(("body_name_core", code) for code in rest if "body_name" in codes),
    ]  # fmt: skip
