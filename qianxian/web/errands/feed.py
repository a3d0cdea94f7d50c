"""A calendar as iCalendar (RFC 5545), for phones and offices to subscribe to."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from qianxian.errands.rules.meetings import State


def as_calendar(occasions: Iterable[Any], *, title: str, address_of: Callable[[int], str], at: datetime) -> bytes:
    """
    Return a calendar with one event for each meeting; one that was called off stays, marked as cancelled.

    Moments are written in universal time, so that a reader needs no table of time zones.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Qianxian//Meetings//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    for occasion in occasions:
        calendar.add_component(_event(occasion, address_of(occasion.pk), at))
    return bytes(calendar.to_ical())


def _event(occasion: Any, address: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"occasion-{occasion.pk}@qianxian")
    event.add("dtstamp", _universal(at))
    event.add("dtstart", _universal(occasion.starts_at))
    event.add("dtend", _universal(occasion.starts_at + timedelta(minutes=occasion.minutes)))
    event.add("summary", occasion.title)
    event.add("sequence", occasion.revision)
    event.add("status", "CANCELLED" if occasion.state == State.CANCELLED else "CONFIRMED")
    event.add("url", address)
    if occasion.venue:
        event.add("location", occasion.venue)
    if occasion.agenda:
        event.add("description", occasion.agenda)
    return event


def _universal(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
