"""Rules of names: results are called by them, so that no two things may share one."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.capital import Capital
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.names import FOR_CLASSES, RESERVED


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


def check_class_names(tables: Tables) -> Iterator[Breach]:
    """No class of equity is called like a tranche or another stakeholder; the vendor's may be `vendor`."""
    capital = tables.take("capital", Capital)
    if capital is None:
        return
    tranches = {name.strip().lower() for name in capital.tranche}
    for name, held in capital.equity.items():
        at, plain = ("capital", "equity", name), name.strip().lower()
        if not plain:
            yield Breach(at, "capital.equity: a class needs a name", "reserved-name", key=True)
        elif plain in tranches:
            message = f"capital.equity.{name}: a tranche has the name already"
            yield Breach(at, message, "reserved-name", help="choose another name", key=True)
        elif plain in RESERVED - FOR_CLASSES:
            message = f"capital.equity.{name}: results already use the name {plain}"
            help = f"choose another name, such as sponsor; taken: {', '.join(sorted(RESERVED - FOR_CLASSES))}"
            yield Breach(at, message, "reserved-name", help=help, key=True)
        elif plain == "vendor" and not held.vendor:
            message = f"capital.equity.{name}: the vendor's class says vendor = true"
            yield Breach(at, message, "reserved-name", help="add it, or choose another name", key=True)
