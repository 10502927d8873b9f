"""Builds the page of a programme: its vehicles side by side and together, with links to their reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from spv_sim.report.chart import Chart, Table
from spv_sim.report.headline import Tile
from spv_sim.report.numbers import half_width, show, show_error, show_interval
from spv_sim.report.page import environment, source_of, standing
from spv_sim.report.programme import DEBT, EQUITY, SHARED, TOGETHER, told
from spv_sim.report.text import block, line

TEMPLATE = "programme.html.jinja"
SECTIONS = ("returns", "shares", "defaults")
TIES = {"cross_default": "cross-default", "cross_collateral": "cross-collateral"}


def tiles(run: dict[str, Any]) -> list[Tile]:
    """What all vehicles are together, in four figures."""
    uses = sum(of["total_uses"] for of in run["vehicles"].values())

    def tile(title: str, name: str, under: str, also: str) -> Tile:
        metrics = run["metrics"]
        return Tile(
            title, told(metrics, f"programme.{name}"), f"{under} {told(metrics, f'programme.{also}')}"
        )

    return [
        Tile("Total uses", show(uses, "USD"), f"{len(run['vehicles'])} vehicles"),
        tile("Equity IRR, mean of paths", "equity.irr", "loses money on", "equity.probability_of_loss"),
        tile(
            "Expected loss of all debt", "debt.expected_loss", "a lender loses on", "debt.probability_of_loss"
        ),
        tile(
            "Any vehicle in default",
            "debt.probability_of_any_default",
            "all of them on",
            "debt.probability_of_all_in_default",
        ),
    ]


def vehicles_of(run: dict[str, Any]) -> list[dict[str, str]]:
    """Each vehicle with its deal, its size, its ties and the address of its report."""
    return [
        {
            "vehicle": line(name, 60),
            "deal": line(of.get("name") or "", 120),
            "uses": show(of["total_uses"], "USD"),
            "ties": ", ".join(words for tie, words in TIES.items() if of.get(tie)) or "nothing",
            "href": f"{quote(of['folder'])}/report.html",
        }
        for name, of in run["vehicles"].items()
    ]


def side_by_side(run: dict[str, Any]) -> Table:
    """Equity and debt of each vehicle, and of all together where that has a meaning."""
    vehicles, whole = run["vehicles"], run["metrics"]
    rows = []
    for name, label in EQUITY:
        own = [told(of["metrics"], name) for of in vehicles.values()]
        rows.append((label, *own, told(whole, f"programme.{name}")))
    for rank in range(max(len(of["tranches"]) for of in vehicles.values())):
        for name, label in DEBT:
            own = [
                told(of["metrics"], f"{of['tranches'][rank]}.{name}") if rank < len(of["tranches"]) else "–"
                for of in vehicles.values()
            ]
            whole_of = told(whole, f"programme.debt.{name}") if rank == 0 else "–"
            several = any(len(of["tranches"]) > 1 for of in vehicles.values())
            rows.append((f"{label}, tranche {rank + 1}", *own, "–" if several else whole_of))
    return Table(("", *(line(name, 40) for name in vehicles), "together"), tuple(rows))


def together(run: dict[str, Any]) -> Table:
    """What only all vehicles together have."""
    shares = any(of.get("cross_collateral") for of in run["vehicles"].values())
    rows = []
    for name, label in (*TOGETHER, *([SHARED] if shares else [])):
        found = run["metrics"].get(f"programme.{name}", {})
        unit = str(found.get("unit", ""))
        value = show_error(found.get("value"), half_width(found), unit)
        interval = found.get("ci95") or (None, None)
        rows.append((label, value, show_interval(interval[0], interval[1], unit)))
    return Table(("", "estimate", "95 % interval"), tuple(rows))


def programme_page(run: dict[str, Any], charts: Sequence[Chart]) -> str:
    """The page of a programme as one HTML document.

    Parameters
    ----------
    run : the programme's document, schema `spv-sim/programme@1`.
    charts : figures in the order in which they appear within their sections.
    """
    made = run["manifest"]
    return (
        environment()
        .get_template(TEMPLATE)
        .render(
            name=line(run["scenario"]["name"]),
            description=line(run["scenario"].get("description") or "", 600),
            manifest=made,
            paths=f"{made['paths']:,}",
            tiles=tiles(run),
            vehicles=vehicles_of(run),
            side_by_side=side_by_side(run),
            together=together(run),
            charts={name: [chart for chart in charts if chart.section == name] for name in SECTIONS},
            source=source_of,
            scenario_text=Markup(escape(block(run["scenario"].get("text") or ""))),  # noqa: S704  escaped here
            **standing(made),
        )
    )
