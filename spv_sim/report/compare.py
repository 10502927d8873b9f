"""A comparison in the terminal: settings that differ, then both values of each metric and the difference."""

from __future__ import annotations

from typing import Any

from spv_sim.errors import printable
from spv_sim.report.labels import title
from spv_sim.report.numbers import CONFIDENCE, MISSING, half_width, is_number, show, show_error, show_width
from spv_sim.report.text import line

MOST_SETTINGS, NAMED = 20, 28


def compare_lines(document: dict[str, Any]) -> list[str]:
    """The comparison as lines; ± are half-widths of 95 % intervals."""
    names = [line(name, NAMED) for name in document["deals"]]
    if names[0] == names[1]:
        names = ["first", "second"]
    lines = [" against ".join(line(name) for name in document["deals"]), ""]
    settings = document["settings"]
    for own in settings[:MOST_SETTINGS]:
        said = [line(own[deal] or "not said", 40) for deal in ("first", "second")]
        lines.append(f"{line(own['key'], 60)}: {said[0]} -> {said[1]}")
    if len(settings) > MOST_SETTINGS:
        lines.append(f"and {len(settings) - MOST_SETTINGS} more settings")
    rows = [["", *names, "difference", "with draws of their own"]]
    for name, own in document["metrics"].items():
        rows.append([title(name), *(side(own[key], own["unit"]) for key in ("first", "second")), *apart(own)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines += [""] if settings else ["no setting differs", ""]
    for row in rows:
        cells = [f"{row[0]:<{widths[0]}}"]
        cells += [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    beyond = sum(own["difference"]["beyond_error"] for own in document["metrics"].values())
    lines += [
        "",
        f"{beyond} of {len(rows) - 1} metrics differ by more than their error; {document['paths']:,} paths, "
        f"seed {document['seed']}, ± half a 95 % interval",
    ]
    return [printable(each) for each in lines]


def side(own: dict[str, Any], unit: str) -> str:
    """The value of one deal."""
    return show(own["value"], unit)


def apart(own: dict[str, Any]) -> list[str]:
    """The difference with its paired error, and the error without pairing."""
    found, unit = own["difference"], own["unit"]
    if not is_number(found["value"]):
        return [MISSING, ""]
    paired = half_width({"ci95": found["ci95"], "standard_error": found["standard_error"]})
    text = show_error(found["value"], paired if is_number(paired) else None, unit)
    alone = found["unpaired_standard_error"]
    wide = f"± {show_width(CONFIDENCE * alone, unit)}" if is_number(alone) and alone > 0.0 else ""
    sign = "+" if found["value"] > 0.0 else ""
    return [sign + text, wide]
