"""Lays results out as tables of ready text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from spv_sim.report.chart import Table
from spv_sim.report.headline import quantile, with_error
from spv_sim.report.labels import title
from spv_sim.report.numbers import MISSING, half_width, is_number, plain_number, show, show_interval, suffix
from spv_sim.report.text import line

PUBLISHED = "published."
SHARED = frozenset(("lost_value", "loss_share", "tail_loss_share_95", "unexpected_loss_95", "variance_share"))
"""Metrics of the loss that stakeholders share, shown beside their figure."""

_LEVELS = (0.05, 0.1, 0.5, 0.9, 0.95)


def bare(value: object, unit: str = "") -> str:
    """A value with its unit, or with four digits where it has none."""
    if unit:
        return show(value, unit)
    return f"{value:,.4g}".replace("-", "−") if is_number(value) else MISSING


SIDE_BY_SIDE = (
    ("P(loss)", "probability_of_loss"),
    ("P(event of default)", "probability_of_event_of_default"),
    ("expected loss", "expected_loss"),
    ("in present value", "expected_loss_pv"),
    ("loss given default", "loss_given_default"),
    ("expected shortfall, 95 %", "expected_shortfall_95"),
    ("average life", "wal"),
    ("yield", "yield"),
    ("yield loss", "yield_loss"),
)
"""Columns of the table of tranches: heading and metric."""


def tranches_table(run: dict[str, Any], tranches: Sequence[str]) -> Table:
    """The measures of each tranche in a row; no rows where there is nothing to compare."""
    if len(tranches) < 2:
        return Table((), ())
    rows = tuple(
        (
            line(tranche, 40),
            show(run["closing"].get("tranche", {}).get(tranche, {}).get("commitment"), "USD"),
            *(with_error(run, f"{tranche}.{name}") for _, name in SIDE_BY_SIDE),
        )
        for tranche in tranches
    )
    return Table(("tranche", "commitment", *(heading for heading, _ in SIDE_BY_SIDE)), rows)


def metrics_table(run: dict[str, Any], prefixes: Iterable[str], *, shared: bool = False) -> Table:
    """Every metric of some stakeholders: estimate, interval, percentiles over paths.

    Parameters
    ----------
    run : the run document.
    prefixes : names of the stakeholders.
    shared : show their parts of the deal's loss, or else everything but these.
    """
    holders = frozenset(prefixes)
    rows = []
    for name, found in run["metrics"].items():
        holder, _, measured = name.rpartition(".")
        if holder not in holders or (measured in SHARED) != shared:
            continue
        unit, ends = str(found.get("unit", "")), found.get("ci95") or (None, None)
        spots = [quantile(found, level) for level in _LEVELS]
        told = (found.get("value"), half_width(found))
        size = _size(told if is_number(told[0]) else spots)
        rows.append(
            (
                title(name),
                with_error(run, name),
                show_interval(ends[0], ends[1], unit),
                *(MISSING if spot is None else plain_number(spot, unit, size=size) for spot in spots),
            )
        )
    return Table(
        ("metric", "estimate ± 95 %", "95 % interval", *(f"P{100 * level:.0f}" for level in _LEVELS)),
        tuple(rows),
    )


def _size(spots: Iterable[object]) -> float:
    return max((abs(float(spot)) for spot in spots if is_number(spot)), default=0.0)


def band_interval(found: dict[str, Any]) -> str:
    """The bands at the ends of the 95 % interval of the expected loss: `Baa3 to Ba1`."""
    low, high = found.get("ci95") or (None, None)
    if not low or not high:
        return MISSING
    return line(low, 20) if low == high else f"{line(low, 20)} to {line(high, 20)}"


def bands_table(run: dict[str, Any]) -> Table:
    """The idealised-loss band of each tranche with what it is read from."""
    rows = tuple(
        (
            title(name),
            line(found.get("value") or MISSING, 20),
            band_interval(found),
            show(found.get("expected_loss_pv"), "share"),
            show(found.get("wal"), "years"),
            line(found.get("note") or "", 240),
        )
        for name, found in run.get("bands", {}).items()
    )
    return Table(("tranche", "band", "95 % interval", "expected loss, PV", "average life", "note"), rows)


def base_table(run: dict[str, Any]) -> Table:
    """The base case beside the expected value of the same metric, which is not the same thing."""
    rows = tuple(
        (
            title(name).removesuffix(", median"),
            show(found.get("value"), str(found.get("unit", ""))),
            with_error(run, name) if name in run["metrics"] else MISSING,
        )
        for name, found in run["base_case"].get("metrics", {}).items()
    )
    return Table(
        ("metric", line(run["base_case"].get("label", "base case, no default")), "over all paths ± 95 %"),
        rows,
    )


def checks_table(run: dict[str, Any]) -> Table:
    """Checks of the run on itself."""
    rows = tuple(
        (
            line(check["name"], 80),
            "ok" if check["passed"] else "FAILED",
            bare(check.get("value"), str(check.get("unit") or "")),
            bare(check.get("expected"), str(check.get("unit") or "")),
            bare(check.get("tolerance"), str(check.get("unit") or "")),
            line(check.get("detail") or "", 240),
        )
        for check in run["checks"]
        if not check["name"].startswith(PUBLISHED)
    )
    return Table(("check", "result", "value", "expected", "tolerance", "what is compared"), rows)


def beside(check: dict[str, Any], part: str) -> str:
    """A part of a check with the digits that its tolerance asks for."""
    unit, tolerance = str(check.get("unit") or ""), check.get("tolerance")
    error = float(tolerance) / 5 if is_number(tolerance) else math.nan
    return plain_number(check.get(part), unit, error=error) + suffix(unit)


def published_table(run: dict[str, Any]) -> Table:
    """Base case values under stated overrides against published terms."""
    rows = tuple(
        (
            line(check["name"].removeprefix(PUBLISHED), 80),
            "ok" if check["passed"] else "DIFFERS",
            beside(check, "value"),
            beside(check, "expected"),
            beside(check, "tolerance"),
            line(check.get("detail") or "", 400),
        )
        for check in run["checks"]
        if check["name"].startswith(PUBLISHED)
    )
    return Table(("published term", "result", "model", "published", "tolerance", "source"), rows)


def capital_table(run: dict[str, Any]) -> Table:
    """What the closing says of each tranche."""
    units = {
        "commitment": "USD",
        "net_proceeds": "USD",
        "advance_rate": "share",
        "share_of_uses": "share",
        "debt_share": "share",
        "reserve": "USD",
        "debt_service_first": "USD",
        "gearing": "share",
        "coupon": "1/year",
        "margin": "1/year",
        "floor": "1/year",
        "hedge_share": "share",
        "swap_rate": "1/year",
        "cap_rate": "1/year",
        "cap_premium": "USD",
        "dsra": "USD",
        "upfront_fee": "USD",
        "maturity": "months",
        "refinanced_in": "months",
        "new_loan_maturity": "months",
        "new_loan_coupon": "1/year",
        "new_loan_spread": "1/year",
        "case_face": "USD",
        "case_face_error": "USD",
        "letter_of_credit": "USD",
    }
    named = {"case_face": "face of the sizing case", "case_face_error": "its standard error"}
    rows = tuple(
        (
            line(name, 60),
            line(named.get(key, str(key).replace("_", " ")), 60),
            bare(value, units.get(key, "")) if is_number(value) else line(str(value).upper(), 20),
        )
        for name, told in run["closing"].get("tranche", {}).items()
        for key, value in told.items()
        if is_number(value) or key == "sizing_case"
    )
    return Table(("tranche", "term", "value"), rows)


def inputs_table(run: dict[str, Any]) -> Table:
    """Every setting with its value and where it was set."""
    return Table(
        ("setting", "value", "meaning", "set in"),
        tuple(
            (
                line(entry["key"]),
                line(entry["value"], 200),
                line(entry.get("title") or "", 200),
                origin(entry.get("origin")),
            )
            for entry in run["scenario"].get("settings", [])
        ),
    )


def origin(told: object) -> str:
    """Where a setting comes from: `default`, `--set`, or file and line."""
    if not isinstance(told, dict):
        return line(told or "default")
    kind = told.get("kind", "default")
    if kind == "file":
        place = line(
            PurePath(line(told.get("file") or "file", 400)).name
        )  # a report tells no folder of its maker
        return f"{place}:{told['line']}" if told.get("line") else place
    return "--set" if kind == "set" else line(kind)
