"""What can be done to a matter: one function for each deed, each whole or not at all."""

from .alarms import close_silent, due_alarms, silent, take_step
from .calendars import import_notice
from .coordination import answer_above, answers_awaited, ask_above, due_coordinations, take_step_above
from .endings import (
    answer_alike,
    answer_supervision,
    attach,
    call_back,
    close,
    decide_plea,
    merge,
    plead,
    rate,
    resolve,
    supervise,
)
from .help import answer_help, arrive, ask_help, close_whistle, rate_arrival, report_work, whistle
from .intake import Contact, index_of, receive, receive_all, receive_within
from .parting import Part, part, receive_parted
from .publication import publish_rates
from .reading import Identity, read_requester
from .replays import replay_draft
from .rulings import adjudicate, consult, dispatch, object_to
from .themes import conclude_theme, declare_theme
from .work import ask_extension, contact, decide_extension, move_deadline, pause, resume, sign

__all__ = [
    "Contact",
    "Identity",
    "Part",
    "adjudicate",
    "answer_above",
    "answer_alike",
    "answer_help",
    "answer_supervision",
    "answers_awaited",
    "arrive",
    "ask_above",
    "ask_extension",
    "ask_help",
    "attach",
    "call_back",
    "close",
    "close_silent",
    "close_whistle",
    "conclude_theme",
    "consult",
    "contact",
    "decide_extension",
    "decide_plea",
    "declare_theme",
    "dispatch",
    "due_alarms",
    "due_coordinations",
    "import_notice",
    "index_of",
    "merge",
    "move_deadline",
    "object_to",
    "part",
    "pause",
    "plead",
    "publish_rates",
    "rate",
    "rate_arrival",
    "read_requester",
    "receive",
    "receive_all",
    "receive_parted",
    "receive_within",
    "replay_draft",
    "report_work",
    "resolve",
    "resume",
    "sign",
    "silent",
    "supervise",
    "take_step",
    "take_step_above",
    "whistle",
]
