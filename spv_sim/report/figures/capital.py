"""Draws who pays for what at closing."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from spv_sim.report.chart import Chart, Table
from spv_sim.report.material import Material
from spv_sim.report.numbers import show
from spv_sim.report.style import CYCLE, HATCHES, label, panels, styled, svg, tick_text
from spv_sim.report.text import line

_MOST = 8
_NAMED_FROM = 0.09  # share of the total from which a segment can hold its own name


def fitted(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries that a bar can tell apart: the first and the last of them, the sum of those between."""
    if len(entries) <= _MOST:
        return entries
    first, between, last = entries[: _MOST - 3], entries[_MOST - 3 : -2], entries[-2:]
    amount = sum(float(entry["amount"]) for entry in between)
    return [*first, {"name": f"{len(between)} others", "amount": amount}, *last]


def _stack(
    axes: Axes, at: float, entries: list[dict[str, Any]], total: float, scale: float, first: int
) -> list[Patch]:
    left, keys = 0.0, []
    for index, entry in enumerate(entries):
        amount = float(entry["amount"])
        color, hatch = CYCLE[(first + index) % len(CYCLE)], HATCHES[index % len(HATCHES)]
        axes.barh(
            at,
            amount * scale,
            left=left * scale,
            height=0.56,
            color=color,
            hatch=hatch,
            edgecolor="white",
            lw=0.6,
        )
        if amount >= _NAMED_FROM * total:
            axes.text(
                (left + amount / 2) * scale,
                at,
                f"{label(entry['name'], 18)}\n{show(amount / total, 'share')}",
                ha="center",
                va="center",
                fontsize=9.0,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 2.0},
            )
        keys.append(
            Patch(
                facecolor=color,
                hatch=hatch,
                edgecolor="white",
                label=f"{label(entry['name'], 24)}, {show(amount, 'USD')}",
            )
        )
        left += amount
    return keys


@styled
def sources_and_uses(run: dict[str, Any], material: Material) -> Chart | None:
    """Uses over sources as two stacked bars of the same length."""
    closing = run["closing"]
    uses = [entry for entry in closing.get("uses", []) if float(entry["amount"]) > 0.0]
    sources = [entry for entry in closing.get("sources", []) if float(entry["amount"]) > 0.0]
    total = sum(float(entry["amount"]) for entry in uses)
    if not uses or not sources or not total > 0.0:
        return None
    paid = sum(float(entry["amount"]) for entry in sources)
    payers = [f"{line(entry['name'], 28)} ({show(entry['amount'] / paid, 'share')})" for entry in sources]
    if len(sources) > 4:
        payers = [*payers[:2], f"{len(sources) - 3} others", payers[-1]]
    who = " and ".join([", ".join(payers[:-1]), payers[-1]] if len(payers) > 1 else payers)
    finding = f"{show(total, 'USD')} of uses are paid by {who}"
    scale, unit = (1e-9, "bn USD") if total >= 1e9 else (1e-6, "m USD") if total >= 1e6 else (1.0, "USD")
    figure, (axes,) = panels(label(finding, 200), height=3.4)
    keys = _stack(axes, 1.0, fitted(uses), total, scale, 0) + _stack(
        axes, 0.0, fitted(sources), paid, scale, 4
    )
    axes.set_yticks([1.0, 0.0], ["uses", "sources"])
    axes.set_ylim(-0.5, 1.5)
    axes.set_xlim(0.0, max(total, paid) * scale * 1.01)
    axes.set_xlabel(unit)
    axes.grid(visible=False, axis="y")
    tick_text(axes.xaxis, 1.0)
    figure.legend(handles=keys, loc="lower left", ncols=3, frameon=False, borderaxespad=0.1)
    rows = [
        (
            f"use: {line(entry['name'], 60)}",
            show(entry["amount"], "USD"),
            show(entry["amount"] / total, "share"),
        )
        for entry in uses
    ]
    rows.append(("total uses", show(total, "USD"), show(1.0, "share")))
    rows += [
        (
            f"source: {line(entry['name'], 60)}",
            show(entry["amount"], "USD"),
            show(entry["amount"] / total, "share"),
        )
        for entry in sources
    ]
    rows.append(("total sources", show(paid, "USD"), show(paid / total, "share")))
    return Chart(
        name="sources-and-uses",
        section="capital",
        finding=finding,
        reading="Money in and out at closing and during construction; the two bars must be equally long.",
        alt=f"Two stacked bars, uses and sources. {finding}.",
        svg=svg(figure),
        table=Table(("item", "amount", "share of uses"), tuple(rows)),
    )
