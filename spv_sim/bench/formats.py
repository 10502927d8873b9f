"""Says a measurement and its judgement in the words of people and of other programs."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

from spv_sim.bench.gate import ANSWERS, Judgement, Verdict
from spv_sim.bench.pairs import number
from spv_sim.errors import printable
from spv_sim.store.document import document

if TYPE_CHECKING:
    from spv_sim.bench.measurement import Measurement

HEAD = ("what", "measured", "baseline", "change", "limit", "verdict")
MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~$@:])")
"""Characters that Markdown, or GitHub's way with it, would take for more than themselves."""


def text(measured: Measurement, judged: Judgement) -> str:
    """For the terminal: a line for each thing judged, in columns."""
    rows = [_cells(verdict, judged) for verdict in judged.verdicts]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width).rstrip()
        for row in rows
    ]
    work = measured.workload
    return "\n".join([printable(f"{work.scenario}, {work.paths:,} paths, seed {work.seed}"), *lines, ""])


def native(measured: Measurement, judged: Judgement) -> str:
    """JSON with everything: a baseline, and what was judged."""
    gate = {
        "is_met": judged.is_met,
        "verdicts": [{**asdict(verdict), "is_met": verdict.is_met} for verdict in judged.verdicts],
        "warnings": list(judged.warnings),
    }
    return _json({**measured.record(), "gate": gate})


def bmf(measured: Measurement, judged: Judgement) -> str:
    """Bencher Metric Format.

    Source
    ------
    https://bencher.dev/docs/reference/bencher-metric-format
    """
    return _json(
        {
            f"{measured.workload.scenario}: {name}": {
                _slug(figure.unit): {
                    "value": figure.value,
                    "lower_value": figure.low,
                    "upper_value": figure.high,
                }
            }
            for name, figure in measured.figures.items()
        }
    )


def gha(measured: Measurement, judged: Judgement) -> str:
    """What github-action-benchmark reads as `customSmallerIsBetter`.

    Source
    ------
    https://github.com/benchmark-action/github-action-benchmark
    """
    return _json(
        [
            {
                "name": f"{measured.workload.scenario}: {name}",
                "unit": figure.unit,
                "value": figure.value,
                "range": _range(figure.low, figure.high),
                "extra": figure.note,
            }
            for name, figure in measured.figures.items()
        ]
    )


def junit(measured: Measurement, judged: Judgement) -> str:
    """JUnit XML: a case for each thing judged, its failure where it failed."""
    cases, failures = len(judged.verdicts), sum(not verdict.is_met for verdict in judged.verdicts)
    counts = {"tests": str(cases), "failures": str(failures), "errors": "0"}
    root = Xml.Element("testsuites", counts)
    suite = Xml.SubElement(root, "testsuite", {"name": "spv-sim bench", "skipped": "0", **counts})
    for verdict in judged.verdicts:
        named = {"classname": printable(measured.workload.scenario), "name": printable(verdict.title)}
        case = Xml.SubElement(suite, "testcase", named)
        if not verdict.is_met:
            failure = Xml.SubElement(case, "failure", {"message": printable(verdict.reason)})
            failure.text = printable(_told(verdict))
        else:
            Xml.SubElement(case, "system-out").text = printable(_told(verdict))
    if judged.warnings:
        Xml.SubElement(suite, "system-err").text = "\n".join(map(printable, judged.warnings))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def markdown(measured: Measurement, judged: Judgement) -> str:
    """A table, for the summary of a job on GitHub."""
    work, machine = measured.workload, measured.machine
    told = (machine.get("cpu"), machine.get("os"), f"Python {machine.get('python')}", machine.get("git"))
    rows = [" | ".join(escaped(cell) for cell in _cells(verdict, judged)) for verdict in judged.verdicts]
    return "\n".join(
        [
            f"### {escaped(work.scenario)}: {'passed' if judged.is_met else 'failed'}",
            "",
            f"{work.paths:,} paths, seed {work.seed}, on {escaped(', '.join(filter(None, told)))}",
            "",
            f"| {' | '.join(HEAD)} |",
            "|---|---:|---:|---:|---:|---|",
            *(f"| {row} |" for row in rows),
            "",
            *(f"> **Warning:** {escaped(warning)}\n" for warning in judged.warnings),
        ]
    )


FORMATS: Mapping[str, Callable[[Measurement, Judgement], str]] = {
    "text": text,
    "native": native,
    "bmf": bmf,
    "gha": gha,
    "junit": junit,
    "markdown": markdown,
}


def escaped(words: str) -> str:
    """Words as Markdown shows them, whatever they are."""
    return MARKS.sub(r"\\\1", html.escape(printable(words), quote=False))


def _cells(verdict: Verdict, judged: Judgement) -> list[str]:
    """A verdict as the columns of `HEAD`."""
    was_held = any(each.baseline for each in judged.verdicts)
    outcome = (verdict.reason or "ok") if was_held else ""
    before = "" if verdict.name == ANSWERS else verdict.baseline
    return [verdict.title, verdict.value, before, verdict.change, verdict.limit, outcome]


def _told(verdict: Verdict) -> str:
    parts = {"measured": verdict.value, "baseline": verdict.baseline, "limit": verdict.limit}
    said = ", ".join(f"{name} {value}" for name, value in parts.items() if value)
    return f"{said}: {verdict.reason}" if verdict.reason else said


def _range(low: float, high: float) -> str:
    return f"{number(low)} … {number(high)}"


def _slug(unit: str) -> str:
    return unit.lower().replace(" ", "-")


def _json(value: Any) -> str:
    return document(value).decode("ascii")
