"""`qianxian keys`: keys for systems that bring demands through the interface, and the keys that seal what is sensitive."""

import json
import os
from typing import Annotated

import typer
from django.conf import settings
from django.db import IntegrityError
from rich.console import Console
from rich.progress import Progress

from qianxian.cadres.queries import reaching_everything
from qianxian.register.actions import keys as rotated
from qianxian.register.rules import Unknown
from qianxian.register.sealing import ring
from qianxian.web.acting import now
from qianxian.web.api import keys as made
from qianxian.web.models import ApiKey

from . import rotating

keys = typer.Typer(no_args_is_help=True, help="接口密钥。 Keys of the interface.")
WHO = "command"


@keys.command("create")
def create(
    name: Annotated[str, typer.Argument(help="对接系统的名字。 Name of the system.")],
    unit: Annotated[str, typer.Option(help="代表哪个单位（编码或名称）。 Unit that it acts for.")],
    area: Annotated[str, typer.Option(help="辖区（编码或名称）。 Area inside which it may bring demands.")],
) -> None:
    """新建密钥，只显示这一次。 Make a key; it is shown this once."""
    try:
        secret = made.make(name=name, unit=unit, area=area, actor=WHO, at=now())
    except Unknown as error:
        raise _refusal(f"没有单位“{unit}”。 There is no unit “{unit}”.") from error
    except made.UnknownPlace as error:
        raise _refusal(f"没有地区“{area}”。 There is no place “{area}”.") from error
    except IntegrityError as error:
        raise _refusal(f"已有名为“{name}”的密钥。 There is a key “{name}” already.") from error
    typer.echo(secret)


@keys.command("withdraw")
def withdraw(name: Annotated[str, typer.Argument(help="对接系统的名字。 Name of the system.")]) -> None:
    """停用密钥。 Withdraw a key."""
    try:
        made.withdraw(name=name, actor=WHO, at=now())
    except ApiKey.DoesNotExist as error:
        raise _refusal(f"没有名为“{name}”的密钥。 There is no key “{name}”.") from error


@keys.command("rotate")
def rotate(as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False) -> None:
    """换新的加密密钥，把加密的内容逐批换封；可中断，再执行就接着做。 Seal everything under a new key; may be broken off."""
    at, sealed = now(), 0
    with reaching_everything():
        if rotating.left_under_older_keys() == 0:
            _new_key()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("换封 sealing anew", total=None)
            while left := rotating.left_under_older_keys():
                anew = rotating.rotate(
                    actor=WHO, at=at, follow=lambda column, done: progress.update(bar, description=f"{column} {done}")
                )
                if not anew:
                    raise _refusal(
                        f"还有 {left} 条没能换封，旧密钥仍可读。 {left} values stay under an older key, readable."
                    )
                sealed += anew
                rotated.begin_anew(ring().generation)
    told = {"generation": ring().generation, "sealed_anew": sealed, "left": 0}
    typer.echo(
        json.dumps(told) if as_json else f"第 {told['generation']} 代密钥 generation · {sealed} 条已换封 sealed anew"
    )


def _new_key() -> None:
    """Draw the key of the next generation, unless the keys come from the environment, where the operator adds it."""
    if not os.environ.get("QIANXIAN_SEAL_KEYS"):
        settings.HOME.next_seal_key()


def _refusal(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
