"""Rules of names: results are called by them, so that no two things may share one."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.capital import Capital
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.names import RESERVED


def check_tranche_names(tables: Tables) -> Iterator[Breach]:
    """No tranche is called like another stakeholder, whatever the letters' case, or by nothing."""
    capital = tables.take("capital", Capital)
    for name in capital.tranche if capital else ():
        at = ("capital", "tranche", name)
        if name.strip().lower() in RESERVED:
            message = f"capital.tranche.{name}: results already use the name {name.strip().lower()}"
            help = f"choose another name, such as senior; taken: {', '.join(sorted(RESERVED))}"
            yield Breach(at, message, "reserved-name", help=help, key=True)
        elif not name.strip():
            yield Breach(at, "capital.tranche: a tranche needs a name", "reserved-name", key=True)
