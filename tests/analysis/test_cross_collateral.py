"""Vehicles that cure each other's senior debt with what they would pay their shareholders (model 9.6)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spv_sim.analysis.programme import replay_vehicle, run_programme
from spv_sim.closing.programme import ClosedProgramme
from spv_sim.engine.cpu import LANES, programme_ledgers, run_chunk
from spv_sim.engine.layout import lay_out
from spv_sim.errors import UserError
from spv_sim.kernel.jit import PLAIN
from spv_sim.spv.tolerance import CASH_TOLERANCE
from tests.analysis.test_programme import BASE, SEED, column, loaded, programme
from tests.cli.invoke import Shell

PATHS = 64 if PLAIN else 600
VEHICLES = """
[spv.early]
{tie}
accounts.interest_rate = "0 %"
lease.payment_every = "1 month"
capital.tranche.senior.payment_every = "1 month"

[spv.late]
{tie}
accounts.interest_rate = "0 %"
grid.construction = "5 months"
fleet.batch.first.delivery = "5 months"
"""
MARK = "cross_collateral = true"

Rows = dict[str, np.ndarray]


def together(tie: str) -> ClosedProgramme:
    return programme(loaded(tie, VEHICLES))


def ledgers_of(closed: ClosedProgramme) -> dict[str, Rows]:
    """(months + 1, paths) of every row and vehicle; nothing before completion."""
    names = [each.ledger_rows for each in closed.vehicles.values()]
    found = programme_ledgers(closed.terms, names, SEED, 0, PATHS)
    return dict(zip(closed.vehicles, found, strict=True))


@pytest.fixture(scope="module")
def shared() -> ClosedProgramme:
    return together(MARK)


@pytest.fixture(scope="module")
def kept(shared: ClosedProgramme) -> dict[str, Rows]:
    return ledgers_of(shared)


@pytest.fixture(scope="module")
def apart() -> dict[str, Rows]:
    return ledgers_of(together(""))


def lacking(rows: Rows) -> np.ndarray:
    """What the senior tranche lacks on each date [USD]."""
    interest = rows["senior.interest_due"] - rows["senior.interest_paid"]
    return interest + rows["senior.principal_due"] - rows["senior.principal_paid"]


def padded(values: np.ndarray, months: int) -> np.ndarray:
    """A row up to a later month, nothing where the vehicle does not live."""
    filled = np.zeros((months, values.shape[1]))
    filled[: len(values)] = np.nan_to_num(values)
    return filled


def both(of: dict[str, Rows], row: str) -> np.ndarray:
    """(vehicles, months, paths) of a row."""
    months = max(len(rows[row]) for rows in of.values())
    return np.stack([padded(rows[row], months) for rows in of.values()])


def first_transfer(kept: dict[str, Rows]) -> np.ndarray:
    """Month of each path's first transfer; infinite where there is none."""
    given = both(kept, "shared_out").sum(axis=0) > 0
    return np.where(given.any(axis=0), given.argmax(axis=0), np.inf)


def test_nothing_changes_before_the_first_transfer(
    shared: ClosedProgramme, kept: dict[str, Rows], apart: dict[str, Rows]
) -> None:
    """Bit for bit, columns too where nothing is ever shared: the pass has then written nothing."""
    first = first_transfer(kept)
    assert 5 < np.isfinite(first).sum() < PATHS
    for name, rows in kept.items():
        for row, values in rows.items():
            before = np.arange(len(values))[:, None] < first
            assert np.array_equal(
                np.where(before, values, 0.0), np.where(before, apart[name][row], 0.0), equal_nan=True
            ), row
    ran, free = run_chunk(shared.terms, SEED, 0, PATHS), run_chunk(together("").terms, SEED, 0, PATHS)
    never = ran.columns[-1] == 0.0
    assert np.array_equal(never, both(kept, "shared_out").sum(axis=(0, 1)) == 0.0)
    assert np.array_equal(ran.columns[:, never], free.columns[:, never], equal_nan=True)


