"""Rules between tranches and between classes of equity: every size said, once, and within the uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from spv_sim.scenario.capital import Capital, Tranche
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.grid import Grid
from spv_sim.scenario.locate import Path
from spv_sim.scenario.rates import Rates
from spv_sim.scenario.rules_tranche import SUM_TOLERANCE

ONE_TRANCHE = ("debt_share", "advance_rate")
"""Sizes that the table of the whole capital may say where it has one tranche."""
SIZES = ("debt_share", "advance_rate", "commitment", "target_dscr", "max_ltv")


def check_sizes(tables: Tables) -> Iterator[Breach]:
    """Each tranche has a size, and what is said in shares fits into the uses."""
    capital = tables.take("capital", Capital)
    if capital is None:
        return
    said = [name for name in ONE_TRANCHE if getattr(capital, name) is not None]
    yield from _check_one_tranche(capital, said)
    if len(capital.tranche) > 1 and not said:
        for name, tranche in capital.tranche.items():
            if not _is_sized(tranche):
                message = f"capital.tranche.{name} needs a size: one or several of {', '.join(SIZES)}"
                yield Breach(("capital", "tranche", name, SIZES[0]), message, "missing-key")
    yield from _check_intervals(capital)
    yield from _check_room(capital)
    yield from _check_pari(capital)
    for name, tranche in capital.tranche.items():
        if tranche.availability is not None and capital.funding != "pro_rata":
            message = (
                f"capital.tranche.{name}.availability goes with pro-rata funding only; "
                f'capital.funding is "{capital.funding}"'
            )
            yield Breach(("capital", "tranche", name, "availability"), message, key=True)


def check_contingent_equity(tables: Tables) -> Iterator[Breach]:
    """It is left out only where interest up to COD could differ from its budget."""
    capital, rates = tables.take("capital", Capital), tables.take("rates", Rates)
    grid = tables.take("grid", Grid)
    if capital is None or capital.contingent_equity:
        return
    floats = any(tranche.base_rate is not None for tranche in capital.tranche.values())
    moves = not tables.lacks("rates") and (rates is None or rates.model == "hull_white")
    if not floats or not moves or (grid is not None and grid.construction == 0):
        message = (
            "capital.contingent_equity: false has a meaning only with a floating tranche, "
            'rates.model = "hull_white" and grid.construction'
        )
        yield Breach(("capital", "contingent_equity"), message, key=True)


def _check_intervals(capital: Capital) -> Iterator[Breach]:
    """The first rank sets the payment dates; who ranks behind may pay on some of them alone.

    What is left between dates on which all pay stays in the accounts, so that nothing need be set aside for
    a tranche behind; for one of the first rank it would have to be.
    """
    rank = min(tranche.rank for tranche in capital.tranche.values())
    first = next(name for name, tranche in capital.tranche.items() if tranche.rank == rank)
    every = capital.tranche[first].payment_every
    if every <= 0:
        return
    for name, tranche in capital.tranche.items():
        months, at = tranche.payment_every, ("capital", "tranche", name)
        if months == every:
            continue
        key = f"capital.tranche.{name}"
        if tranche.rank == rank or months % every:
            message = (
                f"{key}.payment_every: every {months} months, but capital.tranche.{first} pays every "
                f"{every}; only a tranche that ranks behind may pay less often, on some of its dates"
            )
            help = "give all tranches one payment_every"
            yield Breach((*at, "payment_every"), message, help=help)
            continue
        refused = {
            "base_rate": tranche.base_rate is not None and "a floating coupon",
            "dsra_kind": tranche.dsra_kind == "letter_of_credit" and "a letter of credit",
            "target_dscr": tranche.target_dscr is not None and "a size or profile by target_dscr",
        }
        for setting, words in refused.items():
            if words:
                message = f"{key}.{setting}: {words} goes with the payment dates of the first rank alone"
                yield Breach((*at, setting), message, "unsupported", key=True)
        pilot = next((name for name, of in capital.tranche.items() if of.sizing_case != "base"), None)
        if pilot is not None:
            message = f"capital.tranche.{pilot}.sizing_case: simulated cases need one payment interval"
            yield Breach(("capital", "tranche", pilot, "sizing_case"), message, "unsupported")
        again = next((name for name, of in capital.tranche.items() if of.refinance is not None), None)
        if again is not None:
            message = f"capital.tranche.{again}.refinance: a new loan needs one payment interval"
            yield Breach(("capital", "tranche", again, "refinance"), message, "unsupported", key=True)
        if capital.equity:
            message = f"{key}.payment_every: classes of equity need one payment interval"
            yield Breach((*at, "payment_every"), message, "unsupported")


def _is_sized(tranche: Tranche) -> bool:
    return any(getattr(tranche, name) is not None for name in SIZES)


def _check_one_tranche(capital: Capital, said: list[str]) -> Iterator[Breach]:
    for name in said if len(capital.tranche) > 1 else ():
        message = f"capital.{name} sizes one tranche and there are {len(capital.tranche)}"
        help = "give each tranche a size of its own, as in capital.tranche.<name>.debt_share"
        yield Breach(("capital", name), message, key=True, help=help)
    if len(capital.tranche) != 1:
        return
    ((name, tranche),) = capital.tranche.items()
    if not said and not _is_sized(tranche):
        message = f"capital needs one of {', '.join(ONE_TRANCHE)}, or its tranche a size of its own"
        yield Breach(("capital", ONE_TRANCHE[0]), message, "missing-key")
    for size in said:
        if getattr(tranche, size) is not None:
            message = f"capital.tranche.{name}.{size} and capital.{size} exclude each other; keep one"
            yield Breach(("capital", "tranche", name, size), message, "exactly-one", key=True)


def _check_room(capital: Capital) -> Iterator[Breach]:
    shares = {name: tranche.debt_share for name, tranche in capital.tranche.items() if tranche.debt_share}
    total, room = sum(shares.values()), 1 - capital.min_equity
    if total > room + SUM_TOLERANCE:
        at: Path = ("capital", "tranche", list(shares)[-1], "debt_share")
        key = ".".join(map(str, at))
        message = f"{key}: the debt shares sum to {total:.4%} of the uses and {room:.4%} is left"
        yield Breach(at, message, help="lower a share or capital.min_equity")


def _check_pari(capital: Capital) -> Iterator[Breach]:
    targets: dict[int, dict[tuple[float, str], str]] = defaultdict(dict)
    for name, tranche in capital.tranche.items():
        if tranche.target_dscr is None:
            continue
        beside = targets[tranche.rank]
        beside.setdefault((tranche.target_dscr, tranche.sizing_case), name)
        if len(beside) > 1:
            (target, case), first = next(iter(beside.items()))
            message = (
                f"capital.tranche.{name}.target_dscr: tranches of one rank share target and case, and that "
                f"of capital.tranche.{first} is {target:g}x of {case}"
            )
            yield Breach(("capital", "tranche", name, "target_dscr"), message)
            return


def check_equity(tables: Tables) -> Iterator[Breach]:
    """The classes share the whole equity, and preferred equity says its rate."""
    capital = tables.take("capital", Capital)
    if capital is None or not capital.equity:
        return
    total = sum(held.share for held in capital.equity.values())
    if abs(total - 1) > SUM_TOLERANCE:
        name = list(capital.equity)[-1]
        message = f"capital.equity.{name}.share: the shares sum to {total:.4%} and not to 100 %"
        yield Breach(("capital", "equity", name, "share"), message)
    for name, held in capital.equity.items():
        at: Path = ("capital", "equity", name, "rate")
        if held.kind == "preferred" and held.rate is None:
            message = f'capital.equity.{name}.rate is required with kind = "preferred"'
            yield Breach(at, message, "missing-key")
        for setting in held.model_fields_set.intersection(held.idle):
            message = f'capital.equity.{name}.{setting} has a meaning only with kind = "preferred"'
            yield Breach(("capital", "equity", name, setting), message, key=True)
    if not any(held.kind == "common" and held.share > 0 for held in capital.equity.values()):
        name = next(iter(capital.equity))
        message = f"capital.equity.{name}.kind: one class at least is common, and takes what is left"
        yield Breach(("capital", "equity", name, "kind"), message)


def check_promote(tables: Tables) -> Iterator[Breach]:
    """The carry goes to a class of common equity, and a catch-up catches up."""
    capital = tables.take("capital", Capital)
    if capital is None or capital.promote is None:
        return
    promote, manager = capital.promote, capital.equity.get(capital.promote.to)
    if manager is None or manager.kind != "common":
        known = ", ".join(name for name, held in capital.equity.items() if held.kind == "common")
        message = f'capital.promote.to: "{promote.to}" is not a class of common equity'
        help = f"one of {known}" if known else "name the classes in [capital.equity.<name>]"
        yield Breach(("capital", "promote", "to"), message, help=help)
    if 0 < promote.catch_up <= promote.carry:
        message = (
            f"capital.promote.catch_up: {promote.catch_up:.4g} does not catch up with a carry of "
            f"{promote.carry:.4g}; it is 0 or above the carry"
        )
        yield Breach(("capital", "promote", "catch_up"), message)
