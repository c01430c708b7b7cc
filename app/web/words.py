"""Numbers as people say them. Used as template filters."""

import math
from datetime import UTC, datetime, timedelta


def duration(value: timedelta) -> str:
    """A length of time in words: "45 s", "2 min 30 s", "36 min", "1 h 5 min"."""
    seconds = round(value.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 10 and rest:
        return f"{minutes} min {rest} s"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def countdown(value: timedelta) -> str:
    """Time left as a clock shows it, rounded up to the second: "4:05", "1:02:09"."""
    minutes, seconds = divmod(math.ceil(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 question", "3 questions"."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def instant(value: datetime) -> str:
    """An instant for machines, as `datetime` attributes and scripts read it."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day(value: datetime) -> str:
    """A date, in UTC: "22 Nov 2026". Scripts replace it by the reader's own time."""
    return f"{value.astimezone(UTC):%-d %b %Y}"


def moment(value: datetime) -> str:
    """Date and time in UTC: "22 Nov 2026, 14:03 UTC"."""
    return f"{value.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def clock_time(value: datetime) -> str:
    """The time of day with seconds, in UTC, as in "Saved 14:03:22 UTC"."""
    return f"{value.astimezone(UTC):%H:%M:%S} UTC"


def ahead(value: datetime, now: datetime) -> str:
    """How far away an instant is: "now", "in 10 min", "in 3 days"."""
    left = value - now
    if left <= timedelta(0):
        return "now"
    if left < timedelta(hours=48):
        return f"in {duration(timedelta(minutes=max(1, round(left.total_seconds() / 60))))}"
    return f"in {round(left / timedelta(days=1))} days"


def percent(value: float) -> str:
    """A share in whole percent."""
    return f"{round(value)} %"


FILTERS = {
    "duration": duration,
    "countdown": countdown,
    "count": count,
    "instant": instant,
    "day": day,
    "moment": moment,
    "clock_time": clock_time,
    "ahead": ahead,
    "percent": percent,
}
