"""pandas cleans, pandera checks: one schema, all failures of a frame collected at once (lazy)."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from benchmarks.people import HEADERS
from benchmarks.standard_contenders.facts import WORDS

FULL = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20})
WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
SIGNS = np.array(list("10X98765432"))
BLANKS = "[\\s\u200b\ufeff\u3000]+"
WIDE = "[\u3000\uff01-\uff5e]"
SCIENTIFIC = r"\d(?:\.\d+)?E\+?\d+"
ORDER = {
    "身份证号": ("scientific", "masked", "length", "characters", "rounded", "date", "future", "check_digit"),
    "姓名": ("masked", "lost_character", "characters"),
    "出生日期": ("two_digit_year", "no_day", "not_a_date", "date", "future"),
    "联系电话": ("length", "not_a_phone"),
    "现住址": ("too_long",),
    "月收入": ("scientific", "not_a_number", "too_small", "too_large"),
}
TODAY = pd.Timestamp(2026, 11, 27)


def folded(column: pd.Series) -> pd.Series:
    wide = column.str.contains(WIDE, regex=True)
    return column.where(~wide, column[wide].str.translate(FULL).reindex(column.index))


def check_holds(column: pd.Series) -> pd.Series:
    good = column.str.fullmatch(r"\d{17}[\dX]")
    numbers = column[good]
    digits = np.frombuffer("".join(numbers.str.slice(0, 17)).encode(), np.uint8).reshape(-1, 17) - 48
    holds = SIGNS[(digits @ WEIGHTS) % 11] == numbers.str.slice(17, 18).to_numpy(dtype=object)
    return pd.Series(holds, index=numbers.index).reindex(column.index, fill_value=True)


def days(column: pd.Series) -> pd.Series:
    found = pd.Series(pd.NaT, index=column.index, dtype="datetime64[ns]")
    for shape, form in ((r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"), (r"\d{4}/\d{2}/\d{2}", "%Y/%m/%d"), (r"\d{8}", "%Y%m%d"),
                        (r"\d{4}年\d{2}月\d{2}日", "%Y年%m月%d日")):  # fmt: skip
        here = column.str.fullmatch(shape)
        found[here] = pd.to_datetime(column[here], format=form, errors="coerce")
    return found


def born(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column.str.slice(6, 14), format="%Y%m%d", errors="coerce")


def check(code, function):
    return pa.Check(function, name=code, error=code)


def is_shaped(column: pd.Series) -> pd.Series:
    return column.str.fullmatch(r"\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?|\d{8}")


def bare(column: pd.Series) -> pd.Series:
    return column.str.removesuffix("元")


def number(column: pd.Series) -> pd.Series:
    return pd.to_numeric(bare(column), errors="coerce")


SCHEMA = pa.DataFrameSchema({
    "身份证号": pa.Column(checks=[
        check("scientific", lambda c: ~c.str.fullmatch(SCIENTIFIC)),
        check("masked", lambda c: ~c.str.contains("*", regex=False)),
        check("length", lambda c: c.str.len() == 18),
        check("characters", lambda c: c.str.fullmatch(r"\d{17}[\dX]")),
        check("rounded", lambda c: c.str.slice(15, 18) != "000"),
        check("date", lambda c: born(c).notna()),
        check("future", lambda c: ~(born(c) > TODAY)),
        check("check_digit", check_holds),
    ]),
    "姓名": pa.Column(checks=[
        check("masked", lambda c: ~c.str.contains("[*×某]")),
        check("lost_character", lambda c: ~c.str.contains("[?？□]")),
        check("characters", lambda c: c.str.fullmatch("[\u4e00-\u9fff·]{1,50}")),
    ]),
    "出生日期": pa.Column(checks=[
        check("two_digit_year", lambda c: is_shaped(c) | ~c.str.fullmatch(r"\d{2}\.\d{1,2}\.\d{1,2}")),
        check("no_day", lambda c: is_shaped(c) | ~c.str.fullmatch(r"\d{4}-\d{1,2}")),
        check("not_a_date", is_shaped),
        check("date", lambda c: days(c).notna()),
        check("future", lambda c: ~(days(c) > TODAY)),
    ]),
    "联系电话": pa.Column(checks=[
        check("length", lambda c: c.str.fullmatch(r"1[3-9]\d{9}") | ~c.str.fullmatch(r"1[3-9]\d{6,12}")),
        check("not_a_phone", lambda c: c.str.fullmatch(r"1[3-9]\d{9}")),
    ]),
    "现住址": pa.Column(checks=[check("too_long", lambda c: c.str.len() <= 80)]),
    "月收入": pa.Column(checks=[
        check("scientific", lambda c: ~c.str.fullmatch(SCIENTIFIC)),
        check("not_a_number", lambda c: bare(c).str.fullmatch(r"[-+]?\d{1,12}(?:\.\d{0,6})?")),
        check("too_small", lambda c: ~(number(c) < 0)),
        check("too_large", lambda c: ~(number(c) > 100_000_000)),
    ]),
    **{header: pa.Column(checks=[check("not_in_table", lambda c, words=words: c.isin(words))])
       for header, (words, _) in WORDS.items()},
})  # fmt: skip


def main(source: Path, out: Path) -> None:
    (out / "clean").mkdir(parents=True)
    frame = pd.read_csv(source, dtype=str, keep_default_na=False)
    raw = frame.copy(deep=False)
    for header in HEADERS:
        clean = folded(frame[header])
        if header == "身份证号":
            clean = clean.str.replace(BLANKS, "", regex=True).str.replace("['-]", "", regex=True).str.upper()
        elif header == "联系电话":
            clean = clean.str.replace(r"[\s-]", "", regex=True).str.removeprefix("+86")
        else:
            clean = clean.str.replace(BLANKS, "", regex=True)
        frame[header] = clean
    try:
        SCHEMA.validate(frame, lazy=True)
        failures = pd.DataFrame(columns=["column", "check", "index"])
    except pa.errors.SchemaErrors as error:
        failures = error.failure_cases[["column", "check", "index"]]
    rank = {(header, code): place for header, codes in ORDER.items() for place, code in enumerate(codes)}
    failures = failures.assign(
        rank=[rank.get(pair, 0) for pair in zip(failures["column"], failures["check"], strict=True)]
    )
    failures = failures.sort_values("rank").drop_duplicates(["index", "column"]).sort_values("index")
    result = pd.DataFrame({"row": np.arange(2, len(frame) + 2)})
    for header in HEADERS:
        value = frame[header]
        if header == "出生日期":
            value = days(value)
        elif header == "月收入":
            value = number(value)
        elif header in WORDS:
            words, mapped = WORDS[header]
            code = value.map(words)
            result[f"{header}.source"] = code.fillna(value)
            value = code.map(mapped) if mapped else code
        wrong = failures.loc[failures["column"] == header, "index"].to_numpy(dtype=np.int64)
        mask = np.zeros(len(frame), dtype=bool)
        mask[wrong] = True
        result[header] = value.mask(mask)
    result["出生日期"] = result["出生日期"].dt.date
    result.to_parquet(out / "clean" / "part.parquet", compression="lz4")
    index = failures["index"].to_numpy(dtype=np.int64)
    cells = [raw[column].iat[row] for column, row in zip(failures["column"], index, strict=True)]
    told = pd.DataFrame({"row": index + 2, "column": failures["column"], "code": failures["check"], "raw": cells})
    told.to_csv(out / "faults.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
