"""Fills the README with what the program prints: summary and pictures of a run, commands, rooms, limits."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PICTURES = ROOT / "docs" / "pictures"
SHOWN = ("02-cash-flow", "04-returns", "05-lender-loss", "06-collateral")
SCENARIO = "scenarios/vci-h100.toml"
SCHEMA = ROOT / "scenarios" / "scenario.schema.json"
ROOMS = (
    ("scenario", "read"),
    ("closing", "close"),
    ("kernel", "simulate"),
    ("market", "simulate"),
    ("spv", "simulate"),
    ("engine", "simulate"),
    ("results", "estimate"),
    ("analysis", "estimate"),
    ("store", "write"),
    ("report", "write"),
    ("bench", ""),
    ("cli", ""),
)


def spv_sim(*arguments: str) -> str:
    """Standard output of a command, run from the project's folder."""
    command = [sys.executable, "-m", "spv_sim", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def summary(folder: Path) -> str:
    """What a run of the main scenario prints, but for where it is and how long it took."""
    printed = spv_sim("run", SCENARIO, "-o", str(folder))
    kept = [line for line in printed.rstrip().splitlines() if not line.startswith("Saved")]
    return "\n".join(["```text", *kept, "```"])


def check(folder: Path) -> str:
    """The checks against published terms, as the run prints them."""
    import json

    spv_sim("run", "scenarios/vci-h100-published.toml", "-o", str(folder), "--no-report", "--paths", "1000")
    checks = json.loads((folder / "run.json").read_text())["checks"]
    rows = ["| published term | model | published | tolerance |", "|---|---|---|---|"]
    for entry in checks:
        if entry["name"].startswith("published."):
            name = entry["name"].removeprefix("published.").replace("_", " ")
            numbers = (f"{entry[key]:.4g}" for key in ("value", "expected", "tolerance"))
            rows.append(f"| {name} | {' | '.join(numbers)} |")
    return "\n".join(rows)


def commands() -> str:
    """The commands and what each is for."""
    from spv_sim.cli.main import COMMANDS

    rows = [f"| `spv-sim {name}` | {text} |" for name, (_, text) in COMMANDS.items()]
    return "\n".join(["| command | does |", "|---|---|", *rows])


def scenarios() -> str:
    """The scenario files and what each is for, as they say it themselves."""
    from spv_sim.scenario.read import read

    rows = []
    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        deal = read(path).scenario.deal
        rows.append(f"| `{path.name}` | {deal.name} | {deal.description} |")
    return "\n".join(["| file | deal | what it is |", "|---|---|---|", *rows])


def rooms() -> str:
    """The rooms of the package, by the verb that they serve."""
    rows = []
    for room, verb in ROOMS:
        said = ast.get_docstring(ast.parse((ROOT / "spv_sim" / room / "__init__.py").read_text()))
        rows.append(f"| {verb} | `{room}/` | {said} |")
    return "\n".join(["| verb | room | what it is for |", "|---|---|---|", *rows])


def limits() -> str:
    """What the model leaves out, as the report says it."""
    from spv_sim.report.limits import LIMITS

    return "\n".join(f"- **{name}.** {text}" for name, text in LIMITS)


def filled(text: str, parts: dict[str, str]) -> str:
    """The text with each part between its two marks."""
    for name, part in parts.items():
        block = f"<!-- {name}: made by docs/refresh.py -->\n{part}\n<!-- end -->"
        pattern = rf"<!-- {name}: made by docs/refresh\.py -->\n.*?<!-- end -->"
        text, found = re.subn(pattern, lambda _, block=block: block, text, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"README.md has {found} places for {name}")
    return text


def made(folder: Path) -> dict[str, str]:
    """Every part that the program prints."""
    return {
        "summary": summary(folder / "base"),
        "published": check(folder / "published"),
        "commands": commands(),
        "scenarios": scenarios(),
        "rooms": rooms(),
        "limits": limits(),
    }


def main() -> None:
    """Refresh the README, its pictures and the schema beside the scenarios."""
    SCHEMA.write_text(spv_sim("schema"))
    with tempfile.TemporaryDirectory() as scratch:
        parts = made(Path(scratch))
        README.write_text(filled(README.read_text(), parts))
        PICTURES.mkdir(exist_ok=True)
        for name in SHOWN:
            shutil.copy(Path(scratch) / "base" / "charts" / f"{name}.svg", PICTURES / f"{name}.svg")


if __name__ == "__main__":
    main()
