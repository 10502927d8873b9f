"""Rules of the accounts: a reserve says what it holds or what it is given."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.accounts import Accounts
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.lease import Lease
from spv_sim.scenario.opex import Opex


def check_accounts(tables: Tables) -> Iterator[Breach]:
    """The reserve for maintenance has a target, a contribution, or both; that for costs has costs ahead."""
    accounts, opex = tables.take("accounts", Accounts), tables.take("opex", Opex)
    lease = tables.take("lease", Lease)
    if accounts and accounts.working_capital:
        yield from _check_costs(opex, lease)
    upkeep = accounts.maintenance if accounts else None
    if upkeep is not None and upkeep.target is None and upkeep.contribution is None:
        message = "accounts.maintenance needs a target, a contribution, or both"
        at = ("accounts", "maintenance")
        yield Breach(at, message, "missing-key", help='add `target = "400 USD"`, for each unit')


def _check_costs(opex: Opex | None, lease: Lease | None) -> Iterator[Breach]:
    at = ("accounts", "working_capital")
    if opex and not opex.per_month:
        yield Breach(at, "accounts.working_capital has nothing to hold: opex.per_month is 0", key=True)
    elif lease and lease.triple_net:
        message = "accounts.working_capital has nothing to hold: the lessee bears all costs, lease.triple_net"
        yield Breach(at, message, key=True)
