"""What can be done to errands, meetings, refusals and certificates: one function for each deed."""

from .certificates import issue, read, revoke
from .endings import errands_to_leave, leave, stop
from .feeds import close_feed, open_feed
from .hearings import close_hearing, decide, give_opinion, hearings_to_close
from .meetings import cancel, meet, merge, minute, schedule, turn_into_draft, turn_into_matters
from .refusals import ask, note_refusal, refuse, refuse_what_came, take_back, undo_refusal
from .requests import copy, draft, file, findings_of, revise, withdraw

__all__ = [
    "ask",
    "cancel",
    "close_feed",
    "close_hearing",
    "copy",
    "decide",
    "draft",
    "errands_to_leave",
    "file",
    "findings_of",
    "give_opinion",
    "hearings_to_close",
    "issue",
    "leave",
    "meet",
    "merge",
    "minute",
    "note_refusal",
    "open_feed",
    "read",
    "refuse",
    "refuse_what_came",
    "revise",
    "revoke",
    "schedule",
    "stop",
    "take_back",
    "turn_into_draft",
    "turn_into_matters",
    "undo_refusal",
    "withdraw",
]
