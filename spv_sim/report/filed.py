"""The lessee's filed figures beside the model's, as a table and as lines of the terminal."""

from __future__ import annotations

import textwrap
from typing import Any

from spv_sim.report.chart import Table
from spv_sim.report.numbers import is_number, plain_number, show, suffix
from spv_sim.report.text import line

_NAME, _PERIOD, _CELL = 26, 24, 10
_MILLION = 1e6
_MOST_ROWS = 16


def rate_line(run: dict[str, Any]) -> str:
    """The rates that the filed figures imply, in words; empty without such figures."""
    filed = run.get("filed") or {}
    if not is_number(filed.get("rate")):
        return ""
    words = f"lease rate {_percent(filed['rate'])}"
    if is_number(filed.get("maturity_rate")):
        words += f", maturity table {_percent(filed['maturity_rate'])}"
    of = filed.get("opening")
    return f"{words}; {line(filed.get('rents'), 20)} rents repay {show(of, 'USD')}"


def _percent(rate: float) -> str:
    return plain_number(rate, "1/year", error=2e-4) + suffix("1/year")


def _period(row: dict[str, Any]) -> str:
    start, end = line(row.get("start") or "closing", 20), line(row.get("end"), 20)
    return end if row.get("kind") == "balance" else f"{start} to {end}"


def _difference(row: dict[str, Any]) -> str:
    """The difference with its sign, in the millions of a table."""
    value = row.get("difference")
    text = plain_number(value, "USD", size=_MILLION)
    return f"+{text}" if is_number(value) and text[0] != "−" and value > 0 else text


def filed_table(run: dict[str, Any]) -> Table:
    """Every filed figure beside the model's, with the difference and the source."""
    rows = tuple(
        (
            line(row["name"], 80).replace("_", " "),
            line(row["kind"], 20),
            _period(row),
            "this lease and its group" if row["of"] == "group" else "this lease",
            *(show(row[part], "USD") for part in ("filed", "model")),
            f"{_difference(row)} m USD",
            line(row.get("source") or "", 400),
        )
        for row in (run.get("filed") or {}).get("figures", [])
    )
    return Table(("filed figure", "what", "period", "of", "filed", "model", "difference", "source"), rows)


def filed_lines(run: dict[str, Any], width: int) -> list[str]:
    """The same for a terminal, in millions of USD; a rate line first."""
    rate = rate_line(run)
    if not rate:
        return []
    figures = run["filed"].get("figures", [])
    head = f"{'  m USD':<{_NAME + _PERIOD}}" + "".join(
        f"{cell:>{_CELL}}" for cell in ("filed", "model", "differs")
    )
    told = []
    for row in figures[:_MOST_ROWS]:
        name = f"  {line(row['name'], _NAME - 3).replace('_', ' ')}"
        cells = [plain_number(row[part], "USD", size=_MILLION) for part in ("filed", "model")]
        told.append(
            f"{name:<{_NAME}}{_period(row):<{_PERIOD}}"
            + "".join(f"{cell:>{_CELL}}" for cell in (*cells, _difference(row)))
        )
    more = len(figures) - len(told)
    left = [f"  {more} more in report.html"] if more else []
    first = textwrap.wrap(
        rate.replace(" %", "\0%"), width, initial_indent="Filed     ", subsequent_indent=" " * 10
    )
    return [*first, *([head, *told] if told else []), *left]
