"""Arithmetic over the columns of a ledger: [女] / [人数] * 100."""

import ast
import operator
import re
from collections.abc import Callable
from typing import Any


def whole(value: float) -> float:
    """Return a number with two decimals at most, as a whole number where it is one."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def number(text: Any) -> float | None:
    """Return a cell as a number, None where it is none."""
    if isinstance(text, (int, float)):
        return text
    try:
        return float(text) if text else None
    except ValueError:
        return None


OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


class BadFormula(ValueError):
    """A formula is more than sums, differences, products and quotients of columns and numbers."""


def arithmetic(formula: str) -> tuple[Callable[[list[float | None]], Any], tuple[str, ...]]:
    """
    Return a formula as a function of the columns that it names, and these names.

    :raises BadFormula: if it is anything but arithmetic
    """
    used = tuple(dict.fromkeys(re.findall(r"\[([^\]]+)\]", formula)))
    text = re.sub(r"\[([^\]]+)\]", lambda found: f"_{used.index(found[1])}", formula)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise BadFormula(formula) from error
    _need_plain(tree, formula)

    def reckoned(values: list[float | None]) -> Any:
        try:
            return whole(_value(tree, values))
        except (ZeroDivisionError, TypeError, OverflowError):
            return ""

    return reckoned, used


def _need_plain(node: ast.AST, formula: str) -> None:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        _need_plain(node.left, formula)
        _need_plain(node.right, formula)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        _need_plain(node.operand, formula)
    elif not (
        (isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool))
        or (isinstance(node, ast.Name) and re.fullmatch(r"_\d+", node.id))
    ):
        raise BadFormula(formula)


def _value(node: ast.AST, values: list[float | None]) -> float:
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](_value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand, values)
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    assert isinstance(node, ast.Name)
    value = values[int(node.id[1:])]
    if value is None:
        raise TypeError
    return value