def test_the_first_transfer_is_the_lesser_of_cash_and_need(
    kept: dict[str, Rows], apart: dict[str, Rows], shared: ClosedProgramme
) -> None:
    """Up to it the vehicles alone tell both sides: what one was about to pay, and what the other lacked."""
    first, checked = first_transfer(kept), 0
    dust = max(deal.tolerance for deal in shared.terms.deals)
    for path in np.flatnonzero(np.isfinite(first)):
        month = int(first[path])
        for giver, taker in (("early", "late"), ("late", "early")):
            cash, alone = (
                apart[giver]["dist"][month, path],
                {k: v[month, path] for k, v in apart[taker].items()},
            )
            now = {k: v[month, path] for k, v in kept[taker].items()}
            need = lacking(apart[taker])[month, path]
            if not (cash > dust and need > dust):
                continue
            x = min(cash, need)
            interest = min(x, alone["senior.interest_due"] - alone["senior.interest_paid"])
            assert kept[giver]["shared_out"][month, path] == pytest.approx(x, abs=dust)
            assert kept[giver]["dist"][month, path] == pytest.approx(cash - x, abs=dust)
            assert now["shared_in"] == pytest.approx(x, abs=dust)
            paid = now["senior.interest_paid"] - alone["senior.interest_paid"]
            assert paid == pytest.approx(interest, abs=dust)
            repaid = now["senior.principal_paid"] - alone["senior.principal_paid"]
            assert repaid == pytest.approx(x - interest, abs=dust)
            assert alone["senior.debt"] - now["senior.debt"] == pytest.approx(x - interest, abs=2 * dust)
            less = alone["senior.interest_arrears"] - now["senior.interest_arrears"]
            assert less == pytest.approx(interest, abs=2 * dust)
            checked += 1
    assert checked > 5


def test_transfers_balance_and_no_shareholder_is_paid_before_a_short_senior(
    shared: ClosedProgramme, kept: dict[str, Rows]
) -> None:
    """Model I2, I3 and I8 across vehicles, in every month of every path."""
    out, into = both(kept, "shared_out"), both(kept, "shared_in")
    dust = max(deal.tolerance for deal in shared.terms.deals)
    assert np.abs(out.sum(axis=0) - into.sum(axis=0)).max() <= dust
    assert out.min() >= 0
    assert into.min() >= 0
    assert both(kept, "dist").min() >= 0
    for giver, taker in (("early", "late"), ("late", "early")):
        # The ledger shows payments on payment dates alone, so that both stand there only where both pay.
        assert (
            np.minimum(
                *(padded(of, out.shape[1]) for of in (kept[giver]["dist"], lacking(kept[taker])))
            ).max()
            <= 2 * dust
        )
    for d, rows in enumerate(kept.values()):
        deal = shared.terms.deals[d]
        accounts = sum(rows[name] for name in ("revenue", "trap", "dsra", "maintenance", "working_capital"))
        inflow = sum(rows[name] for name in ("rent", "merchant", "claim", "sale", "guarantee", "deposit"))
        inflow = inflow + rows["arrears"] + rows["support"] + rows["account_interest"] + rows["shared_in"]
        spent = rows["costs_paid"] + rows["dist"] + rows["shared_out"] + rows["senior.prepaid"]
        spent = spent + rows["senior.interest_paid"] + rows["senior.principal_paid"]
        gap = (inflow - spent - np.diff(accounts, axis=0, prepend=np.nan))[deal.completion + 2 :]
        assert np.abs(gap).max() <= 10 * deal.tolerance
    ran = run_chunk(shared.terms, SEED, 0, PATHS)
    for name in shared.vehicles:
        assert column(shared, ran.columns, name, "spv.breach").max() <= CASH_TOLERANCE


def test_who_takes_nothing_pays_its_shareholders_less_by_what_it_gives(
    kept: dict[str, Rows], apart: dict[str, Rows]
) -> None:
    """Sharing reaches a vehicle by what it takes alone: else all but two rows of its own stay."""
    checked = 0
    for name, rows in kept.items():
        alone = np.nansum(rows["shared_in"], axis=0) == 0.0
        for row, values in rows.items():
            if row not in ("dist", "shared_out"):
                assert np.array_equal(values[:, alone], apart[name][row][:, alone], equal_nan=True), row
        whole = rows["dist"] + rows["shared_out"]
        assert np.nanmax(np.abs(whole - apart[name]["dist"])[:, alone]) <= 1e-6
        checked += int((np.nansum(rows["shared_out"], axis=0)[alone] > 0).sum())
    assert checked > 5


def test_whose_default_stands_owes_no_more_with_collateral(
    shared: ClosedProgramme, kept: dict[str, Rows], apart: dict[str, Rows]
) -> None:
    """With the same cash and the same month of default, what is paid from elsewhere only lowers the debt.

    A cure that puts off the event of default itself lets distributions go on, so that no such order holds.
    """
    checked = 0
    for d, (name, rows) in enumerate(kept.items()):
        deal = shared.terms.deals[d]
        since, before = (of["event_of_default_month"][-1] for of in (rows, apart[name]))
        same = since == before
        owed, alone = (of["senior.debt"] + of["senior.interest_arrears"] for of in (rows, apart[name]))
        assert np.nanmax((owed - alone)[:, same]) <= 10 * deal.tolerance
        took = same & (np.nansum(rows["shared_in"], axis=0) > 0)
        assert (owed[-1] <= alone[-1] + deal.tolerance)[took].all()
        checked += int(took.sum())
    assert checked > 5


