"""`qianxian demonstration`: the district that does not exist, filled with work."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from qianxian.web.demonstration import ledgers, loading, peopling
from qianxian.web.demonstration.population import STREETS

app = typer.Typer(no_args_is_help=True, help="演示区。 The demonstration district.")
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]


@app.callback()
def demonstration() -> None:
    """演示区：不存在的云溪区。 The demonstration district, which does not exist."""


@app.command()
def load(as_json: AsJson = False) -> None:
    """装载演示区和近四十五天的诉求，可重复执行。 Load the district and the demands of 45 days; safe to repeat."""
    loaded = load_with_bar()
    if as_json:
        ways_in = [asdict(login) for login in loading.logins()]
        typer.echo(json.dumps({"loaded": loaded, "logins": ways_in}, ensure_ascii=False))
        return
    typer.echo(
        f"已装载诉求 {loaded} 件。 {loaded} demands loaded." if loaded else "演示区已经装载。 It was loaded before."
    )
    for line in lines():
        typer.echo(line)


def load_with_bar() -> int:
    """Load the district and draw a bar of the stories that have ended; returns how many demands, 0 if all was there."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("演示区 demonstration", total=None)
        loaded = loading.load(timezone.now(), lambda ended, of: progress.update(bar, completed=ended, total=of))
        if loaded:
            peopling.enter(timezone.now())
            ledgers.keep(timezone.now())
        return loaded


def lines() -> list[str]:
    """Return one line to show for each login."""
    return [
        f"{ROLES[login.role]}: {login.username}  {login.password or SHOWN}  {login.name}" for login in loading.logins()
    ]


@app.command()
def population(
    residents: Annotated[
        int, typer.Option(min=1, max=50_000, help="每个社区的居民数。 Residents of each community.")
    ] = 7000,
    as_json: AsJson = False,
) -> None:
    """把四个社区的虚构居民补足到这么多，可重复执行。 Fill the communities with invented residents; safe to repeat."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("居民 residents", total=None)
        count = peopling.enter(
            timezone.now(), residents, lambda done, of: progress.update(bar, completed=done, total=of)
        )
    told = {"persons": count, "communities": len(STREETS)}
    typer.echo(json.dumps(told) if as_json else f"{count} 人 persons · {len(STREETS)} 个社区 communities")


@app.command("ledgers")
def keep_ledgers(as_json: AsJson = False) -> None:
    """把 248 张台账的定义装进来，可重复执行。 Keep the 248 definitions of ledgers; safe to repeat."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("台账 ledgers", total=None)
        count = ledgers.keep(timezone.now(), lambda done, of: progress.update(bar, completed=done, total=of))
    typer.echo(json.dumps({"ledgers": count}) if as_json else f"{count} 张台账 ledgers")


SHOWN = "（验证码显示在页面上 the code is shown on the page）"
ROLES = {
    "resident": "居民 resident",
    "worker": "社区工作者 worker",
    "department": "部门 department",
    "street": "街道 street",
    "supervisor": "督查 supervisor",
    "steward": "数据管理员 steward",
}
