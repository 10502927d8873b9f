"""Shows the rows: Markdown for people, JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.row import Row
from spv_sim.bench.pairs import number

HEAD = ("what", "unit", "ours", "theirs", "ratio", "range", "goal", "met", "note")
READING = (
    "Medians of interleaved repetitions; the ratio is the median of the ratios of pairs measured one after "
    "the other, the range their least and greatest. Compare ratios, not times, and those of one processor "
    "model only."
)

CHANGED = (
    "**The engine's sources changed meanwhile: whole commands measured then had to compile. Measure again.**"
)


def cells(row: Row) -> list[str]:
    """A row as text."""
    met = {None: "", True: "yes", False: "no"}[row.is_met]
    spread = f"{number(row.low)} … {number(row.high)}"
    goal = row.goal.text(row.unit) if row.goal else ""
    figures = [number(value) for value in (row.ours, row.theirs, row.ratio)]
    return [row.name, row.unit, *figures, spread, goal, met, row.note]


def markdown(rows: Sequence[Row], machine: dict[str, Any], quick: bool) -> str:
    """The table with what it was measured on."""
    features = ", ".join(machine["cpu_features"]) or "none"
    versions = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return "\n".join(
        [
            f"# Benchmarks{' (quick: for smoke, not for comparison)' if quick else ''}",
            "",
            f"- {machine['date']}, commit {machine['git'] or 'unknown'}",
            f"- {machine['cpu']} ({machine['cpu_name']}; {features}), {machine['cores']} cores, "
            f"load average {machine['load_average']} at the start, {machine['lanes']} lanes",
            f"- {machine['os']}, Python {machine['python']}, {versions}",
            "",
            READING,
            *([CHANGED] if machine.get("sources_changed") else []),
            "",
            f"| {' | '.join(HEAD)} |",
            "|---|---|" + "---:|" * 4 + "---|" * 3,
            *(f"| {' | '.join(cells(row))} |" for row in rows),
            "",
        ]
    )


def write(rows: Sequence[Row], machine: dict[str, Any], quick: bool, folder: Path) -> str:
    """Write `latest.md` and `latest.json` into `folder`, made if need be; return the Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    text = markdown(rows, machine, quick)
    (folder / "latest.md").write_text(text, encoding="utf-8")
    body = {"machine": machine, "quick": quick, "rows": [row.record() for row in rows]}
    (folder / "latest.json").write_text(
        json.dumps(body, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )
    return text
