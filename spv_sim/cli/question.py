"""What `spv-sim solve` is asked: one question, its shortcuts written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from spv_sim.errors import Problem, UserError

if TYPE_CHECKING:
    from spv_sim.scenario.read import Loaded


@dataclass(frozen=True)
class Question:
    """A setting, the metric and value wanted of it, and the words in which it was asked.

    discount_rate : of the present value that the metric is, where the words give it [1/year].
    """

    key: str
    metric: str
    wanted: float
    place: str
    discount_rate: float | None = None


def check_question(asked: dict[str, Any]) -> None:
    """One question at a time.

    Raises
    ------
    UsageError : none, or several.
    """
    if (asked["vary"] is None) != (asked["goal"] is None):
        raise click.UsageError("--vary KEY and --for METRIC=VALUE go together")
    names = {
        "vary": "--vary with --for",
        "break_even_rate": "--break-even-rate",
        "max_gearing": "--max-gearing",
        "par_coupon": "--par-coupon",
        "first_loss": "--first-loss",
    }
    said = [words for name, words in names.items() if asked[name] not in (None, False)]
    if len(said) != 1:
        found = f"{said[0]} and {said[1]} exclude each other" if said else "nothing is asked"
        raise click.UsageError(f"{found}; give one of {', '.join(names.values())}")
    metric = (asked["goal"] or "").partition("=")[0].strip()
    first_loss, is_par = asked["first_loss"], asked["par_coupon"] is not None
    fitting = {
        "discount": ("--discount", first_loss or metric.endswith(".npv"), "<tranche>.npv and --first-loss"),
        "default_month": (
            "--default-month",
            first_loss or metric.startswith("default."),
            "default.METRIC and --first-loss",
        ),
        "tranche": ("--tranche", first_loss or is_par, "--par-coupon and --first-loss"),
    }
    for name, (option, fits, what) in fitting.items():
        if asked[name] is not None and not fits:
            raise click.UsageError(f"{option} has a meaning only with {what}")


def read_question(loaded: Loaded, asked: dict[str, Any]) -> Question:
    """What is asked, with the shortcuts written out.

    Raises
    ------
    UserError : a value that is no number, an unknown tranche.
    """
    from spv_sim.analysis.solve.target import parse_target, parse_value

    if asked["break_even_rate"] is not None:
        place = f"--break-even-rate {asked['break_even_rate']}"
        return Question("lease.rate", "base.equity.irr", parse_value(asked["break_even_rate"], place), place)
    if asked["max_gearing"] is not None:
        place = f"--max-gearing {asked['max_gearing']}"
        return Question(
            "capital.debt_share", "base.spv.min_dscr", parse_value(asked["max_gearing"], place), place
        )
    if asked["par_coupon"] is not None:
        place = f"--par-coupon {asked['par_coupon']}"
        tranche, rate = the_tranche(loaded, asked["tranche"]), parse_value(asked["par_coupon"], place)
        floats = loaded.scenario.capital.tranche[tranche].base_rate is not None
        term = "margin" if floats else "coupon"
        return Question(f"capital.tranche.{tranche}.{term}", f"{tranche}.npv", 0.0, place, rate)
    metric, wanted = parse_target(asked["goal"], f"--for {asked['goal']}")
    return Question(asked["vary"], metric, wanted, f"--vary {asked['vary']} --for {asked['goal']}")


def the_tranche(loaded: Loaded, name: str | None) -> str:
    """The tranche that is meant.

    Raises
    ------
    UserError : unknown, or not said where there are several.
    """
    known = list(loaded.scenario.capital.tranche)
    if name is None and len(known) == 1:
        return known[0]
    if name in known:
        return name
    from spv_sim.scenario.faults import suggest

    near = suggest(name or "", known)
    help = f"did you mean `{near}`?" if near else f"known: {', '.join(known)}"
    message = (
        f"there is no tranche {name}" if name else "there are several tranches: say which with --tranche"
    )
    raise UserError(
        Problem("unknown-tranche", message, file=f"--tranche {name}" if name else None, help=help)
    )


def discount_of(asked: dict[str, Any]) -> float:
    """The rate of --discount, zero if not said."""
    from spv_sim.analysis.solve.target import parse_value

    rate = asked["discount"]
    return 0.0 if rate is None else parse_value(rate, f"--discount {rate}")
