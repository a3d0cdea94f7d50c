"""A definition as YAML that people read and write, and back."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from .definition import Column, Condition, CrossCheck, Definition, Every, Test, Way


class NotUnderstood(ValueError):
    """The YAML is none, or a part of it says nothing that a ledger knows; `where` names the part."""

    def __init__(self, where: str, what: str = ""):
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


LONGEST = 200_000
BARE = {"number": Way.NUMBER, "age": Way.AGE, "count": Way.COUNT, "manual": Way.MANUAL, "period": Way.PERIOD}
BOUND = re.compile(r"^\s*(>=|<=)\s*(\S+)\s*$")


def read(text: str) -> Definition:
    """
    Return the definition that a YAML text writes.

    :raises NotUnderstood: with the part that is not understood
    """
    if len(text) > LONGEST:
        raise NotUnderstood("yaml", "too long")
    try:
        said = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  (both are safe)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise NotUnderstood("yaml", str(mark.line + 1) if mark else "") from error
    if not isinstance(said, dict):
        raise NotUnderstood("yaml")
    return definition(said)


def definition(said: Mapping[str, Any]) -> Definition:
    """
    Return the definition that a mapping says.

    :raises NotUnderstood: with the part that is not understood
    """
    known = {
        "code",
        "title",
        "line",
        "asked_by",
        "article",
        "every",
        "of",
        "where",
        "by",
        "columns",
        "checks",
        "landscape",
    }
    for name in said:
        if name not in known:
            raise NotUnderstood(str(name))
    try:
        every = Every(str(said.get("every", "month")))
    except ValueError as error:
        raise NotUnderstood("every", str(said.get("every"))) from error
    return Definition(
        **{name: str(said.get(name) or "").strip() for name in ("code", "title", "line", "asked_by", "article")},
        every=every,
        of=str(said.get("of", "person")),
        columns=tuple(_column(one) for one in _list(said, "columns")),
        where=_conditions(said.get("where"), "where"),
        by=tuple(str(one) for one in _list(said, "by")),
        checks=tuple(_check(one) for one in _list(said, "checks")),
        landscape=bool(said.get("landscape", True)),
    )


def _list(said: Mapping[str, Any], name: str) -> list[Any]:
    found = said.get(name) or []
    if not isinstance(found, list):
        raise NotUnderstood(name)
    return found


def _column(said: Any) -> Column:
    if not isinstance(said, dict) or len(said) != 1:
        raise NotUnderstood("columns", str(said)[:40])
    header, spec = next(iter(said.items()))
    path = tuple(part.strip() for part in str(header).split("/"))
    if isinstance(spec, str):
        return _short(path, spec.strip())
    if isinstance(spec, dict):
        return _long(path, spec)
    raise NotUnderstood(str(header), str(spec)[:40])


def _short(path: tuple[str, ...], spec: str) -> Column:
    if spec in BARE:
        return Column(path, BARE[spec])
    kind, _, rest = spec.partition(".")
    if kind == "place":
        return Column(path, Way.PLACE, rest)
    if not rest:
        raise NotUnderstood("/".join(path), spec)
    return Column(path, Way.ELEMENT, spec)


def _long(path: tuple[str, ...], spec: Mapping[str, Any]) -> Column:
    where = _conditions(spec.get("where"), "/".join(path))
    if "count" in spec:
        return Column(path, Way.COUNT, where=(*_conditions(spec["count"], "/".join(path)), *where))
    if "sum" in spec:
        return Column(path, Way.SUM, str(spec["sum"]), where=where)
    if "formula" in spec:
        return Column(path, Way.FORMULA, formula=str(spec["formula"]))
    if "has" in spec:
        return Column(path, Way.HAS, str(spec["has"]), code=str(spec.get("code", "")))
    if "code_of" in spec:
        return Column(path, Way.ELEMENT, str(spec["code_of"]), as_code=True)
    raise NotUnderstood("/".join(path), str(dict(spec))[:40])


def _conditions(said: Any, where: str) -> tuple[Condition, ...]:
    if not said:
        return ()
    pairs = [said] if isinstance(said, dict) else said
    if not isinstance(pairs, list) or not all(isinstance(one, dict) for one in pairs):
        raise NotUnderstood(where)
    return tuple(_condition(str(element), value, where) for one in pairs for element, value in one.items())


def _condition(element: str, value: Any, where: str) -> Condition:
    element = "person.age" if element == "age" else element
    if value in ("held", "missing"):
        return Condition(element, Test(value))
    if isinstance(value, dict) and set(value) == {"not"}:
        return Condition(element, Test.IS_NOT, _values(value["not"]))
    bound = BOUND.match(str(value))
    if bound:
        return Condition(element, Test.AT_LEAST if bound[1] == ">=" else Test.AT_MOST, (bound[2],))
    if isinstance(value, dict):
        raise NotUnderstood(where, element)
    return Condition(element, Test.IS, _values(value))


def _values(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in (value if isinstance(value, list) else [value]))


def _check(said: Any) -> CrossCheck:
    if not isinstance(said, dict) or set(said) != {"column", "equals"}:
        raise NotUnderstood("checks", str(said)[:40])
    other, _, column = str(said["equals"]).partition("/")
    return CrossCheck(str(said["column"]), other, column)


def written(one: Definition) -> str:
    """Return a definition as YAML; reading it gives the same definition."""
    said: dict[str, Any] = {
        "code": one.code, "title": one.title, "line": one.line, "asked_by": one.asked_by, "article": one.article,
        "every": str(one.every), "of": one.of,
    }  # fmt: skip
    if one.where:
        said["where"] = _told(one.where)
    if one.by:
        said["by"] = list(one.by)
    said["columns"] = [{column.name: _spec(column)} for column in one.columns]
    if one.checks:
        said["checks"] = [{"column": each.column, "equals": f"{each.other}/{each.other_column}"} for each in one.checks]
    if not one.landscape:
        said["landscape"] = False
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120)


def _spec(column: Column) -> Any:
    if column.way is Way.ELEMENT:
        return {"code_of": column.element} if column.as_code else column.element
    if column.way is Way.PLACE:
        return f"place.{column.element}"
    if column.way is Way.FORMULA:
        return {"formula": column.formula}
    if column.way is Way.HAS:
        return {"has": column.element} | ({"code": column.code} if column.code else {})
    if column.way is Way.SUM:
        return {"sum": column.element} | ({"where": _told(column.where)} if column.where else {})
    if column.way is Way.COUNT and column.where:
        return {"count": _told(column.where)}
    return str(column.way)


def _told(conditions: tuple[Condition, ...]) -> list[dict[str, Any]]:
    return [{one.element: _value(one)} for one in conditions]


def _value(one: Condition) -> Any:
    if one.test in (Test.HELD, Test.MISSING):
        return str(one.test)
    if one.test in (Test.AT_LEAST, Test.AT_MOST):
        return f"{'>=' if one.test is Test.AT_LEAST else '<='} {one.values[0]}"
    values: Any = one.values[0] if len(one.values) == 1 else list(one.values)
    return {"not": values} if one.test is Test.IS_NOT else values
