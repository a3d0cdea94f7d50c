"""A span of time, such as that in which an article is in force or a clock stands paused."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Period:
    """
    A span of time that includes its start and excludes its end; without an end it is still open.

    :raises ValueError: if a moment has no time zone, or the end lies before the start
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError(f"a period needs moments with a time zone: {self.start} to {self.end}")
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a period cannot end before it starts: {self.start} to {self.end}")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Say whether some moment lies in both; an empty period overlaps nothing."""
        ends = [end for end in (self.end, other.end) if end is not None]
        return not ends or max(self.start, other.start) < min(ends)

    def inside(self, other: "Period") -> bool:
        """Say whether every moment of this period also lies in the other."""
        if self.start < other.start:
            return False
        return other.end is None or (self.end is not None and self.end <= other.end)