def test_all_investors_together_receive_the_same_dollars(
    shared: ClosedProgramme, kept: dict[str, Rows], apart: dict[str, Rows]
) -> None:
    """Accounts without interest, emptied at the end: what comes from outside less costs is what they receive.

    Neither depends on who is paid, so that sharing moves dollars between investors and makes none.
    """
    paid = ("dist", "senior.interest_paid", "senior.principal_paid", "senior.prepaid")
    with_it, without = (sum(both(of, row).sum(axis=(0, 1)) for row in paid) for of in (kept, apart))
    uses = sum(deal.total_uses for deal in shared.terms.deals)
    assert np.abs(with_it - without).max() <= 1e-9 * uses
    assert np.abs(both(kept, "dist").sum(axis=(0, 1)) - both(apart, "dist").sum(axis=(0, 1))).max() > 1e6


def test_a_replay_is_the_path_after_sharing(shared: ClosedProgramme, kept: dict[str, Rows]) -> None:
    ran, layout = run_chunk(shared.terms, SEED, 0, PATHS), lay_out(shared.terms.deals)
    path = int(np.flatnonzero(ran.columns[-1] > 0)[0])
    sums = run_chunk(shared.terms, SEED, path, 1).flow_sums[0].sum(axis=2)
    given = 0.0
    for d, name in enumerate(shared.vehicles):
        deal, replay = shared.terms.deals[d], replay_vehicle(shared, name, path, SEED)
        assert replay.columns["senior.loss"] == column(shared, ran.columns, name, "senior.loss")[path]
        dist = replay.months["dist"].sum() + deal.equity.distributed_at_completion
        assert replay.columns["equity.moic"] == pytest.approx(dist / deal.equity.contributed, rel=1e-12)
        for row, series in enumerate(("equity_cf", "senior_cf")):
            flow = sums[layout.investors[d] + row, : deal.last_month + 1]
            assert replay.series[series] == pytest.approx(flow, abs=deal.tolerance)
        assert np.array_equal(
            replay.months["shared_in"],
            np.nan_to_num(kept[name]["shared_in"][replay.months["k"].astype(int), path]),
        )
        given += replay.months["shared_out"].sum()
    assert given == pytest.approx(ran.columns[-1][path], rel=1e-12)


@pytest.mark.skipif(PLAIN, reason="plain Python knows one lane")
def test_sharing_does_not_depend_on_the_lanes(shared: ClosedProgramme) -> None:
    wide = run_chunk(shared.terms, SEED, 0, 600, LANES)
    narrow = run_chunk(shared.terms, SEED, 0, 600, 8 if LANES != 8 else 1)
    assert np.array_equal(wide.columns, narrow.columns, equal_nan=True)
    assert np.array_equal(wide.flow_sums, narrow.flow_sums)


def test_every_check_of_every_vehicle_passes(shared: ClosedProgramme) -> None:
    """A transfer comes from outside the vehicle, so that each one's losses still add up."""
    done = run_programme(shared, PATHS, SEED, 10**6)
    for each in done.vehicles.values():
        assert [check.name for check in each.checks if not check.passed] == []
    columns = run_chunk(shared.terms, SEED, 0, PATHS).columns[-1]
    found = done.estimates["programme.cash_shared"]
    assert found.value == pytest.approx(columns.mean(), rel=1e-12)
    assert found.standard_error == pytest.approx(columns.std(ddof=1) / np.sqrt(PATHS), rel=1e-9)


CLASSES = """
capital.equity.sponsor.share = "60 %"
capital.equity.other.share = "40 %"
"""


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            VEHICLES.format(tie=MARK + CLASSES),
            "spv.early.cross_collateral: a vehicle that shares its cash has one",
        ),
        (
            VEHICLES.format(tie="").replace("[spv.late]\n", f"[spv.late]\n{MARK}\n"),
            "spv.late.cross_collateral: no",
        ),
    ],
)
def test_faults_of_sharing(more: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as fault:
        programme(loaded("", more.replace("{", "{{").replace("}", "}}")))
    assert fault.value.problems[0].key == message.partition(":")[0]


def test_the_terminal_tells_what_was_shared(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for tie, told in ((MARK, True), ("", False)):
        file = tmp_path / "two.toml"
        file.write_text(BASE + VEHICLES.format(tie=tie))
        run = ("run", file, "--paths", 64, "--no-report", "-o", tmp_path / f"out-{told}")
        done = Shell(capsys)(*run)
        assert done.status == 0, done.err
        assert ("Cash shared between vehicles, mean" in done.out) is told
    file.write_text(BASE + VEHICLES.format(tie=MARK))
    shown = Shell(capsys)("replay", file, 3, "--spv", "late")
    assert shown.status == 0, shown.err
    assert "shared_out" in shown.out
