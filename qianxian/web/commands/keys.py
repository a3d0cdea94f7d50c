"""`qianxian keys`: keys for systems that bring demands through the interface."""

from typing import Annotated

import typer
from django.db import IntegrityError

from qianxian.register.rules import Unknown
from qianxian.web.acting import now
from qianxian.web.api import keys as made
from qianxian.web.models import ApiKey

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


def _refusal(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
