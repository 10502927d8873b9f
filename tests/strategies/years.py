"""Deals on a grid of years: every date and interval a whole number of them."""

from __future__ import annotations

import math
import re

from spv_sim.scenario.rules_grid import DATED, FREE
from tests.strategies import Document, months

YEAR = 12
DURATION = re.compile(r"(\d+) months")


def to_years(document: Document) -> None:
    """Lengthen what a document dates in months to whole years, in place."""
    document["workout"]["liquidation_months"] = months(1)
    holidays = document["lease"]["holiday"]
    document["lease"]["holiday"] = dict([*holidays.items()][:1])  # two might meet in one year
    for name in DATED:
        lengthen(document[name])
    right = document["lease"]["end_of_term"]
    if right.get("re_let_after") == right.get("re_let"):
        right.pop("re_let_after", None)


def lengthen(table: Document) -> None:
    """Lengthen the durations of a table and of those inside, values and keys."""
    for key, value in list(table.items()):
        if isinstance(value, dict):
            lengthen(value)
        elif isinstance(value, str) and key not in FREE:
            table[key] = in_years(value)
        if DURATION.fullmatch(key):
            table[in_years(key)] = table.pop(key)


def in_years(word: str) -> str:
    """A duration as whole years; other words as they are."""
    found = DURATION.fullmatch(word)
    return months(YEAR * math.ceil(int(found[1]) / YEAR)) if found else word
