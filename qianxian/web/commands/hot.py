"""`qianxian topics hot`: the themes that grow, of a file or of the platform's own matters."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table as Drawn

from qianxian.cadres.queries import reaching_everything
from qianxian.collection import files, intake
from qianxian.collection.rules.columns import Field, UnknownColumn
from qianxian.kernel.lazily import lazily
from qianxian.standard.moments import moment
from qianxian.web import themes as own
from qianxian.web.acting import now

from .dispatch import refusing

if TYPE_CHECKING:
    from qianxian.mandates.words import grams, themes
else:
    grams = lazily("qianxian.mandates.words.grams")
    themes = lazily("qianxian.mandates.words.themes")

VOTES = ("点赞数", "点赞", "赞成数", "支持数", "votes", "likes")
SHOWN = 20


def hot(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="CSV 或工作簿。 A CSV file or workbook.")] = None,
    own_: Annotated[bool, typer.Option("--own", help="本平台的诉求。 The platform's own matters.")] = False,
    month: Annotated[str, typer.Option(help="哪个月，如 2026-03；默认最近一个月。 Which month; the last by default.")] = "",
    votes: Annotated[str, typer.Option(metavar="COLUMN", help="点赞数所在的列。 Column of the votes.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False,
) -> None:  # fmt: skip
    """增长的热点：和以前各月相比明显变多的事。 Themes that clearly grow against the months before."""
    if (file is None) is not own_:
        typer.echo(
            "请指明一个文件，或者用 --own 看本平台的诉求。\nName a file, or --own for the platform's matters.", err=True
        )
        raise typer.Exit(2)
    with refusing(), reaching_everything():
        known = intake.known()
        messages = list(_of_file(file, votes)) if file else own.messages("", now())
    months = sorted({message.month for message in messages})
    if len(months) < 2 or (month and month not in months[1:]):
        said = "、".join(months) or "没有能认出时间的行"
        typer.echo(
            f"至少要有两个月的诉求才看得出增长，所选月份之前也要有；现有：{said}。\n"
            f"Two months at least are needed, one of them before the one chosen; there are: {', '.join(months) or 'none'}.",
            err=True,
        )
        raise typer.Exit(2)
    found = themes.growing(messages, month)
    told = [own.told(theme, known.reader.tree) for theme in found]
    if as_json:
        typer.echo(
            json.dumps(
                {"month": month or months[-1], "messages": len(messages), "themes": told}, ensure_ascii=False, indent=2
            )
        )
        return
    _draw(month or months[-1], told)


def _of_file(file: Path, votes: str) -> Iterator["themes.Message"]:
    known = intake.known()
    with files.opened(file) as table:
        if votes and votes not in table.headers:
            raise UnknownColumn(votes, table.headers)
        matched = intake.columns(table, known, {})
        at = {field: [c.position for c in matched if c.field == field] for field in Field}
        liked = [table.headers.index(name) for name in (votes, *VOTES) if name in table.headers][:1]
        for number, row in table.rows:
            when = next((m for m in (moment(cell) for cell in _cells(row, at[Field.TIME])) if m), None)
            words = " ".join(grams.joined(_cells(row, [*at[Field.SUBJECT], *at[Field.WORDS]])).split())
            if when and words:
                label = known.reader.of_labels(_cells(row, at[Field.TOPIC])).topic
                yield themes.Message(
                    key=next(iter(_cells(row, at[Field.KEY])), "") or str(number),
                    month=f"{when:%Y-%m}",
                    words=words,
                    place=next(iter(_cells(row, at[Field.PLACE])), ""),
                    topic=label or known.reader.of_words(words).topic,
                    votes=_count(_cells(row, liked)),
                )


def _cells(row: tuple[str, ...], at: list[int]) -> list[str]:
    return [row[i] for i in at if i < len(row)]


def _count(cells: list[str]) -> int:
    return int(cells[0]) if cells and cells[0].strip().isdecimal() else 0


def _draw(month: str, told: list[dict[str, Any]]) -> None:
    drawn = Drawn(
        "主题 theme",
        "事项 topic",
        "件 count",
        "按以往 expected",
        "倍 times",
        "赞 votes",
        title=f"{month} 增长的热点 growing themes",
    )
    for one in told[:SHOWN]:
        times = f"{one['times']:.1f}" if one["times"] else "新 new"
        drawn.add_row(
            one["name"], one["topic_name"], str(one["count"]), f"{one['expected']:.1f}", times, str(one["votes"])
        )
    Console().print(drawn)
