"""A default before completion stops the draws: slow Python by month, the deal without it, its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.enumerate_defaults import enumerate_defaults
from spv_sim.analysis.simulation import deal_facts
from spv_sim.closing.close import Closed, close
from spv_sim.engine.block import SLOTS
from spv_sim.engine.cpu import LANES, launch, ledgers, make_ready, run_chunk
from spv_sim.kernel.jit import PLAIN
from spv_sim.results.loss_shares import outside_breach
from spv_sim.spv.book import UNITS_WORKING
from spv_sim.spv.tolerance import CASH_TOLERANCE
from tests.closing.deals import base
from tests.floating.deals import floating, senior
from tests.spv.draw_stop_oracle import slow_path

WIDTH = 1 if PLAIN else LANES
PATHS = 12 if PLAIN else 256
SEED = 5
KC = 4
SHORT = ("lease.term=24 months", "capital.tranche.senior.tenor=24 months", "capital.debt_share=45 %")
RISKY = ("credit.clock=closing", "credit.hazard=150 %/year")
RANDOM = ("gpu_price.volatility=35 %/sqrt(year)", "lease_rate.volatility=30 %/sqrt(year)")
BATCHES = ("first", "second", "third", "fourth", "fifth")
DEPOSITS = tuple(
    f"fleet.batch.{name}.{key}" for name in BATCHES for key in ("deposit=30 %", "deposit_lead=2 months")
)
LIQUIDATED = ("workout.mode=liquidate", "grid.tail=12 months")
KINDS: dict[str, tuple[str, ...]] = {
    "let again": (),
    "liquidated over months, shrunk": (
        *LIQUIDATED,
        "workout.shrinkage=3 %",
        "workout.liquidation_months=3 months",
    ),
    "no downtime": (*LIQUIDATED, "workout.downtime=0 months"),
    "a short downtime": ("workout.downtime=1 months", "workout.shrinkage=5 %"),
    "deposits kept by the seller": DEPOSITS,
    "deposits that come back": (*DEPOSITS, *(f"fleet.batch.{b}.deposit_forfeited=25 %" for b in BATCHES)),
    "batches that must be paid": (*DEPOSITS, *(f"fleet.batch.{b}.cancellable=false" for b in BATCHES[2:])),
    "rent of early batches": ("lease.rent_start=per_batch", "capital.tranche.senior.tenor=20 months"),
    "a deposit of the lessee": ('lease.deposit={ kind = "cash", months = "2 months" }',),
    "interest on arrears": ("capital.tranche.senior.interest_on_arrears=coupon",),
    "interest added to the debt": ("capital.tranche.senior.pik=true",),
    "rent in advance": ("lease.timing=advance",),
    "rent of early batches in advance": (
        "lease.timing=advance",
        "lease.rent_start=per_batch",
        "capital.tranche.senior.tenor=19 months",
    ),
}
FURTHER: dict[str, tuple[str, ...]] = {
    "classes": (
        'capital.equity={ fund = { share = 0.6 }, pref = { share = 0.4, kind = "preferred", rate = "9 %" } }',
    ),
    "failing": ("fleet.failures.annual_rate=20 %/year", "fleet.failures.spares=50"),
    "burning": ("fleet.casualty.rate=1 /year", "fleet.casualty.loss=20 %"),
    "quarterly, mitigated": (
        "lease.payment_every=3 months",
        "capital.tranche.senior.payment_every=3 months",
        "workout.claim_mitigation=true",
    ),
    "guaranteed residual": (
        'lease.residual_value_guarantee={ amount = "20_000 USD", guarantor = "third_party" }',
    ),
    "outcomes": (
        'credit.outcome={ reinstate = "30 %", assume = "30 %", cure_months = "2 months" }',
        'credit.guarantor={ hazard = "5 %/year", cap = "500 m USD" }',
    ),
    "best": ("workout.mode=best", "workout.downtime=2 months"),
}


def closed_of(*sets: str) -> Closed:
    return close(base("x-base", *SHORT, *RISKY, *RANDOM, *sets))


@pytest.mark.parametrize("kind", KINDS)
def test_flows_are_those_of_slow_python(kind: str) -> None:
    closed = closed_of(*KINDS[kind])
    assert closed.terms.deal.stop.in_use
    rows = ledgers(closed.terms, closed.ledger_rows, SEED, 0, PATHS, WIDTH)
    months, room = rows["default_month"][-1], 1e-9 * closed.table.uses.sum()
    met = set()
    for path in np.flatnonzero(months <= KC):
        chunk = run_chunk(closed.terms, SEED, int(path), 1, WIDTH)
        got = chunk.flow_sums[0].sum(axis=2)
        expected = slow_path(closed, int(months[path]), rows, int(path))
        np.testing.assert_allclose(got, np.array(expected), rtol=1e-9, atol=room, err_msg=str(months[path]))
        met.add(int(months[path]))
    assert met == {1, 2, 3, 4} or PLAIN


@pytest.mark.parametrize("kind", [*KINDS, *FURTHER])
def test_identities_hold_and_shared_months_are_those_of_each_path_alone(kind: str) -> None:
    closed = closed_of(*(KINDS | FURTHER)[kind])
    names, months = closed.columns, closed.terms.deal.last_month + 1
    chunk = run_chunk(closed.terms, SEED, 0, PATHS, WIDTH)
    columns = dict(zip(names, chunk.columns, strict=True))
    early = columns["lessee.default_month"] <= KC
    assert early.any()
    assert not early.all()
    alone = np.empty((len(names), PATHS))
    ledger = np.empty(months * len(closed.ledger_rows) * PATHS)
    launch(
        make_ready(closed.terms),
        SEED,
        0,
        PATHS,
        WIDTH,
        alone,
        0,
        np.zeros((len(closed.investors), months, SLOTS)),
        ledger,
        PATHS,
    )
    assert np.array_equal(chunk.columns, alone, equal_nan=True)
    assert columns["spv.breach"].max() <= 1e-9
    each = sum(
        run_chunk(closed.terms, SEED, path, 1, WIDTH).flow_sums[0].sum(axis=2) for path in range(PATHS)
    )
    room = 1e-12 * PATHS * closed.table.uses.sum()
    np.testing.assert_allclose(chunk.flow_sums[0].sum(axis=2), each, rtol=0, atol=room)
    facts = deal_facts(closed, run_base_case(closed).values)
    assert (
        outside_breach(columns, facts.stakeholders, facts.outside, facts.total_uses).max() <= CASH_TOLERANCE
    )


@pytest.mark.skipif(PLAIN, reason="one width")
@pytest.mark.parametrize("kind", ["let again", "classes", "failing"])
def test_any_width_of_lanes_gives_the_same_bytes(kind: str) -> None:
    terms = closed_of(*(KINDS | FURTHER)[kind]).terms
    wide, narrow = (run_chunk(terms, SEED, 0, 300, lanes).columns for lanes in (LANES, 1))
    assert wide.tobytes() == narrow.tobytes()


def test_later_defaults_are_not_touched() -> None:
    """Without the stop an early default waits for the first rent; all other paths are the same to the bit."""
    stops, waits = closed_of(), closed_of("credit.draw_stop=false")
    assert not waits.terms.deal.stop.in_use
    one, other = (run_chunk(closed.terms, SEED, 0, PATHS, WIDTH).columns for closed in (stops, waits))
    month = stops.columns.index("lessee.default_month")
    early = one[month] <= KC
    assert np.array_equal(one[:, ~early], other[:, ~early], equal_nan=True)
    assert (other[month, early] == KC + 1).all()
    assert (one[month, early] < KC + 1).all()


@pytest.mark.parametrize(
    "sets", [("credit.clock=cod",), ("credit.hazard=0 %/year",), ("credit.draw_stop=false",)]
)
def test_nothing_is_done_where_no_default_can_come_before(sets: tuple[str, ...]) -> None:
    deal = closed_of(*sets).terms.deal
    assert not deal.stop.in_use
    assert deal.stop.book.size == 1


def test_a_default_in_the_first_month_leaves_the_first_batch() -> None:
    """By hand: month 1 follows the closing's draw; the first batch of 100,000 units is there, alone."""
    closed = closed_of("credit.hazard=0 %/year", "credit.clock=cod")
    scheduled = close(base("x-base", *SHORT, "credit.default_month=1 month"))
    chunk = run_chunk(scheduled.terms, SEED, 0, 1, WIDTH)
    values = dict(zip(scheduled.columns, chunk.columns[:, 0], strict=True))
    flows = chunk.flow_sums[0].sum(axis=2)
    assert flows[0, 0] == -closed.table.equity[0]
    assert (flows[:, 1 : KC + 1] == 0).all()
    drawn = closed.capital.tranches[0].draws[0]
    assert scheduled.terms.deal.stop.share[1] == 0.2
    assert values["senior.event_of_default_month"] == KC + 1
    assert values["lessee.outcome"] == 4
    interest = 4 * 0.105 / 12 * drawn
    repaid = flows[1, KC + 1 :].sum()
    assert values["senior.loss"] == pytest.approx(0, abs=1)
    assert repaid > drawn + interest


