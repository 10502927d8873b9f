"""Says the result in five numbers and two sentences made from the numbers by rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from spv_sim.report.labels import title
from spv_sim.report.numbers import MISSING, half_width, is_number, show, show_error
from spv_sim.report.text import line
from spv_sim.report.tranches import fit, left_out

OF_SHARED_LOSS = frozenset(("loss_share", "tail_loss_share_95", "unexpected_loss_95", "variance_share"))
"""Metrics of the loss that stakeholders share, whose notes are the same for all of them."""

MOST_TILES, MOST_SENTENCES = 6, 4
"""Tranches with a tile, with a sentence."""

Metric = dict[str, Any]


@dataclass(frozen=True)
class Tile:
    """One key number: its title, the value with its error, and a line under it."""

    title: str
    value: str
    under: str


def metric(run: dict[str, Any], name: str) -> Metric:
    """A metric of the run; empty where the run does not have it."""
    found = run["metrics"].get(name)
    return found if isinstance(found, dict) else {}


def with_error(run: dict[str, Any], name: str) -> str:
    """A metric as `value ± half-width of its 95 % interval`."""
    found = metric(run, name)
    return show_error(found.get("value"), half_width(found), str(found.get("unit", "")))


def quantile(found: Metric, level: float) -> object:
    """A quantile of a metric's distribution over paths; None where it is not told, as for a probability."""
    for key, entry in (found.get("quantiles") or {}).items():
        if abs(float(key) - level) < 1e-9:
            return entry.get("value") if isinstance(entry, dict) else entry
    return None


def spread(found: Metric) -> str:
    """`P10 −3.0 %/year, median …, P90 …` of a metric."""
    unit = str(found.get("unit", ""))
    named = (("P10", 0.1), ("median", 0.5), ("P90", 0.9))
    told = [
        f"{name} {show(value, unit)}"
        for name, level in named
        if (value := quantile(found, level)) is not None
    ]
    return ", ".join(told)


def tiles(run: dict[str, Any], tranches: Sequence[str]) -> list[Tile]:
    """Equity IRR, equity multiple, minimum cover; of one lender the chance of loss and the expected loss.

    Of several lenders each has a tile with both, as far as there is room.
    """
    irr, moic, cover = (metric(run, name) for name in ("equity.irr", "equity.moic", "spv.min_dscr"))
    told = [
        Tile("Equity IRR, mean of paths", with_error(run, "equity.irr"), spread(irr)),
        Tile("Equity multiple, mean", with_error(run, "equity.moic"), spread(moic)),
        Tile("Lowest DSCR, mean of paths", with_error(run, "spv.min_dscr"), spread(cover)),
    ]
    if len(tranches) == 1:
        return told + _lender_tiles(run, tranches[0])
    shown, more = fit(tranches, MOST_TILES)
    for tranche in shown:
        chance = with_error(run, f"{tranche}.probability_of_loss")
        under = f"loses money on {chance} of paths" if chance != MISSING else ""
        loss = f"{tranche}.expected_loss"
        told.append(Tile(title(loss), with_error(run, loss), under))
    if more:
        told[-1] = replace(told[-1], under=f"{told[-1].under}; {left_out(more)} below".removeprefix("; "))
    return told


def _lender_tiles(run: dict[str, Any], tranche: str) -> list[Tile]:
    chance = with_error(run, "lessee.default_probability")
    dollars = with_error(run, f"{tranche}.expected_loss_usd")
    return [
        Tile(
            title(f"{tranche}.probability_of_loss"),
            with_error(run, f"{tranche}.probability_of_loss"),
            f"lessee defaults on {chance}" if chance != MISSING else "",
        ),
        Tile(
            title(f"{tranche}.expected_loss"),
            with_error(run, f"{tranche}.expected_loss"),
            f"of the commitment, {dollars}" if dollars != MISSING else "of the commitment",
        ),
    ]


def _equity_sentence(run: dict[str, Any]) -> str:
    irr = metric(run, "equity.irr")
    words = f"Equity earns {with_error(run, 'equity.irr')} on average over the paths"
    if is_number(metric(run, "equity.irr_of_mean_cash_flow").get("value")):
        words += f" and {with_error(run, 'equity.irr_of_mean_cash_flow')} on its expected cash flow"
    if (median := quantile(irr, 0.5)) is not None:
        words += f" (median path {show(median, '1/year')})"
    loss, all_lost = (
        metric(run, "equity.probability_of_loss"),
        metric(run, "equity.probability_of_total_loss"),
    )
    if is_number(loss.get("value")):
        words += f"; {with_error(run, 'equity.probability_of_loss')} of paths return less than was paid in"
        if is_number(all_lost.get("value")):
            nothing = (
                with_error(run, "equity.probability_of_total_loss") if all_lost["value"] > 0.0 else "none"
            )
            words += f" and {nothing} return nothing"
    return words + "."


def _lender_sentence(run: dict[str, Any], tranche: str) -> str:
    name = line(tranche, 40)
    chance = metric(run, f"{tranche}.probability_of_loss")
    count = chance.get("count")
    if not is_number(chance.get("value")):
        return f"The loss of the {name} tranche was not estimated."
    if chance["value"] == 0.0:
        ends = chance.get("ci95") or (None, None)
        bound = (
            f" (95 % interval up to {show(ends[1], 'share')})" if is_number(ends[1]) and ends[1] > 0 else ""
        )
        paths = f" of {count:,}" if is_number(count) else ""
        return f"The {name} tranche is repaid in full on every path{paths}{bound}."
    words = f"The {name} tranche loses money on {with_error(run, f'{tranche}.probability_of_loss')} of paths"
    words += f", on which it loses {with_error(run, f'{tranche}.loss_given_default')} of its commitment"
    return words + f", so that its expected loss is {with_error(run, f'{tranche}.expected_loss')}."


def sentences(run: dict[str, Any], tranches: Sequence[str]) -> tuple[str, ...]:
    """What equity earns and what each lender loses, as far as there is room, in one plain sentence each."""
    shown, more = fit(tranches, MOST_SENTENCES)
    told = [_equity_sentence(run), *(_lender_sentence(run, tranche) for tranche in shown)]
    if more:
        told.append(f"The tables tell the same of {more} more tranche{'s' if more > 1 else ''}.")
    return tuple(told)


def remarks(run: dict[str, Any]) -> list[str]:
    """What a reader must know: two peaks, undefined values, warnings of the closing and of the bands."""
    told = []
    lost = metric(run, "equity.probability_of_total_loss").get("value")
    if is_number(lost) and lost >= 0.01:
        told.append(f"Equity IRR is two-peaked: {show(lost, 'share')} of paths lose all and count as −100 %.")
    for name, found in run["metrics"].items():
        note = found.get("note") if isinstance(found, dict) else None
        if note:
            shared = name.rpartition(".")[2] in OF_SHARED_LOSS
            told.append(f"{'Shares of the deal loss' if shared else title(name)}: {line(note, 200)}")
    told = list(dict.fromkeys(told))
    warnings = (*run["scenario"].get("warnings", []), *run["closing"].get("warnings", []))
    told += [line(warning, 300) for warning in warnings]
    bands = run.get("bands", {}).values()
    told += dict.fromkeys(line(found["warning"], 300) for found in bands if found.get("warning"))
    return told
