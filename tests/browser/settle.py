"""Lets the owner of a matter answer it, in the database that the browser tests' platform serves: `settle.py CODE RESULT`."""

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402

from qianxian.cadres.queries import reaching_everything  # noqa: E402
from qianxian.cadres.rules import Actor, Role  # noqa: E402
from qianxian.matters import actions as matters  # noqa: E402
from qianxian.matters import queries  # noqa: E402
from qianxian.matters.rules.life import Result  # noqa: E402


def main(code: str, result: str) -> None:
    with reaching_everything():
        matter = queries.matter_by_code(code)
        owner = Actor("account:1", matter.owner_id, Role.DEPARTMENT)
        matters.resolve(
            matter.pk, result=Result(result), reply="线路已换新，五层灯都亮了。", evidence="更换声控灯 5 只。",
            actor=owner, at=timezone.now(),
        )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
