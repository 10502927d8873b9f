"""Rules of the accounts: a reserve says what it holds or what it is given."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.accounts import Accounts
from spv_sim.scenario.checks import Breach, Tables


def check_accounts(tables: Tables) -> Iterator[Breach]:
    """The reserve for maintenance has a target, a contribution, or both."""
    accounts = tables.take("accounts", Accounts)
    upkeep = accounts.maintenance if accounts else None
    if upkeep is not None and upkeep.target is None and upkeep.contribution is None:
        message = "accounts.maintenance needs a target, a contribution, or both"
        at = ("accounts", "maintenance")
        yield Breach(at, message, "missing-key", help='add `target = "400 USD"`, for each unit')
