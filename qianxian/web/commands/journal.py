"""`qianxian journal`: what the journal says, held against what is stored."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from qianxian.cadres.queries import reaching_everything
from qianxian.matters import queries as matters
from qianxian.matters.queries import Parting
from qianxian.matters.rules.life import Standing

app = typer.Typer(no_args_is_help=True, help="日志。 The journal.")


@app.callback()
def journal() -> None:
    """日志：谁在什么时候按哪一条做了什么。 The journal: who did what, when, under which article."""


@app.command()
def replay(
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False,
) -> None:
    """从日志重演每件诉求，与现存状态比对；不一致时退出码为 1。 Replay each matter; exit code 1 where one disagrees."""
    with reaching_everything():
        found = track(
            matters.partings(), description="重演 Replaying", total=matters.count(), console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )  # fmt: skip
        compared = list(found)
    parted = [parting for _number, parting in compared if parting]
    if as_json:
        typer.echo(json.dumps({"matters": len(compared), "partings": [_told(p) for p in parted]}, ensure_ascii=False))
    else:
        typer.echo(
            f"重演 {len(compared)} 件，不一致 {len(parted)} 件。 {len(compared)} replayed, {len(parted)} disagree."
        )
        for parting in parted:
            typer.echo(f"{parting.matter}: {parting.by_journal} ≠ {parting.stored}")
    raise typer.Exit(1 if parted else 0)


def _told(parting: Parting) -> dict[str, Any]:
    return {"matter": parting.matter, "journal": _standing(parting.by_journal), "stored": _standing(parting.stored)}


def _standing(standing: Standing | str | None) -> dict[str, Any] | str | None:
    if standing is None or isinstance(standing, str):
        return standing
    return {"stage": standing.stage.name, "owner": standing.owner, "posting": standing.posting}