def test_no_batch_leaves_nothing_to_sell_or_to_run() -> None:
    late = tuple(f"fleet.batch.{name}.delivery=4 months" for name in BATCHES)
    closed = close(base("x-base", *SHORT, *late, "credit.default_month=2 months"))
    rows = ledgers(closed.terms, closed.ledger_rows, SEED, 0, 1, WIDTH)
    for name in ("sale", "merchant", "opex", "enforcement", "claim"):
        assert (rows[name][KC + 1 :] == 0).all(), name
    values = dict(zip(closed.columns, run_chunk(closed.terms, SEED, 0, 1, WIDTH).columns[:, 0], strict=True))
    drawn = closed.capital.tranches[0].draws[:2].sum()
    assert values["senior.loss"] == pytest.approx(drawn * (1 + 0.105 / 12 * 27), rel=1e-12)
    assert values["equity.moic"] == 0


def test_what_the_seller_keeps_is_what_the_investors_lose() -> None:
    """Per dollar that comes back of the deposits, lenders and shareholders get a dollar or what it earns."""
    kept, back = (closed_of(*KINDS[f"deposits {how}"]) for how in ("kept by the seller", "that come back"))
    flows = [
        run_chunk(closed.terms, SEED, 0, PATHS, WIDTH).flow_sums[0].sum(axis=(0, 2))
        for closed in (kept, back)
    ]
    assert flows[1].sum() > flows[0].sum()
    assert (flows[1][: KC + 1] == flows[0][: KC + 1]).all()


