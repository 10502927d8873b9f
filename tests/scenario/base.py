"""A sound scenario to spoil one line at a time."""

from __future__ import annotations

from pathlib import Path

from spv_sim.errors import Problem, UserError
from spv_sim.scenario.read import Loaded, read_text
from spv_sim.scenario.starter import STARTER

ROOT = Path(__file__).parents[2]
EXAMPLES = [*sorted((ROOT / "scenarios").glob("*.toml")), ROOT / "spv_sim" / "scenario" / "starter.toml"]


def spoil(old: str, new: str, text: str = STARTER) -> str:
    """The text with one piece replaced, which must be there once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def faults(text: str) -> tuple[Problem, ...]:
    """The problems of a text."""
    try:
        read_text(text, "deal.toml")
    except UserError as fault:
        return fault.problems
    return ()


def sound(text: str) -> Loaded:
    """A text that reads without fault."""
    return read_text(text, "deal.toml")


def place_of(text: str, piece: str) -> tuple[int, int]:
    """Line and column of a piece that stands once, counted from 1."""
    assert text.count(piece) == 1, f"{piece!r} stands {text.count(piece)} times"
    before = text[: text.index(piece)]
    return before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
