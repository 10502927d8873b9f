"""Says how small the errors of a run became, beside those that were asked for."""

from __future__ import annotations

import textwrap
from typing import Any

from spv_sim.report.numbers import is_number, plain_number, suffix
from spv_sim.report.text import line


def width_words(width: object, unit: str, relative: bool) -> str:
    """An error alone, with digits enough to tell it from the one asked for."""
    if not is_number(width):
        return "unknown"
    number = float(width)
    if number == 0.0:
        return "0"
    if relative or unit == "share":
        return f"{f'{100 * number:#.3g}'.rstrip('.')} {'% of its value' if relative else 'pp'}"
    return plain_number(number, unit, error=number / 50) + suffix(unit, number)


def goal_words(goal: dict[str, Any]) -> str:
    """`senior.expected_loss ± 1.83 % of its value, asked ± 2 %`, as the record of a goal says."""
    found = width_words(goal["half_width"], goal["unit"], goal["relative"])
    return f"{line(goal['metric'], 80)} ± {found}, asked ± {line(goal['asked'], 60)}"


def stopped_words(record: dict[str, Any]) -> str:
    """Why a run stopped."""
    why = {
        "reached": "with every error that was asked for",
        "most_paths": "the most allowed, before every error asked for was reached",
        "kept_paths": "the most whose values are kept (--keep), before every error asked for was reached",
    }
    return f"stopped at {record['paths']:,} paths, {why[record['stopped']]}"


def until_words(made: dict[str, Any]) -> list[str]:
    """Of a manifest, why the run stopped and each error; nothing where a number of paths was asked for."""
    record = made.get("until")
    return [stopped_words(record), *(goal_words(goal) for goal in record["goals"])] if record else []


def until_lines(run: dict[str, Any], width: int) -> list[str]:
    """The lines of the summary."""
    rows: list[str] = []
    for words in until_words(run["manifest"]):
        head = "Until     " if not rows else " " * 10
        rows += textwrap.wrap(words, width, initial_indent=head, subsequent_indent=" " * 12)
    return rows
