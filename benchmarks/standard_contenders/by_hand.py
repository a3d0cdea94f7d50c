"""Polars expressions written by hand for these twelve columns, in one lazy query."""

import sys
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchmarks.people import HEADERS
from benchmarks.standard_contenders.facts import SPANS, WORDS

FULL = [chr(code) for code in range(0xFF01, 0xFF5F)] + ["\u3000"]
HALF = [chr(code) for code in range(0x21, 0x7F)] + [" "]
BLANKS = "[\\s\u200b\ufeff\u3000]+"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SCIENTIFIC = r"^\d(\.\d+)?E\+?\d+$"
Columns = tuple[pl.Expr, pl.Expr]


def folded(header: str) -> pl.Expr:
    return pl.col(header).str.replace_many(FULL, HALF)


def said(*branches: tuple[pl.Expr, str]) -> pl.Expr:
    found = pl.lit("")
    for condition, code in reversed(branches):
        found = pl.when(condition).then(pl.lit(code)).otherwise(found)
    return found


def citizen(header: str) -> Sequence[pl.Expr]:
    clean = pl.col(f"{header}.clean")
    digits = clean.str.slice(0, 17).cast(pl.Int64, strict=False)
    total = pl.sum_horizontal([digits // 10 ** (16 - n) % 10 * weight for n, weight in enumerate(WEIGHTS)])
    last = clean.str.slice(17, 1)
    sign = pl.when(last == "X").then(10).otherwise(last.cast(pl.Int64, strict=False))
    born = clean.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    fault = said(
        (clean.str.contains(SCIENTIFIC), "scientific"),
        (clean.str.contains("*", literal=True), "masked"),
        (clean.str.len_chars() != 18, "length"),
        (~clean.str.contains(r"^\d{17}[\dX]$"), "characters"),
        (clean.str.slice(15, 3) == "000", "rounded"),
        (born.is_null(), "date"),
        (born > pl.date(2026, 11, 27), "future"),
        ((total + sign) % 11 != 1, "check_digit"),
    )
    year = clean.str.slice(6, 4).cast(pl.Int64, strict=False)
    since = clean.str.slice(0, 6).replace_strict(
        pl.Series(list(SPANS)), pl.Series([span[0] for span in SPANS.values()]), default=None
    )
    until = clean.str.slice(0, 6).replace_strict(
        pl.Series(list(SPANS)), pl.Series([span[1] for span in SPANS.values()]), default=None
    )
    warning = said((since.is_null(), "place_unknown"), (year < since, "place_later"), (until < year, "place_ended"))
    return clean.alias(f"{header}.value"), fault.alias(f"{header}.fault"), warning.alias(f"{header}.warning")


def name(header: str) -> Sequence[pl.Expr]:
    clean = pl.col(f"{header}.clean")
    fault = said(
        (clean.str.contains("[*×某]"), "masked"),
        (clean.str.contains("[?？□]"), "lost_character"),
        (~clean.str.contains(r"^[\p{Han}·]{1,50}$"), "characters"),
    )
    return clean.alias(f"{header}.value"), fault.alias(f"{header}.fault")


def day(header: str) -> Sequence[pl.Expr]:
    clean = pl.col(f"{header}.clean")
    parsed = pl.coalesce(
        clean.str.to_date(form, strict=False) for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
    )
    shaped = clean.str.contains(r"^\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?$|^\d{8}$")
    fault = said(
        (~shaped & clean.str.contains(r"^\d{2}\.\d{1,2}\.\d{1,2}$"), "two_digit_year"),
        (~shaped & clean.str.contains(r"^\d{4}-\d{1,2}$"), "no_day"),
        (~shaped, "not_a_date"),
        (parsed.is_null(), "date"),
        (parsed > pl.date(2026, 11, 27), "future"),
    )
    return parsed.cast(pl.String).alias(f"{header}.value"), fault.alias(f"{header}.fault")


def phone(header: str) -> Sequence[pl.Expr]:
    clean = pl.col(f"{header}.clean")
    fault = said(
        (clean.str.contains(r"^1[3-9]\d{9}$"), ""),
        (clean.str.contains(r"^1[3-9]\d{6,12}$"), "length"),
        (pl.lit(value=True), "not_a_phone"),
    )
    return clean.alias(f"{header}.value"), fault.alias(f"{header}.fault")


def address(header: str) -> Sequence[pl.Expr]:
    clean = pl.col(f"{header}.clean")
    return clean.alias(f"{header}.value"), said((clean.str.len_chars() > 80, "too_long")).alias(f"{header}.fault")


def income(header: str) -> Sequence[pl.Expr]:
    clean = pl.col(f"{header}.clean")
    bare = clean.str.strip_suffix("元")
    number = bare.cast(pl.Float64, strict=False)
    fault = said(
        (clean.str.contains(SCIENTIFIC), "scientific"),
        (~bare.str.contains(r"^[-+]?\d{1,12}(\.\d{0,6})?$"), "not_a_number"),
        (number < 0, "too_small"),
        (number > 100_000_000, "too_large"),
    )
    return number.cast(pl.String).alias(f"{header}.value"), fault.alias(f"{header}.fault")


def coded(header: str) -> Sequence[pl.Expr]:
    """Two tables: the word's own code, and for marital status the mapped one beside it."""
    clean = pl.col(f"{header}.clean")
    source, mapped = WORDS[header]
    code = clean.replace_strict(pl.Series(list(source)), pl.Series(list(source.values())), default=None)
    value = code.replace_strict(mapped, default=None) if mapped else code
    return (
        value.alias(f"{header}.value"),
        pl.coalesce(code, clean).alias(f"{header}.source"),
        said((code.is_null(), "not_in_table")).alias(f"{header}.fault"),
    )


CLEAN = {
    "身份证号": lambda x: x.str.replace_all(BLANKS, "").str.replace_all("['-]", "").str.to_uppercase(),
    "联系电话": lambda x: x.str.replace_all("[\\s-]", "").str.replace("^[+]86", ""),
}
COLUMN = {"身份证号": citizen, "姓名": name, "出生日期": day, "联系电话": phone, "现住址": address, "月收入": income}


def main(source: Path, out: Path) -> None:
    (out / "clean").mkdir(parents=True)
    lazy = pl.scan_csv(source, infer_schema=False, row_index_name="row", row_index_offset=2)
    lazy = lazy.with_columns(pl.col(HEADERS).fill_null(""))
    lazy = lazy.with_columns(
        CLEAN.get(header, lambda x: x.str.replace_all(BLANKS, ""))(folded(header)).alias(f"{header}.clean")
        for header in HEADERS
    )
    lazy = lazy.with_columns(part for header in HEADERS for part in COLUMN.get(header, coded)(header))
    frame = lazy.collect()
    kept = [
        pl.when(pl.col(f"{header}.fault") == "").then(pl.col(f"{header}.value")).alias(header) for header in HEADERS
    ]
    sources = [pl.col(f"{header}.source") for header in WORDS]
    frame.select("row", *kept, *sources).with_columns(
        pl.col("出生日期").str.to_date("%Y-%m-%d"), pl.col("月收入").cast(pl.Float64)
    ).write_parquet(out / "clean" / "part.parquet", compression="lz4")
    wrong = [
        frame.filter(pl.col(f"{header}.{kind}") != "").select(
            "row", pl.lit(header).alias("column"), pl.col(f"{header}.{kind}").alias("code"), pl.lit(kind).alias("severity"),
            pl.col(header).alias("raw"),
        )
        for header in HEADERS
        for kind in ("fault", "warning")
        if f"{header}.{kind}" in frame.columns
    ]  # fmt: skip
    pl.concat(wrong).sort("row").write_csv(out / "faults.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