def test_expected_losses_are_those_of_the_enumeration() -> None:
    """Every month of default with its own weight, those before completion too."""
    closed = close(base("e1", *SHORT, "credit.clock=closing", "credit.hazard=60 %/year"))
    paths = enumerate_defaults(closed)
    assert paths.months[:KC].tolist() == [1, 2, 3, 4]
    weight = math.exp(-0.6 * 2 / 12) - math.exp(-0.6 * 3 / 12)
    assert paths.weights[2] == pytest.approx(weight, rel=1e-12)
    assert paths.weights.sum() == pytest.approx(1, rel=1e-12)
    n = 400 if PLAIN else 40_000
    loss = run_chunk(closed.terms, SEED, 0, n, WIDTH).columns[closed.columns.index("senior.loss_pv")]
    exact = float(paths.weights @ paths.columns["senior.loss_pv"])
    assert abs(loss.mean() - exact) <= 4 * loss.std(ddof=1) / math.sqrt(n)


def test_a_replay_begins_with_what_was_drawn() -> None:
    from spv_sim.analysis.replay import replay_path

    closed = close(base("x-base", *SHORT, "credit.default_month=3 months", "lease.timing=advance"))
    replay = replay_path(closed, 0, SEED)
    assert replay.months["k"][0] == KC
    drawn = closed.capital.tranches[0].draws[:3].sum()
    assert replay.months["D"][0] == drawn
    assert replay.months["interest_arrears"][0] == pytest.approx(2 * 0.105 / 12 * drawn, rel=1e-12)
    assert replay.months["rent"][0] == replay.months["rent_due"][0] == 0
    assert replay.months["lessee_defaulted"][0] == 1
    assert (replay.series["senior_cf"][3 : KC + 1] == 0).all()
    assert replay.series["senior_cf"][1] == closed.terms.deal.lender_flow[0, 1]


def test_the_fans_begin_with_what_was_drawn_and_delivered() -> None:
    from spv_sim.analysis.simulation import fan_ledgers

    closed = closed_of()
    rows = fan_ledgers(closed, PATHS, SEED)
    months, draws = rows["default_month"][-1], closed.capital.tranches[0].draws
    assert (months <= KC).any()
    for path, month in enumerate(months):
        d = int(min(month, KC + 1))
        assert rows["senior.debt"][KC, path] == pytest.approx(draws[:d].sum(), rel=1e-12)
        worth = 0.96 * 100_000 * d * rows["price"][KC + 1, path]
        assert rows["residual"][KC + 1, path] == pytest.approx(worth, rel=1e-12)


def test_cohorts_hold_what_was_delivered() -> None:
    closed = closed_of(*FURTHER["failing"], "workout.shrinkage=10 %")
    book = closed.terms.deal.stop.book
    assert book[:, UNITS_WORKING].tolist() == [500_000, 90_000, 180_000, 270_000, 360_000]


def test_floating_and_hedged_debt_is_stopped_too() -> None:
    sets = ("credit.clock=closing", "credit.hazard=100 %/year", "grid.construction=6 months")
    for hedged in ((), senior(hedge_share="75 %")):
        closed = floating(*sets, *hedged)
        columns = dict(zip(closed.columns, run_chunk(closed.terms, 1, 0, PATHS, WIDTH).columns, strict=True))
        early = columns["lessee.default_month"] <= 6
        assert early.any()
        assert columns["spv.breach"].max() <= 1e-9
        facts = deal_facts(closed, run_base_case(closed).values)
        assert (
            outside_breach(columns, facts.stakeholders, facts.outside, facts.total_uses).max()
            <= CASH_TOLERANCE
        )
