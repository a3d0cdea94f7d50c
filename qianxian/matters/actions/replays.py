"""A draft of the register tried on past matters, part by part, so that somebody can see how far it has come."""

from datetime import datetime

from qianxian.cadres.queries import reaching_everything
from qianxian.mandates import actions as mandates
from qianxian.mandates.queries import drafts

from ..queries.replaying import PART, as_data, asked_of_the_register, references, replay_part


def replay_draft(draft: int, *, actor: str, at: datetime, most: int = PART) -> bool:
    """
    Try the next part of past matters on a draft and keep what would move; begin anew where the draft has changed.

    The matters are read as a job of the system, and only their numbers are kept: whoever reads the list sees the
    titles of those within reach.

    :returns: whether all are tried
    :raises NotInThisStage: once the draft is approved or withdrawn
    """
    held = drafts.draft(draft)
    content = drafts.hash_of(held)
    kept = held.moves if held.moves.get("content") == content and not held.moves.get("done") else {}
    before, after = references(drafts.articles_of(held.based_on), drafts.content_of(held))
    with reaching_everything():
        of = kept.get("of") or asked_of_the_register().count()
        part = replay_part(before, after, drafts.moment_of(held, at), last=kept.get("last", 0), most=most)
    moves = {
        "content": content,
        "of": of,
        "asked": kept.get("asked", 0) + part.asked,
        "last": part.last,
        "done": part.done,
        "moved": [*kept.get("moved", []), *map(as_data, part.moves)],
    }
    mandates.keep_replay(draft, moves=moves, actor=actor, at=at)
    return part.done
