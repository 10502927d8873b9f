"""`spv-sim solve`: find the value of a setting at which a metric meets a target."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from spv_sim.cli.options import change_settings, other_paths, other_seed, threads
from spv_sim.cli.question import check_question, discount_of, read_question, the_tranche
from spv_sim.errors import printable

if TYPE_CHECKING:
    from spv_sim.analysis.solve.first_loss import FirstLoss
    from spv_sim.analysis.solve.solution import Solution
    from spv_sim.analysis.solve.target import Sampling
    from spv_sim.scenario.read import Loaded

NOT_FOUND = 1
SCHEMA = "spv-sim/solve@1"
TELL_EVERY = 10.0
"""Seconds between lines of progress where nobody watches."""


@click.command("solve")
@click.argument("file", metavar="SCENARIO")
@click.option("--vary", metavar="KEY", help="Setting to vary, or hazard-multiple or residual-haircut.")
@click.option("--for", "goal", metavar="METRIC=VALUE", help="What it should bring about.")
@click.option(
    "--break-even-rate", metavar="IRR", help="Lease rate at which equity earns IRR in the base case."
)
@click.option(
    "--max-gearing", metavar="DSCR", help="Debt share at which the base case's lowest DSCR is DSCR."
)
@click.option(
    "--par-coupon",
    metavar="RATE",
    help="Coupon, or margin where it floats, at which a tranche's expected flows, discounted, are nil.",
)
@click.option(
    "--first-loss", is_flag=True, help="Hazard and resale prices at which a tranche first loses a dollar."
)
@click.option("--tranche", metavar="NAME", help="Tranche meant, where there are several.")
@click.option(
    "--discount",
    metavar="RATE",
    help="Flat rate, compounded continuously, of <tranche>.npv; 0 % if not said.",
)
@click.option(
    "--default-month", type=int, metavar="N", help="Month of the lessee's default in default.METRIC."
)
@click.option("--simulate", is_flag=True, help="Draw paths even where the expectation is known exactly.")
@change_settings
@other_paths
@other_seed
@threads
@click.option("as_json", "--json", is_flag=True, help="Print the outcome as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print the answers alone.")
def command(file: str, sets: tuple[str, ...], as_json: bool, quiet: bool, **asked: Any) -> int:
    """Find the value of a setting at which a metric meets a target.

    \b
    spv-sim solve deal.toml --vary lease.rate --for equity.irr_of_mean_cash_flow=12%
    spv-sim solve deal.toml --vary lease.rate --for senior.probability_of_loss=1%
    spv-sim solve deal.toml --vary capital.debt_share --for base.spv.min_dscr=1.40x
    spv-sim solve deal.toml --break-even-rate 15%
    spv-sim solve deal.toml --par-coupon 4%
    spv-sim solve deal.toml --first-loss --discount 4%

    METRIC is the name of a metric of a run, or <tranche>.npv. With base. before it, it is that of the
    base case; with default. before it, that of the base case in which the lessee defaults. Every value
    is tried on the same draws. Exit status 1 if no value meets the target.
    """
    from spv_sim.analysis.solve.target import Sampling
    from spv_sim.cli.numbers import read_with
    from spv_sim.run.deal import close_loaded

    check_question(asked)
    loaded = read_with(file, sets, paths=asked["paths"], seed=asked["seed"])
    if loaded.vehicles:
        raise click.UsageError("solve works on one deal; this file has several, in [spv.<name>] tables")
    closed = close_loaded(loaded)
    for warning in (*loaded.warnings, *closed.warnings):
        if not quiet:
            click.echo(printable(f"{file}: warning: {warning}"), err=True)
    wanted = loaded.scenario.monte_carlo
    sampling = Sampling(wanted.paths, wanted.seed, wanted.keep, asked["workers"])
    if asked["first_loss"]:
        return tell_first_loss(file, loaded, sampling, asked, as_json, quiet)
    return tell_solution(file, loaded, sampling, asked, as_json, quiet)


def tell_solution(
    file: str, loaded: Loaded, sampling: Sampling, asked: dict[str, Any], as_json: bool, quiet: bool
) -> int:
    """Solve and print; exit status 1 where nothing meets the target."""
    from spv_sim.analysis.solve.knob import knob
    from spv_sim.analysis.solve.solution import solve
    from spv_sim.analysis.solve.target import aim
    from spv_sim.report.solution import solution_lines
    from spv_sim.run.deal import close_loaded

    question = read_question(loaded, asked)
    rate = question.discount_rate if question.discount_rate is not None else discount_of(asked)
    own = knob(loaded, question.key, question.place)
    target = aim(
        close_loaded(loaded),
        question.metric,
        question.wanted,
        question.place,
        discount_rate=rate,
        default_month=asked["default_month"],
        simulate=asked["simulate"],
    )
    tell = teller(quiet)
    found: Solution = solve(
        loaded,
        own,
        target,
        sampling,
        lambda value, measured: tell(
            f"{own.key} {own.kind.format(value)}: {target.name} {measured.value:.6g}"
        ),
    )
    tell("")
    if as_json:
        show_json({"schema": SCHEMA, "scenario": loaded.scenario.deal.name, "file": file, **found.record()})
    elif quiet:
        for answer in found.answers:
            click.echo(own.kind.format(answer.value))
    else:
        click.echo("\n".join(solution_lines(loaded.scenario.deal.name, found)))
    return 0 if found.answers else NOT_FOUND


def tell_first_loss(
    file: str, loaded: Loaded, sampling: Sampling, asked: dict[str, Any], as_json: bool, quiet: bool
) -> int:
    """Find where each tranche first loses a dollar and print it."""
    from spv_sim.analysis.solve.first_loss import first_loss
    from spv_sim.report.solution import first_loss_lines

    tell = teller(quiet)
    known = list(loaded.scenario.capital.tranche)
    names = known if asked["tranche"] is None else [the_tranche(loaded, asked["tranche"])]
    found: list[FirstLoss] = [
        first_loss(
            loaded,
            name,
            sampling,
            discount_of(asked),
            asked["default_month"],
            asked["simulate"],
            lambda what, value, measured: tell(f"{what} {value:.6g}: {measured.value:.6g} USD"),
        )
        for name in names
    ]
    tell("")
    if as_json:
        tranches = {
            own.tranche: {name: part.record() if part else None for name, part in own.solutions.items()}
            for own in found
        }
        show_json(
            {"schema": SCHEMA, "scenario": loaded.scenario.deal.name, "file": file, "first_loss": tranches}
        )
    else:
        for own in found:
            click.echo("\n".join(first_loss_lines(loaded.scenario.deal.name, own)))
    return 0


def show_json(outcome: dict[str, Any]) -> None:
    """Print plain data."""
    from spv_sim.store.document import document

    click.echo(document(outcome).decode("ascii"), nl=False)


def teller(quiet: bool) -> Callable[[str], None]:
    """Progress on the standard error: one line that is written over, or a line at intervals in a log."""
    watched = sys.stderr.isatty()
    last = monotonic()

    def tell(text: str) -> None:
        nonlocal last
        if quiet:
            return
        if watched:
            print(f"\r\x1b[K{printable(text)}", end="", file=sys.stderr, flush=True)
        elif text and monotonic() - last >= TELL_EVERY:
            last = monotonic()
            print(printable(text), file=sys.stderr, flush=True)

    return tell
