"""Rules of the covenants: a tranche that exists, settings that act, levels in the order of their severity."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from spv_sim.scenario.capital import Capital
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.covenant import CURED, AnyCovenant, interval_of, rank_of, usual_window
from spv_sim.scenario.covenant_collateral import CollateralCovenant, LtvCovenant
from spv_sim.scenario.covenant_contract import RealisationCovenant
from spv_sim.scenario.covenant_dscr import DscrCovenant
from spv_sim.scenario.covenant_liquidity import LiquidityCovenant
from spv_sim.scenario.faults import suggest
from spv_sim.scenario.grid import Grid
from spv_sim.scenario.locate import Path

BELONGS = {"release_after": ("lock_up",), "grace": ("default",), "sweep": ("sweep",), "equity_cures": CURED}
"""Settings that have a meaning only with some consequences."""


def check_covenants(tables: Tables) -> Iterator[Breach]:
    """Each covenant alone, and those of one kind beside each other."""
    capital = tables.take("capital", Capital)
    if capital is None:
        return
    for name, covenant in capital.covenant.items():
        at: Path = ("capital", "covenant", name)
        if not name.strip():
            yield Breach(at, "capital.covenant: a covenant needs a name", "reserved-name", key=True)
        yield from _check_tranche(at, covenant, capital)
        yield from _check_consequence(at, covenant)
        yield from _check_first_test(at, covenant, capital, tables.take("grid", Grid))
        if isinstance(covenant, DscrCovenant | RealisationCovenant):
            yield from _check_window(at, covenant, capital)
        elif isinstance(covenant, CollateralCovenant):
            yield from _check_appraisal(at, covenant)
        elif isinstance(covenant, LiquidityCovenant):
            yield from _check_kept(at, covenant)
        if getattr(covenant, "equity_cures", 0) and capital.equity:
            message = f"{_say(at, 'equity_cures')}: cures by several classes of equity are not simulated"
            yield Breach(
                (*at, "equity_cures"), message, "unsupported", "leave out capital.equity or the cures"
            )
    yield from _check_cover_order(capital)
    yield from _check_ltv_order(capital)


def _say(at: Path, name: str) -> str:
    return ".".join((*map(str, at), name))


def _check_tranche(at: Path, covenant: AnyCovenant, capital: Capital) -> Iterator[Breach]:
    name, tranches = covenant.tranche, capital.tranche
    if name is not None and name not in tranches:
        near = suggest(name, tranches)
        help = f"did you mean {near}?" if near else f"there are: {', '.join(tranches)}"
        message = f"{_say(at, 'tranche')}: there is no tranche {name}"
        yield Breach((*at, "tranche"), message, "unknown-name", help)
        return
    rank = rank_of(covenant, tranches)
    if covenant.blocks_junior and not any(tranche.rank > rank for tranche in tranches.values()):
        message = f"{_say(at, 'blocks_junior')}: no tranche ranks behind those that are tested"
        yield Breach((*at, "blocks_junior"), message)
    beside = [other for other, tranche in tranches.items() if tranche.rank == rank]
    if name is None and covenant.consequence == "sweep" and len(beside) > 1:
        message = f"{_say(at, 'tranche')}: say which of {', '.join(beside)} the cash is swept to"
        yield Breach((*at, "tranche"), message, "missing-key")


def _check_consequence(at: Path, covenant: AnyCovenant) -> Iterator[Breach]:
    fields = type(covenant).model_fields
    for name, consequences in BELONGS.items():
        if name not in fields or covenant.consequence in consequences:
            continue
        if getattr(covenant, name) != fields[name].default:
            words = " or ".join(f'"{word}"' for word in consequences)
            message = f"{_say(at, name)} has a meaning only with consequence = {words}"
            yield Breach((*at, name), message, key=True)


def _check_first_test(
    at: Path, covenant: AnyCovenant, capital: Capital, grid: Grid | None
) -> Iterator[Breach]:
    """A test that begins when the debt has matured never takes place."""
    if grid is None or not covenant.first_test or covenant.tranche not in (None, *capital.tranche):
        return
    rank = rank_of(covenant, capital.tranche)
    tested = [tranche.tenor for tranche in capital.tranche.values() if tranche.rank <= rank]
    maturity = grid.construction + max(tested)
    if covenant.first_test >= maturity:
        message = (
            f"{_say(at, 'first_test')}: month {covenant.first_test} is not before month {maturity}, in which "
            "the debt that is tested matures"
        )
        yield Breach((*at, "first_test"), message)


def _check_kept(at: Path, covenant: LiquidityCovenant) -> Iterator[Breach]:
    """A minimum liquidity says how much."""
    if covenant.minimum is None and covenant.debt_service is None:
        message = f"{_say(at, 'minimum')}: say what is to be kept, by minimum or debt_service"
        yield Breach((*at, "minimum"), message, "missing-key", help='add `minimum = "50 m USD"`')


def _check_window(
    at: Path, covenant: DscrCovenant | RealisationCovenant, capital: Capital
) -> Iterator[Breach]:
    every = usual_window(covenant, capital.tranche)
    if covenant.window is not None and every > 0 and covenant.window % every:
        periods = f"a whole number of debt periods of {every}"
        message = f"{_say(at, 'window')}: {covenant.window} months are not {periods}"
        yield Breach((*at, "window"), message)


def _check_appraisal(at: Path, covenant: CollateralCovenant) -> Iterator[Breach]:
    if covenant.appraisal == "market" and covenant.depreciated_cost is not None:
        message = f'{_say(at, "depreciated_cost")} has a meaning only with appraisal = "depreciated_cost"'
        yield Breach((*at, "depreciated_cost"), message, key=True)
    if covenant.appraisal == "depreciated_cost" and covenant.haircut:
        message = f'{_say(at, "haircut")} has a meaning only with appraisal = "market"'
        yield Breach((*at, "haircut"), message, key=True)
    is_ltv = isinstance(covenant, LtvCovenant)
    if is_ltv and covenant.appraisal == "depreciated_cost" and covenant.depreciated_cost is None:
        message = f'{_say(at, "depreciated_cost")} is required with appraisal = "depreciated_cost"'
        help = 'add `depreciated_cost = ["90 %", "70 %", "50 %"]`'
        yield Breach((*at, "depreciated_cost"), message, "missing-key", help)


def _check_cover_order(capital: Capital) -> Iterator[Breach]:
    """A default level above that of the lock-up on the same measure leaves the lock-up nothing to do."""
    tests = [(n, of) for n, of in capital.covenant.items() if isinstance(of, DscrCovenant)]
    locks = {
        measure_of(covenant, capital): (f"capital.covenant.{name}", covenant.level)
        for name, covenant in tests
        if covenant.consequence == "lock_up"
    }
    for name, tranche in capital.tranche.items():
        if tranche.lock_up_dscr is not None:
            told = (f"capital.tranche.{name}.lock_up_dscr", tranche.lock_up_dscr)
            every = interval_of(capital.tranche, tranche.rank)
            locks.setdefault((tranche.rank, "historic", every), told)
    for name, covenant in tests:
        lock, level = locks.get(measure_of(covenant, capital), ("", 0.0))
        if covenant.consequence == "default" and lock and covenant.level > level:
            at: Path = ("capital", "covenant", name)
            message = (
                f"{_say(at, 'level')}: a default at {covenant.level:g}x comes before the lock-up at "
                f"{level:g}x of {lock}"
            )
            yield Breach((*at, "level"), message, help="lower it, or raise the level of the lock-up")


def measure_of(covenant: DscrCovenant, capital: Capital) -> tuple[int, str, int]:
    """What a covenant measures: the rank down to which, past or ahead, over how many months."""
    usual = usual_window(covenant, capital.tranche) if covenant.basis == "historic" else 12
    return rank_of(covenant, capital.tranche), covenant.basis, covenant.window or usual


def _check_ltv_order(capital: Capital) -> Iterator[Breach]:
    """A default at a lower loan to value than a milder consequence of the same appraisal comes first."""
    tests = [(n, of) for n, of in capital.covenant.items() if isinstance(of, LtvCovenant)]
    for name, covenant in tests:
        if covenant.consequence != "default":
            continue
        for other, milder in tests:
            same = rank_of(covenant, capital.tranche) == rank_of(milder, capital.tranche) and all(
                getattr(covenant, field) == getattr(milder, field)
                for field in ("appraisal", "haircut", "depreciated_cost")
            )
            if not same or milder.consequence == "default":
                continue
            for ours, theirs in zip_longest(covenant.level, milder.level):
                low = covenant.level[-1] if ours is None else ours
                high = milder.level[-1] if theirs is None else theirs
                if low < high:
                    at: Path = ("capital", "covenant", name)
                    then = f"the {milder.consequence} at {high:.4g} of capital.covenant.{other}"
                    message = f"{_say(at, 'level')}: a default at {low:.4g} comes before {then}"
                    yield Breach((*at, "level"), message, help="raise it, or lower the other level")
                    break
