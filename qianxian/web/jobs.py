"""What happens by itself, minute by minute. Every step is a transaction of its own and safe to take again."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from procrastinate.contrib.django import app

from qianxian.cadres.queries import reaching_everything
from qianxian.errands import actions as errands
from qianxian.errands.rules.life import NotAtThisStage
from qianxian.matters import actions as matters
from qianxian.matters.rules.life import OutOfOrder
from qianxian.web.shell.forgetting import forget

logger = logging.getLogger(__name__)

DEAD_AFTER = timedelta(minutes=1)
"""A worker tells every ten seconds that it lives; one that has been silent for so long is dead."""


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ladder", pass_context=False)
def climb_the_ladder(timestamp: int) -> None:
    """Take every step of the escalation ladder that has come, of matters and of answers that those above owe."""
    at = timezone.now()
    with reaching_everything():
        take_due_steps(at)
        each(matters.due_coordinations, matters.take_step_above, at)


def take_due_steps(at: datetime) -> int:
    """Take the steps that have come, one transaction each; return how many were taken."""
    return each(matters.due_alarms, matters.take_step, at)


def each(waiting: Callable[[datetime], list[int]], deed: Callable[..., object], at: datetime) -> int:
    """
    Do a deed to every matter that waits for it, until none is left; return how often something came of it.

    What goes wrong with one matter is logged and does not hold up the others; the database gone ends it all.
    """
    done, faulty = 0, set[int]()
    while left := [number for number in waiting(at) if number not in faulty]:
        for number in left:
            try:
                done += deed(number, at=at) is not None
            except OperationalError:
                raise
            except Exception:
                logger.exception("%s of matter %s", deed.__name__, number)
                faulty.add(number)
    return done


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="silence", pass_context=False)
def close_what_nobody_rates(timestamp: int) -> None:
    """Close resolved matters on which the requester has kept silent for the set time."""
    at = timezone.now()
    with reaching_everything():
        each(matters.silent, close_unless_rated, at)


def close_unless_rated(number: int, *, at: datetime) -> None:
    """Close one matter, unless its requester has spoken in the meantime."""
    try:
        matters.close_silent(number, at=at)
    except OutOfOrder:
        return


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="gate", pass_context=False)
def watch_the_gate(timestamp: int) -> None:
    """End the hearings whose period is over, and let every errand leave whose last day is over."""
    at = timezone.now()
    with reaching_everything():
        close_hearings_and_leave(at)


def close_hearings_and_leave(at: datetime) -> int:
    """Do what is due at the gate, one transaction each; return how much was done."""
    heard = each(errands.hearings_to_close, unless_done(errands.close_hearing), at)
    return heard + each(errands.errands_to_leave, unless_done(errands.leave), at)


def unless_done(deed: Callable[..., object]) -> Callable[..., object]:
    """Return a deed to an errand that somebody else may have done in the meantime: then nothing comes of it."""

    @wraps(deed)
    def attempted(number: int, *, at: datetime) -> object | None:
        try:
            return deed(number, at=at)
        except NotAtThisStage:
            return None

    return attempted


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="stalled", pass_context=False)
async def take_up_what_was_dropped(timestamp: int) -> None:
    """Put jobs back into the queue whose worker has died."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER.total_seconds()):
        await app.job_manager.retry_job(job)


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="sessions", pass_context=False)
def forget_old_sessions(timestamp: int) -> None:
    """Remove sessions that have ended, and what was kept of the ways in."""
    call_command("clearsessions")
    forget(timezone.now())
