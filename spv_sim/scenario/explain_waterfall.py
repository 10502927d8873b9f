"""The usual priority of payments, spelled as a scenario file would."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from spv_sim.scenario.accounts import Accounts, Maintenance
from spv_sim.scenario.capital import Tranche
from spv_sim.scenario.waterfall import PLAIN, Step, usual_steps, usual_steps_in_default

EXAMPLE = ("senior", "mezzanine")


def write_steps(name: str, steps: Sequence[Step]) -> Iterator[str]:
    """Lines of a list of steps, with what differs from the defaults."""
    for step in steps:
        yield f"[[waterfall.{name}]]"
        for key, value in step.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True).items():
            yield f"{key} = {json.dumps(value)}"
        yield ""


def usual_order(tranches: Mapping[str, Tranche] | None = None, accounts: Accounts = PLAIN) -> str:
    """The usual steps of a deal; without one, of an example with two tranches and every reserve."""
    if tranches is None:
        tranches = {
            name: Tranche(
                rank=rank,
                coupon="10 %",  # type: ignore[arg-type]
                tenor="5 years",  # type: ignore[arg-type]
                amortisation="level",
                dsra_kind="letter_of_credit" if rank == 1 else "cash",
            )
            for rank, name in enumerate(EXAMPLE, 1)
        }
        accounts = Accounts(
            working_capital="3 months",  # type: ignore[arg-type]
            maintenance=Maintenance(target="400 USD"),  # type: ignore[arg-type]
        )
    lines = [
        f"# The usual order, here for the tranches {' and '.join(tranches)}.",
        "# The steps of working_capital and maintenance are there only with these settings of accounts,",
        '# the letter of credit only with dsra_kind = "letter_of_credit".',
        "",
        *write_steps("step", usual_steps(tranches, accounts)),
        *write_steps("step_in_default", usual_steps_in_default(tranches, accounts)),
    ]
    return "\n".join(lines).rstrip()
