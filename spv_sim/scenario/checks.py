"""What no single setting can show: rules between settings, as placed problems and as warnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from spv_sim.scenario.locate import Path
from spv_sim.scenario.merge import ALTERNATIVES
from spv_sim.scenario.table import Table

MAY_BE_SILENT = ("credit", "capital", "gpu_price")
"""Tables that need none of their alternatives: there are defaults, or other rooms to say it in."""

T = TypeVar("T", bound=Table)


@dataclass(frozen=True)
class Breach:
    """A rule that is broken at a setting; `code` None is a warning."""

    path: Path
    message: str
    code: str | None = "rule"
    help: str | None = None
    key: bool = False


@dataclass(frozen=True)
class Tables:
    """The tables that are sound by themselves."""

    tables: dict[str, Table | None]

    def take(self, name: str, kind: type[T]) -> T | None:
        """A table, or None where it is absent or faulty."""
        table = self.tables.get(name)
        return table if isinstance(table, kind) else None

    def lacks(self, name: str) -> bool:
        """Whether a table is absent, and not merely faulty."""
        return name in self.tables and self.tables[name] is None


def _is_indexed(table: str, held: dict[str, Any]) -> bool:
    """Whether the rent may lack a fixed part; the rules of the index say whether it does."""
    return table == "lease" and "index" in held


def check_alternatives(document: dict[str, Any]) -> Iterator[Breach]:
    """Exactly one of several ways to say one thing."""
    for table, members in ALTERNATIVES.items():
        held = document.get(table)
        if not isinstance(held, dict):
            continue
        said = [member for member in members if member in held]
        names = ", ".join(members)
        if len(said) > 1:
            message = f"{table}.{said[1]} and {table}.{said[0]} exclude each other; keep one of {names}"
            yield Breach((table, said[1]), message, "exactly-one", key=True)
        elif not said and table not in MAY_BE_SILENT and not _is_indexed(table, held):
            yield Breach((table, next(iter(members))), f"{table} needs one of {names}", "missing-key")
    lease = document.get("lease")
    if isinstance(lease, dict) and "implicit_residual" in lease and "implicit_rate" not in lease:
        yield Breach(
            ("lease", "implicit_residual"),
            "lease.implicit_residual has a meaning only with lease.implicit_rate",
            key=True,
        )
