"""What happens by itself, minute by minute. Every step is a transaction of its own and safe to take again."""

from datetime import datetime, timedelta

from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from qianxian.cadres.queries import reaching_everything
from qianxian.matters import actions as matters
from qianxian.matters.rules.life import OutOfOrder

DEAD_AFTER = timedelta(minutes=2)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ladder", pass_context=False)
def climb_the_ladder(timestamp: int) -> None:
    """Take every step of the escalation ladder that has come."""
    at = timezone.now()
    with reaching_everything():
        take_due_steps(at)


def take_due_steps(at: datetime) -> int:
    """Take the steps that have come, one transaction each; return how many were taken."""
    taken = 0
    while due := matters.due_alarms(at):
        for number in due:
            taken += matters.take_step(number, at=at) is not None
    return taken


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="silence", pass_context=False)
def close_what_nobody_rates(timestamp: int) -> None:
    """Close resolved matters on which the requester has kept silent for the set time."""
    at = timezone.now()
    with reaching_everything():
        while waiting := matters.silent(at):
            for number in waiting:
                close_unless_rated(number, at)


def close_unless_rated(number: int, at: datetime) -> None:
    """Close one matter, unless its requester has spoken in the meantime."""
    try:
        matters.close_silent(number, at=at)
    except OutOfOrder:
        return


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="stalled", pass_context=False)
async def take_up_what_was_dropped(timestamp: int) -> None:
    """Put jobs back into the queue whose worker has died."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER.total_seconds()):
        await app.job_manager.retry_job(job)


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="sessions", pass_context=False)
def forget_old_sessions(timestamp: int) -> None:
    """Remove sessions that have ended."""
    call_command("clearsessions")
