"""`qianxian standard`: a file through the data standard, a specification suggested, the standard itself listed."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table as Drawn

from qianxian.collection import files, frames
from qianxian.kernel.lazily import lazily
from qianxian.standard import checking, elements, specification
from qianxian.standard.bulk.run import MissingColumns, OutIsTaken, Part, Summary, ready
from qianxian.standard.bulk.run import run as carry_out
from qianxian.standard.compiled import Column
from qianxian.web.acting import now
from qianxian.web.commands import standard_addresses as addresses
from qianxian.web.commands.dispatch import remark
from qianxian.web.commands.refusing import refuse
from qianxian.web.imports import sentences

app = typer.Typer(no_args_is_help=True, help="数据标准：清洗、校验、编码、质量概况。 The data standard.")
app.command("train-addresses")(addresses.train)
app.command("test-addresses")(addresses.measure)
app.command("address")(addresses.take_apart)
app.command("compare-addresses")(addresses.compare)
LOCAL = "local"
TASK_ROWS = 50_000
REFUSED: dict[str, tuple[str, str]] = {
    "not_yaml": ("对应表第 {line} 行不是正确的 YAML，请检查缩进和冒号。", "Line {line} of the specification is no YAML: check indents and colons."),
    "no_columns": ("对应表没有指明任何一列：请在 columns 下写“列名: 数据元”。", "The specification names no column: write “header: element” under columns."),
    "no_element": ("对应表里“{header}”没有写数据元。", "The specification gives no element for “{header}”."),
    "unknown_key": ("对应表里“{header}”的“{key}”不认识；可以用 element、table、required、unique。",
                    "“{key}” of “{header}” is unknown; there are element, table, required, unique."),
    "unknown_element": ("没有“{element}”这个数据元（列“{header}”）；用 qianxian standard elements 查找。",
                        "There is no element “{element}” (column “{header}”): look with qianxian standard elements."),
    "unknown_table": ("没有“{table}”这张代码表（列“{header}”）。", "There is no code table “{table}” (column “{header}”)."),
    "no_crosswalk": ("代码表“{table}”没有到“{to}”的对照表（列“{header}”），请先由数据管理员编制。",
                     "No crosswalk leads from “{table}” to “{to}” (column “{header}”): let the data steward make one."),
    "no_table": ("“{element}”不是代码类数据元，不能指定代码表（列“{header}”）。",
                 "“{element}” is no coded element and takes no table (column “{header}”)."),
    "element_off": ("“{name}”属高度敏感，默认停用（列“{header}”）；确有法定职责并经批准的，写入 also_off。",
                    "“{element}” is of the strictest class and switched off (column “{header}”); where the law demands it and it was approved, name it in also_off."),
}  # fmt: skip
Input = Annotated[
    Path, typer.Argument(metavar="INPUT", help="CSV、工作簿或 Parquet。 A CSV file, workbook or Parquet.")
]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]
Sheet = Annotated[str, typer.Option(help="工作簿里的表名。 Sheet of a workbook.")]


@app.command()
def run(
    file: Input,
    spec: Annotated[
        Path, typer.Option(metavar="SPEC.yaml", help="列与数据元的对应表。 Which column is which element.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="结果文件夹。 Folder for the result.")],
    engine: Annotated[
        str, typer.Option(metavar="local|spark://HOST:PORT", help="本机或 Spark 集群。 This machine or a cluster.")
    ] = LOCAL,
    task_rows: Annotated[
        int, typer.Option(min=1, help="集群上每个任务的行数。 Rows of one task on a cluster.")
    ] = TASK_ROWS,
    sheet: Sheet = "",
    replace: Annotated[bool, typer.Option("--replace", help="覆盖已有结果。 Replace a result.")] = False,
    as_json: AsJson = False,
) -> None:
    """清洗、校验、编码一个文件：干净数据、问题清单、质量概况。 Clean, check and code a file."""
    console = Console(stderr=True)
    began = time.monotonic()
    with refusing():
        columns = specification.specification(spec.read_text("utf-8-sig"))
        if engine != LOCAL and not engine.startswith("spark://"):
            refuse(f"没有“{engine}”这种引擎；可以用：{LOCAL} 或 spark://主机:端口。",
                   f"There is no engine “{engine}”; there are {LOCAL} and spark://HOST:PORT.")  # fmt: skip
        with frames.opened(file, sheet) as opened, _bar(console) as bar:
            remark(console, opened.remarks)
            task = bar.add_task("", total=1.0, rows=0)
            carry = partial(
                carry_out, headers=opened.headers, columns=columns, out=out, today=now().date(), key=_key(file, sheet),
                replace=replace, title=file.name,
                follow=lambda rows: bar.update(task, completed=opened.part_read(), rows=rows),
            )  # fmt: skip
            if engine == LOCAL:
                summary = carry(opened.parts)
            else:
                ready(columns, opened.headers, out, replace=replace)
                summary = _on_cluster(engine, carry, opened.parts, columns, task_rows, bar, task)
    _report(console, summary, out, opened.remarks, time.monotonic() - began, as_json=as_json)
    raise typer.Exit(1 if summary.faults else 0)


def _on_cluster(
    master: str, carry: Callable[..., Summary], parts: Iterable[Part], columns: tuple[Column, ...], rows: int,
    bar: Progress, task: TaskID,
) -> Summary:  # fmt: skip
    """
    Carry a file out on a cluster; the bar shows the reading first, then the tasks.

    :raises Exit: with 2 if the packages for it are not installed, or nobody answers
    """
    if find_spec("pyspark") is None:
        refuse(
            "还没有安装集群组件：请先运行 make setup-cluster。",
            "The packages for a cluster are not installed: run make setup-cluster.",
        )
    cluster = lazily("qianxian.standard.bulk.cluster")
    try:
        with cluster.connected(master) as context:
            carrier = cluster.carried_by(
                context, columns, now().date(),
                follow=lambda done, of: bar.update(task, completed=done / of, rows=done * rows),
            )  # fmt: skip
            return carry(cluster.sliced(parts, rows), carrier=carrier)
    except cluster.NoCluster:
        refuse(f"连不上集群 {master}：请检查地址，以及主节点是否在运行。",
               f"No cluster answers at {master}: check the address, and whether its master runs.")  # fmt: skip
    except cluster.Lost as error:
        refuse(f"集群没有做完（{error}）；已做完的部分保留着，再次运行会接着做。",
               f"The cluster did not finish ({error}); what is done is kept, and the next run goes on from there.")  # fmt: skip


@app.command()
def suggest(
    file: Input,
    out: Annotated[Path | None, typer.Option(metavar="SPEC.yaml", help="写入文件。 Write to a file.")] = None,
    sheet: Sheet = "",
    as_json: AsJson = False,
) -> None:
    """按列名和内容建议对应表，改好后用于 run。 Suggest a specification from headers and cells."""
    with refusing(), frames.opened(file, sheet) as opened:
        remark(Console(stderr=True), opened.remarks)
        found = specification.suggest(opened.headers, opened.sample, now().date())
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    elif out:
        out.write_text(specification.written(found), "utf-8")
        typer.echo(f"已写入 {out}，请核对后使用。 Written: check it before use.")
    else:
        typer.echo(specification.written(found), nl=False)


@app.command("elements")
def list_elements(
    search: Annotated[str, typer.Argument(help="名称的一部分。 Part of a name.")] = "", as_json: AsJson = False
) -> None:
    """列出数据元。 List the data elements."""
    found = [
        one
        for one in elements.elements().values()
        if search.lower() in f"{one.code} {one.name} {one.english} {' '.join(one.also)}".lower()
    ]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    drawn = Drawn("code", "名称", "name", "类型", "代码表", "敏感级别")
    for one in found:
        named = elements.sensitivities()[one.sensitivity].name + ("" if one.on else "（停用）")
        drawn.add_row(one.code, one.name, one.english, elements.kinds()[one.type].name, one.table, named)
    Console().print(drawn)


@app.command()
def check(as_json: AsJson = False) -> None:
    """检查数据标准，包括本区自己的表（数据目录下 standard/）。 Check the declaration, the district's own files included."""
    found = checking.problems()
    if as_json:
        typer.echo(json.dumps([{"zh": zh, "en": en} for zh, en in found], ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(f"{zh}\n{en}" for zh, en in found) or "没有发现问题。 Nothing is wrong.")
    raise typer.Exit(1 if found else 0)


@contextmanager
def refusing() -> Iterator[None]:
    """Say in one sentence of each language why it cannot be done, and leave with 2."""
    try:
        yield
    except files.Unreadable as error:
        refuse(*sentences.refusal(error))
    except specification.BadSpecification as error:
        refuse(*(part.format(**error.facts) for part in REFUSED[error.code]))
    except MissingColumns as error:
        names, there = "、".join(error.missing), "、".join(error.headers[:30])
        refuse(
            f"文件里没有对应表写的列：{names}；有：{there}。", f"The file has no column {names}; there are: {there}."
        )
    except OutIsTaken as error:
        refuse(
            f"“{error}”已存在；换一个文件夹，或用 --replace 覆盖。",
            f"“{error}” exists: name another folder or use --replace.",
        )


def _key(file: Path, sheet: str) -> str:
    """Return what tells this input from every other, so that a stopped run is taken up with the same one only."""
    stat = file.stat()
    return f"{file.resolve()}|{stat.st_size}|{stat.st_mtime_ns}|{sheet}"


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("清洗 cleaning"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]:,} 行 rows"),
        TimeRemainingColumn(), console=console, transient=True,
    )  # fmt: skip


def _report(
    console: Console, summary: Summary, out: Path, remarks: tuple[files.Remark, ...], seconds: float, *, as_json: bool
) -> None:
    told: dict[str, Any] = {
        "rows": summary.rows, "faults": dict(summary.faults), "warnings": dict(summary.warnings), "seconds": round(seconds, 2),
        "rows_per_second": round(summary.rows / seconds), "taken_up_parts": summary.taken_up, "out": str(out),
        "remarks": [{"code": one.code, **one.facts} for one in remarks],
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    drawn = Drawn(show_header=False, box=None)
    drawn.add_row("行 rows", f"{summary.rows:,}")
    drawn.add_row("错误 faults", f"{sum(summary.faults.values()):,}")
    drawn.add_row("提示 warnings", f"{sum(summary.warnings.values()):,}")
    drawn.add_row("干净数据 clean", str(out / "clean"))
    drawn.add_row("问题清单 faults", str(out / "faults.csv"))
    drawn.add_row("质量概况 profile", str(out / "profile.html"))
    console.print(drawn)
