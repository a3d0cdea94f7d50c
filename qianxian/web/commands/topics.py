"""`qianxian topics suggest`: of which topics some words may speak."""

import json
from typing import Annotated, Any

import typer

from qianxian.collection import intake

from . import topic_tables

topics = typer.Typer(no_args_is_help=True, help="事项树。 The topic tree.")


@topics.callback()
def _topics() -> None:
    """事项树。 The topic tree."""


topics.command("import")(topic_tables.bring)
topics.command("crosswalk")(topic_tables.crosswalk)


@topics.command("suggest")
def suggest(
    words: Annotated[str, typer.Argument(help="诉求内容。 What is wanted.")],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False,
) -> None:
    """这段话可能属于哪些事项。 Topics of which words may speak, and the one that is sure."""
    reader = intake.known().reader
    sure = reader.of_words(words)
    found: list[dict[str, Any]] = [
        {
            "topic": suggestion.topic,
            "name": "／".join(topic.name for topic in reader.tree.path(suggestion.topic)),
            "score": round(suggestion.score, 2),
            "words": list(suggestion.words),
        }
        for suggestion in reader.tree.suggested(words)
    ]
    if as_json:
        typer.echo(json.dumps({"sure": sure.topic, "why": sure.why, "suggested": found}, ensure_ascii=False, indent=2))
        return
    for one in found:
        mark = "●" if one["topic"] == sure.topic else " "
        typer.echo(f"{mark} {one['topic']}  {one['name']}  {one['score']}  {'、'.join(one['words'])}")
