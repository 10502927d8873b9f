"""Writes the summary that a run leaves in the terminal, as plain text of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spv_sim.report.after_default import default_lines
from spv_sim.report.covenants import told_breaches, told_causes
from spv_sim.report.filed import filed_lines
from spv_sim.report.fleet import fleet_words
from spv_sim.report.headline import metric, quantile, remarks, with_error
from spv_sim.report.labels import title
from spv_sim.report.loss_bearers import foremost
from spv_sim.report.numbers import MISSING, half_width, is_number, plain_number, show, suffix
from spv_sim.report.refinancing import refinancing_sentence
from spv_sim.report.sizing import sizing_lines
from spv_sim.report.tables import PUBLISHED, band_interval, bare
from spv_sim.report.terminal_equity import NAME, WIDE_CELL, class_rows, seller_rows
from spv_sim.report.text import line
from spv_sim.report.tranches import fit, left_out, tranches_of
from spv_sim.report.until import until_lines

if TYPE_CHECKING:
    from spv_sim.report.material import Material

_BARS = "▁▂▃▄▅▆▇█"
_LABEL, _CELL = 33, 9
_MOST_TRANCHES = 8
_MOST_ENTRIES, _MOST_REMARKS, _MOST_BEARERS, _MOST_YIELDS, _MOST_COVENANTS = 8, 12, 7, 3, 6
_TRANCHE_CELLS = (("probability_of_loss", True), ("expected_loss", True), ("yield", True), ("wal", False))
_ASCII = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "±": "+-",
        "·": "|",
        "×": "x",
        "…": "...",
        "σ": "s",
        "█": "#",
        **dict.fromkeys(_BARS[:2], "."),
        **dict.fromkeys(_BARS[2:5], "o"),
        **dict.fromkeys(_BARS[5:7], "O"),
    }
)


def shown_metrics(tranches: Sequence[str]) -> tuple[str, ...]:
    """Metrics of the terminal table, in order; several tranches have a table of their own."""
    lender = ("probability_of_loss", "expected_loss", "yield") if len(tranches) == 1 else ()
    return (
        "equity.irr",
        "equity.irr_of_mean_cash_flow",
        "equity.moic",
        "equity.npv",
        "equity.probability_of_loss",
        "spv.min_dscr",
        "lessee.default_probability",
        "spv.units_lost",
        "spv.availability",
        *(f"{tranches[0]}.{name}" for name in lender),
    )


def _header(run: dict[str, Any], width: int) -> list[str]:
    made = run["manifest"]
    facts = [f"{made['paths']:,} paths"]
    if is_number(months := run["closing"].get("months", {}).get("end")):
        facts.append(f"{months} months")
    facts.append(f"seed {made['seed']}")
    right = " · ".join(facts)
    name = line(run["scenario"]["name"], width)
    if len(name) + len(right) + 2 <= width:
        return [name + right.rjust(width - len(name))]
    return [name, right.rjust(width)]


def _funding(run: dict[str, Any], side: str, width: int) -> list[str]:
    entries = run["closing"].get(side, [])
    total = sum(float(entry["amount"]) for entry in entries)
    if len(entries) > _MOST_ENTRIES:
        first, last = entries[: _MOST_ENTRIES - 2], entries[-1]
        between = entries[_MOST_ENTRIES - 2 : -1]
        amount = sum(float(entry["amount"]) for entry in between)
        entries = [*first, {"name": f"{len(between)} others", "amount": amount}, last]
    shares = side == "sources" and total > 0
    parts = [
        f"{line(entry['name'], 30)} {plain_number(entry['amount'], 'USD', size=total)}"
        + (f" ({100 * float(entry['amount']) / total:.0f} %)" if shares else "")
        for entry in entries
        if float(entry["amount"]) != 0.0
    ]
    parts.append(f"total {show(total, 'USD')}")
    return textwrap.wrap(
        "  ".join(part.replace(" ", "\0") for part in parts),
        width,
        initial_indent=f"{side.title():<10}",
        subsequent_indent=" " * 10,
    )


def _row(name: str, found: dict[str, Any]) -> str:
    unit, value, error = str(found.get("unit", "")), found.get("value"), half_width(found)
    spots = [quantile(found, level) for level in (0.1, 0.5, 0.9)]
    sizes = [abs(float(number)) for number in (value, *spots) if is_number(number)]
    size = max(sizes, default=0.0)
    label = f"{title(name)}, {suffix(unit, size).strip()}"
    cells = [plain_number(value, unit, error=error, size=size)]
    cells.append(
        f"± {plain_number(error, unit, error=error, size=size)}" if is_number(error) and error > 0 else ""
    )
    cells += ["" if spot is None else plain_number(spot, unit, size=size) for spot in spots]
    return f"{label:<{_LABEL}.{_LABEL}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)


def _table(run: dict[str, Any], tranches: Sequence[str]) -> list[str]:
    head = " " * _LABEL + "".join(f"{cell:>{_CELL}}" for cell in ("mean", "± 95 %", "P10", "P50", "P90"))
    return [head, *(_row(name, found) for name in shown_metrics(tranches) if (found := metric(run, name)))]


def _tranche_row(run: dict[str, Any], tranche: str) -> str:
    cells = []
    for name, wide in _TRANCHE_CELLS:
        found = metric(run, f"{tranche}.{name}")
        unit, error = str(found.get("unit", "")), half_width(found)
        text = plain_number(found.get("value"), unit, error=error)
        if is_number(error) and error > 0.0 and wide:
            text += f" ± {plain_number(error, unit, error=error)}"
        cells.append(f"{text:>{WIDE_CELL if wide else _CELL}}")
    return f"{line(tranche, NAME):<{NAME}}" + "".join(cells)


def _tranches(run: dict[str, Any], tranches: Sequence[str]) -> list[str]:
    """A row for each tranche: P(loss), expected loss and yield with their errors, average life in years."""
    if len(tranches) < 2:
        return []
    heads = ("P(loss), %", "exp. loss, %", "yield, %/year", "life")
    head = " " * NAME + "".join(
        f"{cell:>{WIDE_CELL if wide else _CELL}}"
        for cell, (_, wide) in zip(heads, _TRANCHE_CELLS, strict=True)
    )
    shown, more = fit(tranches, _MOST_TRANCHES)
    rows = [_tranche_row(run, tranche) for tranche in shown]
    return [head, *rows, *([f"  {left_out(more)} in report.html"] if more else []), ""]


def spark(values: Sequence[float], top: float, wanted: int = 28) -> str:
    """A line of bars for values from 0 to `top`, thinned to at most `wanted` signs."""
    step = max(1, -(-len(values) // wanted))
    steps = (min(max(value / top, 0.0), 1.0) if top > 0 else 0.0 for value in values[::step])
    return "".join(_BARS[min(int(part * len(_BARS)), len(_BARS) - 1)] for part in steps)


def _sparks(material: Material) -> list[str]:
    if not (material.has("cfads") and material.has_of_tranches("interest_current", "principal_due")):
        return []
    from spv_sim.report.material import payment_dates, per_period, quantiles, scheduled_service

    dates, _ = payment_dates(material)
    cash = per_period(material.fan["cfads"], material)
    due = scheduled_service(material, material.tranches)
    kept = due > 0.0
    if not kept.any():
        return []
    low, middle = quantiles(cash[kept], (0.1, 0.5))
    top = max(float(middle.max()), float(due.max()))
    end = f"to month {dates[kept][-1]:.0f}"
    return [
        f"CFADS     P50 {spark(middle.tolist(), top)}  {end}",
        f"          P10 {spark(low.tolist(), top)}",
        f"      service {spark(due[kept].tolist(), top)}",
    ]


def _base_line(run: dict[str, Any], tranches: Sequence[str]) -> str:
    told = run["base_case"].get("metrics", {})
    lenders = fit(tranches, _MOST_YIELDS)[0] if len(tranches) > 1 else ()
    wanted = ("equity.irr", "equity.moic", "spv.min_dscr", *(f"{tranche}.yield" for tranche in lenders))
    parts = [
        f"{title(name)} {show(told[name].get('value'), str(told[name].get('unit', '')))}"
        for name in wanted
        if name in told
    ]
    return (
        f"Base      {', '.join(parts)} ({line(run['base_case'].get('label', 'base case, no default'), 40)})"
        if parts
        else ""
    )


def _borne(run: dict[str, Any], width: int) -> list[str]:
    """Who bears which share of the expected loss."""
    shown, more = foremost(run, _MOST_BEARERS)
    shares = [
        f"{line(holder, 20)} {with_error(run, name)}".replace(" ", "\0")
        for holder in shown
        if is_number(metric(run, name := f"{holder}.loss_share").get("value"))
    ]
    if not shares:
        return []
    parts = ", ".join([*shares, *([f"{more} others"] if more else [])])
    words = f"{parts} of {with_error(run, 'spv.lost_value')} lost against the base case"
    return textwrap.wrap(words, width, initial_indent="Borne by  ", subsequent_indent=" " * 10)


def _triggers(run: dict[str, Any], width: int) -> list[str]:
    """What ends the debt before its time, and how often each covenant fails."""
    told = [words for words in (told_causes(run), *told_breaches(run, _MOST_COVENANTS)) if words]
    return [
        row
        for words in told
        for row in textwrap.wrap(words, width, initial_indent="Trigger   ", subsequent_indent=" " * 10)
    ]


def _bands(run: dict[str, Any], width: int) -> list[str]:
    rows = []
    for name, found in run.get("bands", {}).items():
        words = f"{line(name.rpartition('.')[0], 40)} {line(found.get('value') or MISSING, 20)}"
        words += f" (95 %: {band_interval(found)}; {line(found.get('label') or '', 80)})"
        rows += textwrap.wrap(words, width, initial_indent="Band      ", subsequent_indent=" " * 10)
    return rows


def _checks(run: dict[str, Any], width: int) -> list[str]:
    checks = run["checks"]
    own = [check for check in checks if not check["name"].startswith(PUBLISHED)]
    published = [check for check in checks if check["name"].startswith(PUBLISHED)]
    counts = [f"{sum(bool(check['passed']) for check in own)} of {len(own)} passed"] if own else []
    if published:
        counts.append(
            f"{sum(bool(check['passed']) for check in published)} of {len(published)} published terms met"
        )
    rows = [f"Checks    {' · '.join(counts) or 'none'}"]
    for check in checks:
        if not check["passed"]:
            unit = str(check.get("unit") or "")
            found, wanted = bare(check.get("value"), unit), bare(check.get("expected"), unit)
            words = f"FAILED {line(check['name'], 60)}: {found}, expected {wanted}"
            words += f" ± {bare(check.get('tolerance'), unit)}"
            rows += textwrap.wrap(words, width, initial_indent=" " * 10, subsequent_indent=" " * 12)
    return rows


def summary(
    run: dict[str, Any],
    material: Material | None = None,
    folder: Path | str | None = None,
    *,
    seconds: float | None = None,
    width: int = 80,
    unicode: bool = True,
) -> str:
    """The summary of a run as text without colour or control codes, ending with a line end.

    Parameters
    ----------
    run : the run document.
    material : arrays for the spark lines; they are left out without it.
    folder : where the run was kept, as the user should see it.
    seconds : time that the run took [s].
    width : columns that lines are wrapped to, 60 to 100; the table needs 78.
    unicode : False writes ASCII only, for terminals that cannot show more.
    """
    width = min(max(width, 60), 100)
    tranches = material.tranches if material else tranches_of(run)
    rows = _header(run, width)
    rows += _funding(run, "uses", width) + _funding(run, "sources", width)
    rows += textwrap.wrap(fleet_words(run), width, initial_indent="Fleet     ", subsequent_indent=" " * 10)
    for told in sizing_lines(run):
        rows += textwrap.wrap(told, width, initial_indent="Sized     ", subsequent_indent=" " * 10)
    rows.append("")
    rows += [*_table(run, tranches), "", *_tranches(run, tranches), *class_rows(run)]
    rows += _sparks(material) if material else []
    if base := _base_line(run, tranches):
        rows += textwrap.wrap(base, width, subsequent_indent=" " * 10)
    rows += _triggers(run, width)
    rows += _bands(run, width)
    if after := default_lines(run):
        rows += textwrap.wrap(after, width, initial_indent="Default   ", subsequent_indent=" " * 10)
    if lent := refinancing_sentence(run):
        rows += textwrap.wrap(lent, width, initial_indent="New loan  ", subsequent_indent=" " * 10)
    rows += _borne(run, width) + seller_rows(run, width)
    notes = remarks(run)
    if len(notes) > _MOST_REMARKS:
        left = len(notes) - _MOST_REMARKS + 1
        notes = [*notes[: _MOST_REMARKS - 1], f"{left} more notes are in report.html"]
    for remark in notes:
        rows += textwrap.wrap(remark, width, initial_indent="Note      ", subsequent_indent=" " * 10)
    rows += filed_lines(run, width)
    rows += _checks(run, width) + until_lines(run, width)
    if folder is not None:
        told = f"Saved     {line(folder, 400)}"
        rows.append(f"{told}   {seconds:.1f} s" if seconds is not None else told)
    text = "\n".join(row.replace("\0", " ").rstrip() for row in rows) + "\n"
    return text if unicode else text.translate(_ASCII).encode("ascii", "replace").decode()
