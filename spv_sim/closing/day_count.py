"""Dates of the monthly grid, and fractions of a year between two dates by the market's conventions."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date


def add_months(start: date, months: int) -> date:
    """The same day some months later; the last of a month stays the last, and no month is overrun.

    Source: model 0.3, the end-of-month rule.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, last if is_month_end(start) else min(start.day, last))


def is_month_end(day: date) -> bool:
    """Whether the day is the last of its month."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


def actual_360(start: date, end: date) -> float:
    """ACT/360: days over 360, of SOFR loans and swaps [years]."""
    return (end - start).days / 360


def actual_365_fixed(start: date, end: date) -> float:
    """ACT/365F: days over 365 [years]."""
    return (end - start).days / 365


def thirty_360(start: date, end: date) -> float:
    """30/360 bond basis: months of 30 days, a 31st being a 30th where the other end is one too [years].

    Source: ISDA 2006 definitions, 4.16(f).
    """
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return (360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first) / 360


def actual_actual_isda(start: date, end: date) -> float:
    """ACT/ACT ISDA: days in leap years over 366, the others over 365 [years].

    Source: ISDA 2006 definitions, 4.16(b).
    """
    if end < start:
        return -actual_actual_isda(end, start)
    if start.year == end.year:
        return (end - start).days / days_of_year(start.year)
    begun = (date(start.year + 1, 1, 1) - start).days / days_of_year(start.year)
    ended = (end - date(end.year, 1, 1)).days / days_of_year(end.year)
    return begun + ended + (end.year - start.year - 1)


def days_of_year(year: int) -> int:
    """Days of a calendar year."""
    return 366 if calendar.isleap(year) else 365


DAY_COUNTS: Mapping[str, Callable[[date, date], float]] = {
    "30/360": thirty_360,
    "ACT/360": actual_360,
    "ACT/365F": actual_365_fixed,
    "ACT/ACT": actual_actual_isda,
}
"""Each convention by the name that a scenario gives it."""
