"""Each identity told from outside is silent on sound paths and loud on a planted fault of known size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from spv_sim.closing.close import close
from tests.closing.deals import base
from tests.identities import EXACT
from tests.identities_lease import IDENTITIES, holds
from tests.paths import Array, Paths, run_paths

PATHS = 16
NOISE = ("credit.hazard=30 %/year", "gpu_price.volatility=30 %/sqrt(year)", "workout.mode=remarket")
CLASSES = tuple(
    f"capital.equity.{name}={{share=0.5, kind='{kind}'{more}}}"
    for name, kind, more in (("first", "common", ""), ("second", "preferred", ", rate='10 %'"))
)
DEALS = {
    "y": ("y-base", NOISE),
    "classes": ("y-base", (*NOISE, *CLASSES)),
    "failing": ("y-base", (*NOISE, "fleet.failures.annual_rate=10 %", "lease.hell_or_high_water=false")),
}
SIZE = 1e-6
"""Of each fault, as a share of the total uses: a thousand times what counts as nothing."""


@cache
def sound(deal: str) -> Paths:
    """Some paths of a deal, some with a default."""
    name, sets = DEALS[deal]
    return run_paths(close(base(name, *sets)), PATHS)


def plant(paths: Paths, row: str, where: Callable[[Paths], Array], size: float | None = None) -> Paths:
    """The paths with an amount added to a row in the first month in which that makes a difference."""
    spots = np.argwhere(where(paths))
    assert len(spots), "the fault has no place; choose another deal"
    changed = paths.ledger[row].copy()
    changed[tuple(spots[0])] += SIZE * paths.uses if size is None else size
    return replace(paths, ledger=paths.ledger | {row: changed})


def paid(row: str) -> Callable[[Paths], Array]:
    """Where something is paid before the last month, while the debt performs."""
    return lambda paths: (paths.ledger[row] > 1) & ~paths.in_default & (paths.months < paths.months[-1])


def anywhere(paths: Paths) -> Array:
    """Every month of every path."""
    return np.ones_like(paths.ledger["rent"], dtype=bool)


def after_rejection(paths: Paths) -> Array:
    """Months of a rejected lease."""
    return paths.months > paths.rejected_in


FAULTS = [
    ("I2", "y", "rent", anywhere),
    ("I2", "y", "equity_cure", anywhere),
    ("I3", "y", "dsra", paid("rent")),
    ("I4", "y", "senior.debt", anywhere),
    ("I4", "y", "senior.principal_paid", paid("rent")),
    ("I5", "y", "mezz.interest_due", paid("mezz.interest_due")),
    ("I5", "y", "senior.interest_arrears", anywhere),
    ("I6", "y", "mezz.prepaid", paid("rent")),
    ("I8", "y", "costs_due", paid("dist")),
    ("I8", "y", "senior.interest_due", paid("dist")),
    ("I9", "y", "rent", paid("rent")),
    ("I9", "y", "rent", after_rejection),
    ("I9", "failing", "rent", paid("rent")),
    ("I11", "y", "dist", anywhere),
    ("I11", "y", "sale", anywhere),
    ("I12", "classes", "second.dist", paid("dist")),
    ("I14", "y", "dsra", lambda paths: paths.on_date & ~paths.in_default),
    ("I16", "y", "rent", after_rejection),
    ("flows", "y", "mezz.interest_paid", anywhere),
    ("flows", "classes", "second.dist", anywhere),
    ("columns", "y", "claim", anywhere),
    ("columns", "y", "dist", anywhere),
    ("columns", "y", "locked", anywhere),
]


@pytest.mark.parametrize("deal", DEALS)
def test_sound_paths_are_silent(deal: str) -> None:
    holds(sound(deal))


@pytest.mark.parametrize(("identity", "deal", "row", "where"), FAULTS)
def test_a_planted_fault_is_seen(identity: str, deal: str, row: str, where: Callable[[Paths], Array]) -> None:
    months = 1 if identity not in ("I6", "I11", "columns") else len(sound(deal).months)
    found = IDENTITIES[identity](plant(sound(deal), row, where))
    assert found == pytest.approx(SIZE / months, rel=1e-3) or found > EXACT


def test_sources_that_do_not_meet_the_uses_are_seen() -> None:
    paths = sound("y")
    capital, table = paths.closed.capital, paths.closed.table
    for name in ("equity", "net_proceeds", "uses"):
        wrong = replace(table, **{name: getattr(table, name) * (1 + SIZE)})
        closed = replace(paths.closed, capital=replace(capital, table=wrong))
        assert IDENTITIES["I1"](replace(paths, closed=closed)) > EXACT


def test_a_loss_that_is_not_owed_is_seen() -> None:
    paths = sound("y")
    columns = paths.columns | {"senior.loss": paths.columns["senior.loss"] + SIZE * paths.uses}
    assert IDENTITIES["I6"](replace(paths, columns=columns)) == pytest.approx(SIZE, rel=1e-6)


def test_a_distribution_that_a_test_forbids_is_seen() -> None:
    assert IDENTITIES["I7"](plant(sound("y"), "locked", paid("dist"), 1.0)) > EXACT
    debt = sound("y").ledger
    late = debt | {"event_of_default_month": np.full_like(debt["rent"], 0.0)}
    assert IDENTITIES["I7"](replace(sound("y"), ledger=late)) > EXACT


def test_units_that_come_from_nowhere_are_seen() -> None:
    assert IDENTITIES["I10"](plant(sound("y"), "sale", lambda paths: paths.ledger["sale"] > 0)) > EXACT
    assert IDENTITIES["I10"](plant(sound("failing"), "units", paid("rent"), 1.0)) > EXACT
    assert IDENTITIES["I10"](plant(sound("failing"), "units_lost", anywhere, 1e6)) > EXACT


def test_a_swap_off_the_market_is_seen() -> None:
    paths = run_paths(close(base("iren-microsoft")), 1)
    assert IDENTITIES["I15"](paths) <= EXACT
    (swapped,) = (tranche for tranche in paths.tranches if tranche.hedge.kind == "swap")
    dearer = replace(swapped, hedge=replace(swapped.hedge, rate=swapped.hedge.rate + 1e-4))
    tranches = tuple(dearer if tranche is swapped else tranche for tranche in paths.tranches)
    capital = replace(paths.closed.capital, tranches=tranches)
    assert IDENTITIES["I15"](replace(paths, closed=replace(paths.closed, capital=capital))) > EXACT


def test_a_second_default_and_a_step_back_are_seen() -> None:
    paths = sound("y")
    assert IDENTITIES["I16"](plant(paths, "default_month", after_rejection, 1.0)) >= 1
    assert IDENTITIES["I16"](plant(paths, "lease_phase", lambda p: p.months > p.rejected_in + 2, -2.0)) >= 1
