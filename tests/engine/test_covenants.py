"""Covenants on many paths: identities, idle tests, shared months, and orders that hold on every path."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from spv_sim.closing.close import Closed, close
from spv_sim.engine.cpu import LANES, launch, make_ready, run_chunk
from spv_sim.engine.summing import SLOTS
from tests.closing.deals import base

PATHS = 2048
NOISE = (
    "credit.hazard=15 %/year",
    "gpu_price.volatility=35 %/sqrt(year)",
    "lease_rate.volatility=30 %/sqrt(year)",
    "gpu_price.fall_at_default=25 %",
)
ALL = (
    "capital.covenant.t3={ kind = 'dscr', window = '3 months', level = 1.45, release_after = 2 }",
    "capital.covenant.t12={ kind = 'dscr', window = '12 months', level = 1.2, consequence = 'default', "
    "grace = 2 }",
    "capital.covenant.ahead={ kind = 'dscr', basis = 'forward', level = 1.3, tranche = 'mezz' }",
    "capital.covenant.value={ kind = 'ltv', level = ['95 %', '80 %'], equity_cures = 2, grace = 2, "
    "haircut = '5 %' }",
    "capital.covenant.whole={ kind = 'ltv', level = '98 %', tranche = 'mezz', consequence = 'prepay' }",
    "capital.covenant.base={ kind = 'borrowing_base', advance_rate = ['60 %', '45 %', '25 %'], "
    "appraisal = 'depreciated_cost', consequence = 'prepay' }",
    "capital.covenant.cash={ kind = 'dscr', level = 1.6, consequence = 'sweep', sweep = '50 %' }",
    "capital.covenant.more={ kind = 'ltv', level = '70 %', consequence = 'sweep', blocks_junior = true }",
)


def columns(closed: Closed, paths: int = PATHS) -> dict[str, np.ndarray]:
    """What the paths leave, by name."""
    return dict(zip(closed.columns, run_chunk(closed.terms, 11, 0, paths).columns, strict=True))


@pytest.mark.parametrize(
    "sets",
    [
        (),
        ("workout.mode=remarket", "lease.timing=arrears"),
        (
            "capital.tranche.mezz.rank=1",
            "capital.covenant.more.blocks_junior=false",
            "capital.covenant.more.tranche=senior",
            "capital.covenant.cash.tranche=mezz",
        ),
    ],
)
def test_every_identity_holds_with_every_covenant(sets: tuple[str, ...]) -> None:
    closed = close(base("y1", *NOISE, *ALL, *sets))
    found = columns(closed, 4 * PATHS)
    assert found["spv.breach"].max() <= 1e-9
    for name in ("t3", "ahead", "value", "cash", "more"):
        share = np.isfinite(found[f"covenant.{name}.first_breach_month"]).mean()
        assert share > 0, name
    assert found["equity.cures"].max() > 0
    assert {1.0, 4.0} <= set(found["spv.event_of_default_cause"].tolist())
    begins = np.isfinite(found["senior.event_of_default_month"])
    np.testing.assert_array_equal(begins, found["spv.event_of_default_cause"] > 0)


def test_the_months_that_paths_share_are_those_of_each_path_alone() -> None:
    """With tests on the price no month is shared, with tests of cover those before the default."""
    for sets in (ALL, ALL[:3]):
        closed = close(base("y1", *NOISE, *sets))
        months = closed.terms.deal.last_month + 1
        alone, ledger = (
            np.empty((len(closed.columns), PATHS)),
            np.empty(months * len(closed.ledger_rows) * PATHS),
        )
        launch(
            make_ready(closed.terms),
            11,
            0,
            PATHS,
            LANES,
            alone,
            0,
            np.zeros((3, months, SLOTS)),
            ledger,
            PATHS,
        )
        np.testing.assert_array_equal(np.array(list(columns(closed).values())), alone)


def test_tests_that_never_bind_change_nothing() -> None:
    """Bit for bit, the price observed on every date included."""
    idle = (
        "capital.covenant.value={ kind = 'ltv', level = '100 %', grace = 240 }",
        "capital.covenant.base={ kind = 'borrowing_base', advance_rate = '100 %', "
        "appraisal = 'depreciated_cost' }",
        "capital.covenant.cash={ kind = 'dscr', level = 1e-9, consequence = 'sweep', blocks_junior = true }",
    )
    small = ("capital.tranche.senior.target_dscr=6x", "capital.tranche.mezz.debt_share=1 %")
    calm = ("credit.hazard=0 %/year",)
    plain, held = (columns(close(base("y1", *NOISE, *small, *calm, *sets))) for sets in ((), idle))
    never = [f"covenant.{name}.first_breach_month" for name in ("value", "base", "cash")]
    assert all(np.isinf(held[name]).all() for name in never)
    for name, values in plain.items():
        np.testing.assert_array_equal(held[name], values, err_msg=name)


def test_a_tighter_loan_to_value_never_costs_the_lenders() -> None:
    """Prepaying the excess earlier leaves the senior lenders no greater loss on any path."""
    found = []
    for level in ("100 %", "80 %", "60 %"):
        value = f"capital.covenant.value={{ kind = 'ltv', level = '{level}', consequence = 'prepay' }}"
        found.append(columns(close(base("e4", "gpu_price.volatility=30 %/sqrt(year)", value))))
    for loose, tight in pairwise(found):
        assert (tight["senior.loss"] <= loose["senior.loss"] + 21.0).all()
        assert tight["senior.loss"].mean() < loose["senior.loss"].mean()
        assert (tight["senior.wal"] <= loose["senior.wal"] + 1e-12).all()


def test_cures_add_up_in_the_returns() -> None:
    """Received less paid in, by path, and the flows of the shareholders, path by path in one sum."""
    closed = close(base("y1", *NOISE, *ALL))
    chunk = run_chunk(closed.terms, 11, 0, PATHS)
    found = dict(zip(closed.columns, chunk.columns, strict=True))
    deal = closed.terms.deal
    paid_in = deal.equity.contributed + found["equity.cures"]
    profit = found["equity.moic"] * paid_in - paid_in
    assert chunk.flow_sums[:, 0].sum() == pytest.approx(profit.sum(), rel=1e-9)
