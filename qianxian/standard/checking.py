"""Whether the declaration hangs together, the district's own files included."""

from collections import Counter
from collections.abc import Iterator

from . import code_tables, elements
from .elements import Type
from .sheets import BadSheet

TO_LOAD = "to_load"


def problems() -> list[tuple[str, str]]:
    """Return what is wrong with the declaration, each in one sentence of each language."""
    try:
        return [*_of_tables(), *_of_crosswalks(), *_of_elements()]
    except BadSheet as error:
        if error.lacking:
            return [(f"{error.path} 缺少“{error.lacking}”列。", f"{error.path} lacks the column “{error.lacking}”.")]
        return [
            (
                f"{error.path} 不是 UTF-8 编码，请另存为“CSV UTF-8”。",
                f"{error.path} is no UTF-8: save it as “CSV UTF-8”.",
            )
        ]
    except (ValueError, KeyError) as error:
        return [(f"数据标准里有认不出的值：{error}。", f"The standard holds a value that cannot be read: {error}.")]


def _of_tables() -> Iterator[tuple[str, str]]:
    for table in code_tables.code_tables().values():
        words = Counter(word for one in table.entries.values() for word in {one.code, one.name, *one.also})
        for word, times in words.items():
            if times > 1:
                yield (
                    f"代码表 {table.code} 里“{word}”指两个代码。",
                    f"“{word}” means two codes in the table {table.code}.",
                )
        for entry in table.entries.values():
            if entry.parent and entry.parent not in table.entries:
                yield (
                    f"代码表 {table.code} 的 {entry.code} 的上级代码 {entry.parent} 不存在。",
                    f"The code above {entry.code} in the table {table.code} does not exist: {entry.parent}.",
                )
        if not table.entries and table.status != TO_LOAD:
            yield f"代码表 {table.code} 没有一个代码。", f"The table {table.code} has no code."


def _of_crosswalks() -> Iterator[tuple[str, str]]:
    tables = code_tables.code_tables()
    for walk in code_tables.crosswalks().values():
        for name in {walk.source_table, walk.table} - tables.keys():
            yield (
                f"对照表 {walk.code} 指向不存在的代码表 {name}。",
                f"The crosswalk {walk.code} names no table: {name}.",
            )
        if not {walk.source_table, walk.table} <= tables.keys():
            continue
        for code in tables[walk.source_table].entries.keys() - walk.links.keys():
            yield (
                f"对照表 {walk.code} 没有写来源代码 {code}。",
                f"The crosswalk {walk.code} leaves out the code {code}.",
            )
        for code in {link.code for link in walk.links.values()} - tables[walk.table].entries.keys():
            yield (
                f"对照表 {walk.code} 指向不存在的代码 {code}。",
                f"The crosswalk {walk.code} leads to no code: {code}.",
            )


def _of_elements() -> Iterator[tuple[str, str]]:
    for one in elements.elements().values():
        named = (
            ("对象", "entity", one.entity, elements.entities()),
            ("权威来源", "authority", one.authority, elements.authorities()),
            ("保存期限", "retention", one.retention, elements.retentions()),
            ("代码表", "table", one.table or None, code_tables.code_tables()),
        )
        for chinese, english, name, known in named:
            if name is not None and name not in known:
                yield (
                    f"数据元 {one.code} 的{chinese}“{name}”不存在。",
                    f"The {english} “{name}” of {one.code} does not exist.",
                )
        if (one.type is Type.CODE) != bool(one.table):
            yield f"数据元 {one.code} 的类型与代码表不相配。", f"Type and table of {one.code} do not go together."
        table = code_tables.code_tables().get(one.table)
        if table and table.version != one.version:
            yield (
                f"数据元 {one.code} 用的是代码表 {one.table} 的 {one.version} 版，现有 {table.version} 版。",
                f"{one.code} names the edition {one.version} of {one.table}, which is in the edition {table.version}.",
            )
