"""A workbook by the XLSForm standard, read by pyxform: a form, or the reason and the place why it is none."""

import hashlib
import re
import zipfile
from copy import deepcopy
from dataclasses import dataclass, fields
from io import BytesIO
from typing import Any
from warnings import catch_warnings

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from .rules.xform import Definition, Unfillable, read_xform

LARGEST_UNPACKED = 64 * 1024 * 1024
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".md")
PLACE = re.compile(r"\[row : (\d+)\]")
SHEET = re.compile(r"On the '(\w+)' sheet|for sheet: '(\w+)'")
COLUMN = re.compile(r"the '([^']+)' value")
NAMED = re.compile(r"(?:element named|name|Question) ['\"‘“]?(\w+)['\"’”]?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a workbook; row and column as far as they are known."""

    sheet: str = ""
    row: int = 0
    column: str = ""


class Refused(ValueError):
    """
    The workbook makes no form.

    :ivar code: the reason, a key of the sentences of the pages
    :ivar part: the words concerned
    :ivar told: what the reader of the standard said, for whoever knows it
    """

    def __init__(self, code: str, place: Place, part: str = "", told: str = ""):
        super().__init__(f"{code} {place} {part} {told}")
        self.code, self.place, self.part, self.told = code, place, part, told


@dataclass(frozen=True, slots=True)
class Read:
    """A workbook that makes a form."""

    xform: str
    definition: Definition
    digest: str
    warnings: tuple[str, ...]


REASONS: tuple[tuple[str, str], ...] = (
    ("Unknown question type", "unknown_type"),
    ("not been included", "include"),
    ("no label or hint", "no_label"),
    ("Question with no type", "no_type"),
    ("Question or group with no name", "no_name"),
    ("Group has no name", "no_name"),
    ("different names for the same column", "two_headers"),
    ("missing header row", "no_header"),
    ("required column", "no_header"),
    ("List name not in choices sheet", "no_list"),
    ("There is no .* list", "no_list"),
    ("no.*choices sheet|choices sheet", "choices"),
    ("Unmatched 'end", "end_without_begin"),
    ("Unmatched 'begin", "begin_without_end"),
    ("Reference variables|Could not find the name", "no_question"),
    ("There has been a problem trying to replace", "no_question"),
    ("reference.*(not found|Questions, groups)|name not found|not found in", "no_question"),
    ("unique", "twice"),
    ("[Dd]uplicate", "twice"),
    ("XML identifier|must begin with a letter|may only contain|Names must", "bad_name"),
    ("sheet named .?survey|required worksheet|must have a sheet", "no_survey"),
    ("[Pp]arameter", "parameters"),
)


def read(content: bytes, name: str) -> Read:
    """
    Return the form that a workbook makes.

    :raises Refused: with the reason and the place
    """
    suffix = next((one for one in SUFFIXES if name.lower().endswith(one)), "")
    if not suffix:
        raise Refused("wrong_kind", Place())
    sheets = _sheets(content, suffix)
    warnings: list[str] = []
    try:
        found = convert(deepcopy(sheets), warnings=warnings, validate=False, form_name="data", file_type=suffix)
    except PyXFormError as error:
        raise _refused(str(error), sheets) from error
    except Exception as error:  # the library falls over some workbooks: that is a refusal too
        raise Refused("unreadable", Place("survey"), told=f"{type(error).__name__}: {error}"[:200]) from error
    try:
        definition = read_xform(found.xform)
    except Unfillable as error:
        raise Refused(error.code, place_of(sheets, error.path, error.column), error.part) from error
    return Read(found.xform, definition, hashlib.sha256(content).hexdigest(), tuple(warnings))


def _sheets(content: bytes, suffix: str) -> dict[str, Any]:
    if content[:2] == b"PK":
        _need_small(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" and suffix in (".xlsx", ".xlsm"):
        raise Refused("encrypted", Place())
    try:
        with catch_warnings(action="ignore"):  # what a reader of workbooks says of parts that no form needs
            sheets = get_xlsform(BytesIO(content) if suffix.startswith(".xls") else content, file_type=suffix)
    except PyXFormError as error:
        raise _refused(str(error), {}) from error
    except TypeError as error:  # a text whose first row names no sheet of a form
        raise Refused("no_survey", Place("survey", 1)) from error
    except Exception as error:  # broken files make the readers of the library fall over in many ways
        raise Refused("unreadable", Place(), told=f"{type(error).__name__}: {error}"[:200]) from error
    found = {one.name: getattr(sheets, one.name) for one in fields(sheets)}
    return {name: value for name, value in found.items() if value is not None}


def _need_small(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise Refused("too_large", Place())
    except zipfile.BadZipFile as error:
        raise Refused("broken", Place()) from error


def _refused(told: str, sheets: dict[str, Any]) -> Refused:
    code = next((code for words, code in REASONS if re.search(words, told)), "not_the_standard")
    row, sheet, column, named = PLACE.search(told), SHEET.search(told), COLUMN.search(told), NAMED.search(told)
    place = Place(
        next(filter(None, sheet.groups()), "survey") if sheet else "survey",
        int(row[1]) if row else 0, column[1] if column else COLUMN_OF.get(code, ""),
    )  # fmt: skip
    if code in ("two_headers", "no_header"):
        return Refused(code, Place(place.sheet, 1, _part(told)), _part(told), told=" ".join(told.split())[:300])
    wanted = {
        "include": ("type", "include"),
        "unknown_type": ("type", _part(told)),
        "no_label": ("name", named[1] if named else ""),
    }
    if not place.row and code in wanted:
        place = Place("survey", _row_with(sheets, *wanted[code]), place.column)
    return Refused(code, place, _part(told), told=" ".join(told.split())[:300])


COLUMN_OF = {"unknown_type": "type", "include": "type", "no_label": "label", "no_type": "type", "no_name": "name",
             "no_list": "type", "bad_name": "name", "twice": "name", "end_without_begin": "type", "begin_without_end": "type"}  # fmt: skip


def _part(told: str) -> str:
    quoted = re.findall(r"['\"“‘]([^'\"”’]{1,60})['\"”’]", told)
    if missing := re.search(r"Could not find the name '([^']+)'", told):
        return missing[1]
    return next((one for one in quoted if one not in ("survey", "choices", "settings", "name", "type", "label")), "")


def _row_with(sheets: dict[str, Any], column: str, begins: str) -> int:
    rows = sheets.get("survey", [])
    return next((at for at, row in enumerate(rows, 2) if begins and str(row.get(column, "")).startswith(begins)), 0)


HEADERS = {"choices": ("type", "choice_filter"), "calculate": ("calculation",), "relevant": ("relevant", "relevance"),
           "element": ("bind::element",)}  # fmt: skip


def place_of(sheets: dict[str, Any], path: str, column: str) -> Place:
    """Return where a question stands, by the last part of its path."""
    row = _row_with(sheets, "name", path.rpartition("/")[2])
    cells = sheets.get("survey", [])[row - 2] if row else {}
    names = HEADERS.get(column, (column,))
    header = next((one for one in names if one in cells), names[-1])
    return Place("survey", row, header)
