"""The summary of a sweep in the terminal: each deal a row, and where deals break even."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spv_sim.errors import printable
from spv_sim.report.labels import title
from spv_sim.report.numbers import half_width, show, show_error
from spv_sim.report.text import line

MOST_ROWS, MOST_BREAK_EVENS, WIDEST = 40, 12, 24
WIDTH = 160
"""Signs of a line where no terminal says how wide it is."""

SHOWN = ("equity.irr_of_mean_cash_flow", "equity.moic", "spv.min_dscr")
OF_FIRST = ("probability_of_loss", "expected_loss")


def columns_of(document: dict[str, Any]) -> list[str]:
    """The metrics of a short table: those of the contours, and a few main ones."""
    known = [own["name"] for own in document["metrics"]]
    first = next((name.rpartition(".")[0] for name in known if name.endswith(".expected_loss")), "")
    wanted = [own["metric"] for own in document["contours"]]
    wanted += [*SHOWN, *(f"{first}.{what}" for what in OF_FIRST)]
    return [name for name in dict.fromkeys(wanted) if name in known]


def told(point: dict[str, Any], name: str) -> str:
    """A metric of a point with the half-width of its 95 % interval."""
    own = point["metrics"].get(name)
    return show_error(own["value"], half_width(own), own["unit"]) if own else "–"


def rows_of(document: dict[str, Any], names: Sequence[str], most: int) -> tuple[list[str], list[list[str]]]:
    """Header and rows: the settings as written, then metrics; a point that failed says so instead."""
    header = [axis["key"] for axis in document["axes"]] + [title(name) for name in names]
    rows = []
    for point in document["points"][:most]:
        settings = [line(value, WIDEST) for value in point["settings"].values()]
        if point["faults"]:
            rows.append([*settings, "FAILED", *("" for _ in names[1:])])
        else:
            rows.append([*settings, *(told(point, name) for name in names)])
    return header, rows


def break_even_lines(document: dict[str, Any]) -> list[str]:
    """Where each contour is passed along a setting, the first few."""
    lines = []
    for own in document["break_even"]:
        if own["at"]:
            unit = next(each["unit"] for each in document["metrics"] if each["name"] == own["metric"])
            where = " and ".join(with_error(at, own["unit"]) for at in own["at"])
            held = ", ".join(f"{key} = {line(value, WIDEST)}" for key, value in own["others"].items())
            text = f"{title(own['metric'])} is {show(own['level'], unit)} at {own['along']} = {where}"
            lines.append(text + (f", {held}" if held else ""))
    more = len(lines) - MOST_BREAK_EVENS
    return [*lines[:MOST_BREAK_EVENS], *([f"and {more} more in run.json"] if more > 0 else [])]


def with_error(at: dict[str, Any], unit: str) -> str:
    """A place with the half-width of its 95 % interval."""
    return show_error(at["value"], half_width(at), unit)


def fault_lines(document: dict[str, Any]) -> list[str]:
    """What is wrong with points that failed, each fault once with the number of points that have it."""
    counts: dict[str, int] = {}
    for point in document["points"]:
        for fault in point["faults"]:
            counts[fault["message"]] = counts.get(fault["message"], 0) + 1
    return [f"{count:,} x {line(text, 200)}" for text, count in list(counts.items())[:MOST_BREAK_EVENS]]


def tell_markets(document: dict[str, Any]) -> str:
    """How many markets were simulated, in words."""
    count = document["markets"]
    return f"{count:,} simulated market{'' if count == 1 else 's'}"


def table_lines(document: dict[str, Any], most: int, width: int) -> list[str]:
    """The first points as lines, with as many metrics as fit into a width, and one at least."""
    header, rows = rows_of(document, columns_of(document), most)
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    shown = len(document["axes"]) + 1
    while shown < len(widths) and sum(widths[: shown + 1]) + 2 * shown <= width:
        shown += 1
    return [
        "  ".join(f"{cell:>{wide}}" for cell, wide in zip(row[:shown], widths, strict=False)).rstrip()
        for row in [header, *rows]
    ]


def sweep_summary(
    document: dict[str, Any], folder: str, seconds: float, has_page: bool = True, width: int = WIDTH
) -> str:
    """The sweep as a table: value ± half-width of its 95 % interval."""
    failed = sum(bool(point["faults"]) for point in document["points"])
    lines = [line(document["scenario"]["name"]), "", *table_lines(document, MOST_ROWS, width)]
    more = len(document["points"]) - MOST_ROWS
    if more > 0:
        lines.append(f"and {more:,} more in points.csv")
    broken = break_even_lines(document)
    lines += ["", *broken] if broken else []
    what = "point" if failed == 1 else "points"
    lines += ["", f"{failed:,} {what} failed:", *fault_lines(document)] if failed else []
    made = document["manifest"]
    lines += [
        "",
        f"{len(document['points']):,} points on {tell_markets(document)}, "
        f"{made['paths']:,} paths, seed {made['seed']}, {seconds:.1f} s; ± half a 95 % interval",
        f"{folder} with {'report.html, ' if has_page else ''}points.csv and run.json",
    ]
    return printable_lines(lines)


def printable_lines(lines: Sequence[str]) -> str:
    """Lines without what a terminal would obey."""
    return "\n".join(printable(each) for each in lines)
